/** Signatures (AWS Signature Version 4) of posts to `/`, which are all calls but S3's, with less work than the library's. */
import { createHmac, hash } from 'node:crypto'
import type { AwsCredentialIdentity, HttpRequest, RequestSigningArguments } from '@smithy/types'

export interface SignerSettings {
  readonly credentials: AwsCredentialIdentity | (() => Promise<AwsCredentialIdentity>)
  readonly region: string | (() => Promise<string>)
  readonly service: string
}

const algorithm = 'AWS4-HMAC-SHA256'
/** The newest key of each service: keys are of a day, and credentials last for hours. */
const keys = new Map<string, { readonly of: string; readonly key: Buffer }>()

function keyOf(secret: string, [date, region, service]: readonly [string, string, string]): Buffer {
  const of = `${date}/${region}/${secret}`
  const known = keys.get(service)
  if (known?.of === of) return known.key
  const key = [date, region, service, 'aws4_request'].reduce<Buffer>(
    (before, part) => createHmac('sha256', before).update(part).digest(),
    Buffer.from(`AWS4${secret}`),
  )
  keys.set(service, { of, key })
  return key
}

/** What AWS insists on; what lies between may change the others. */
const isSigned = (name: string) => name === 'host' || name === 'content-type' || name.startsWith('x-amz-')

/** Takes the place of the library's signer in the SDK's clients (`signerConstructor`). */
export class RequestSigner {
  readonly #settings: SignerSettings

  constructor(settings: SignerSettings) {
    this.#settings = settings
  }

  /** @throws Error for what is no post to `/` */
  async sign(request: HttpRequest, options: RequestSigningArguments = {}): Promise<HttpRequest> {
    const { method, path, query, body } = request
    if (method !== 'POST' || path !== '/' || Object.keys(query ?? {}).length > 0)
      throw new Error('Only posts to / are signed here')
    const credentials = await resolved(this.#settings.credentials)
    const region = options.signingRegion ?? (await resolved(this.#settings.region))
    const time = new Date(options.signingDate ?? Date.now()).toISOString().replaceAll(/[-:]|\.\d+/g, '')
    const { authorization: _old, 'x-amz-security-token': _oldToken, ...kept } = request.headers
    const headers: Record<string, string> = { ...kept, 'x-amz-date': time }
    if (credentials.sessionToken) headers['x-amz-security-token'] = credentials.sessionToken
    const place = [time.slice(0, 8), region, options.signingService ?? this.#settings.service] as const
    headers['authorization'] = authorization(headers, body ?? '', time, place, credentials)
    request.headers = headers
    return request
  }
}

function authorization(
  headers: Readonly<Record<string, string>>,
  body: string | Uint8Array,
  time: string,
  place: readonly [date: string, region: string, service: string],
  { accessKeyId, secretAccessKey }: AwsCredentialIdentity,
): string {
  const names = Object.keys(headers).filter(isSigned).sort()
  const lines = names.map((name) => `${name}:${headers[name]?.trim()}\n`)
  const signed = names.join(';')
  const canonical = `POST\n/\n\n${lines.join('')}\n${signed}\n${hash('sha256', body)}`
  const scope = `${place.join('/')}/aws4_request`
  const signature = createHmac('sha256', keyOf(secretAccessKey, place))
    .update(`${algorithm}\n${time}\n${scope}\n${hash('sha256', canonical)}`)
    .digest('hex')
  return `${algorithm} Credential=${accessKeyId}/${scope}, SignedHeaders=${signed}, Signature=${signature}`
}

const resolved = <T>(given: T | (() => Promise<T>)): T | Promise<T> =>
  typeof given === 'function' ? (given as () => Promise<T>)() : given
