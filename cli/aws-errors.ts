/** What AWS's own errors come to, in a sentence that says whom and which Region they speak of, and what to do. */
import { callerArn, credentials, region } from './aws.ts'

/** From the outermost in: what a store throws has what AWS answered as its cause. */
function* causesOf(error: unknown): Generator<Error> {
  for (let each = error; each instanceof Error; each = each.cause) {
    yield each
    if (each instanceof AggregateError) yield* each.errors.filter((inner) => inner instanceof Error)
  }
}

interface About {
  /** In words, with the sentence's verb to come. */
  readonly principal: string
  readonly region: string
}

interface Kind {
  readonly is: (error: Error) => boolean
  readonly says: (error: Error, about: About) => string
  /** The credentials are no good, so nobody can be asked whose they are. */
  readonly unknown?: true
  /** It may be over in a while. */
  readonly passes?: true
}

const named = (...names: string[]) => {
  const known = new Set(names)
  return (error: Error) => known.has(error.name) || known.has(String((error as NodeJS.ErrnoException).code))
}

const renew = 'With a profile (AWS_PROFILE) that names the role, latchkey asks for new ones by itself.'

const kinds: readonly Kind[] = [
  {
    is: (error) =>
      error.name === 'CredentialsProviderError' || /^Could not load credentials/.test(error.message),
    says: (error, about) =>
      `There are no AWS credentials (${firstLine(error)}), so nothing was asked in ${about.region}. Sign in ("aws sso login"), or name a profile in AWS_PROFILE.`,
    unknown: true,
  },
  {
    is: (error) => /^Region is missing/.test(error.message),
    says: () => 'No Region is set. Name the one of the stage in AWS_REGION, or in the profile.',
    unknown: true,
  },
  {
    is: named(
      'ExpiredToken',
      'ExpiredTokenException',
      'RequestExpired',
      'TokenRefreshRequired',
      'ExpiredTokenError',
    ),
    says: (_, { principal, region: where }) =>
      `The credentials of ${principal} have expired (Region ${where}): a role lasts an hour. Take it on again, and run this again. ${renew}`,
    unknown: true,
  },
  {
    is: named(
      'UnrecognizedClientException',
      'InvalidClientTokenId',
      'InvalidAccessKeyId',
      'InvalidSignatureException',
      'SignatureDoesNotMatch',
    ),
    says: (_, { principal, region: where }) =>
      `AWS does not know the credentials of ${principal} in ${where}: they are mistyped, deleted, of another partition, or this machine's clock is wrong.`,
    unknown: true,
  },
  {
    is: named('AccessDeniedException', 'AccessDenied', 'NotAuthorized', 'AuthorizationError', 'Forbidden'),
    says: (error, { principal, region: where }) =>
      `${principal} may not do this in ${where}: ${firstLine(error)} Which role a command takes is in its --help.`,
  },
  {
    is: named(
      'ResourceNotFoundException',
      'NotFoundException',
      'NoSuchBucket',
      'PermanentRedirect',
      'QueueDoesNotExist',
    ),
    says: (error, { principal, region: where }) =>
      `${where} has nothing by that name for ${principal} (${firstLine(error)}). The Region or the settings are of another stage: compare AWS_REGION with the file behind --env.`,
  },
  {
    is: named(
      'ENOTFOUND',
      'EAI_AGAIN',
      'ECONNREFUSED',
      'ECONNRESET',
      'ENETUNREACH',
      'EHOSTUNREACH',
      'ETIMEDOUT',
      'TimeoutError',
      'UND_ERR_CONNECT_TIMEOUT',
    ),
    says: (error, { region: where }) =>
      `AWS could not be reached in ${where} (${firstLine(error)}): no network, a proxy in between, or a Region that there is none of.`,
    unknown: true,
    passes: true,
  },
  {
    is: named(
      'ThrottlingException',
      'ProvisionedThroughputExceededException',
      'RequestLimitExceeded',
      'TooManyRequestsException',
      'SlowDown',
    ),
    says: (_, { principal, region: where }) =>
      `AWS asks ${principal} to go slower in ${where}. Run this again in a minute.`,
    passes: true,
  },
]

const firstLine = (error: Error) => {
  const [line = ''] = error.message.split('\n')
  const text = line.trim() || error.name
  return /[.!?]$/.test(text) ? text : `${text}.`
}

async function principalOf(unknown: boolean): Promise<string> {
  const { AWS_PROFILE } = process.env
  const profile = AWS_PROFILE ? ` (profile ${AWS_PROFILE})` : ''
  const arn = unknown ? undefined : await callerArn().catch(() => undefined)
  if (arn !== undefined) return `${arn}${profile}`
  const key = await credentials().then(
    ({ accessKeyId }) => accessKeyId,
    () => undefined,
  )
  return key === undefined ? `nobody${profile}` : `access key ${key}${profile}`
}

/** Whether AWS did not answer, or asked to go slower: asked again in a while it may do what it was asked. */
export const isPassing = (error: unknown): boolean =>
  kinds.some(({ is, passes = false }) => passes && [...causesOf(error)].some(is))

/** @returns the sentence, or undefined where the error is none of AWS's. */
export async function awsSentence(error: unknown): Promise<string | undefined> {
  const causes = [...causesOf(error)]
  for (const { is, says, unknown = false } of kinds) {
    const cause = causes.find(is)
    if (cause === undefined) continue
    const where = await region().catch(() => 'no Region')
    return says(cause, { principal: await principalOf(unknown), region: where })
  }
  return undefined
}
