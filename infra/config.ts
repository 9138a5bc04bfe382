/** What the deployer decides for a stage: read from cdk.json, checked before anything is built, every problem named at once. */
import * as z from 'zod'
import { isCountry } from '../shared/contract/phones.ts'
import { parseEmail } from '../shared/contract/schemas.ts'
import {
  missingRegistrations,
  type SmsTemplates,
  singleTemplateRefusal,
} from '../shared/contract/sms-registrations.ts'
import { canBeMet, isAgreementName } from '../shared/domain/consent.ts'
import { confirmBySms } from '../shared/domain/identity.ts'
import { isProduct, productRefusal } from '../shared/domain/product.ts'
import { returnAddress, returnRefusal } from '../shared/domain/return-to.ts'
import { smsLanguages, smsTexts } from '../shared/messages/sms-forms.ts'
import { policy } from '../shared/policy.ts'
import { isPageLink } from '../web/page-links.ts'
import { emailSettings, mailbox } from './email-settings.ts'
import { ceiling, room } from './room.ts'
import { aws, type Target } from './target.ts'
import { adminRoles, people } from './who.ts'

const name = z.string().min(1)
const whole = (min: number, max: number) => z.int().min(min).max(max)
const notACountry = ({ input }: { readonly input?: unknown }) =>
  `must be a country as ISO 3166 alpha-2, such as EG, and "${input}" is none`
const country = z.string().refine(isCountry, { error: notACountry, abort: true })
/** Numbers by country; `default` for those that are not named. */
const byCountry = z.record(
  z.string().refine((key) => key === 'default' || isCountry(key), { error: notACountry }),
  whole(1, 1_000_000),
)
const address = z
  .string()
  .refine((value) => parseEmail(value) !== undefined, 'must be an email address, such as oncall@your.domain')
const origin = z
  .string()
  .refine(
    (value) => URL.canParse(value) && new URL(value).origin === value && value.startsWith('https://'),
    'must be an https origin without a path, such as https://accounts.your.domain',
  )
/** Kept as browsers write it, so that what is judged by it is compared like with like. */
const returnEntry = z
  .string()
  .refine((value) => returnAddress(value) !== undefined, returnRefusal)
  .transform((value) => returnAddress(value) ?? value)

const sender = z.strictObject({
  senderId: z
    .string()
    .regex(/^(?=.*[A-Za-z])[A-Za-z0-9-]{3,11}$/, 'must be 3 to 11 letters, digits or hyphens with a letter')
    .optional(),
  entityId: name.optional(),
  templates: z.record(z.string(), z.record(z.string(), name)).optional(),
  templateId: z.never(singleTemplateRefusal).optional(),
})

/** Languages and texts that there are none of: an id under a name that is mistyped would be missed in silence. */
function unknownTemplates(templates: SmsTemplates): { readonly path: string[]; readonly message: string }[] {
  return Object.entries(templates).flatMap(([language, texts]) => {
    if (!smsLanguages.includes(language))
      return [{ path: [language], message: `has no texts. Languages: ${smsLanguages.join(', ')}` }]
    const unknown = Object.keys(texts).filter((text) => !(smsTexts as readonly string[]).includes(text))
    const message = `is no text that is sent by SMS. Texts: ${smsTexts.join(', ')}`
    return unknown.map((text) => ({ path: [language, text], message }))
  })
}

const sms = z
  .strictObject({
    countries: z.array(country).min(1, 'must name at least one country'),
    senders: z.record(country, sender),
    dailyCaps: byCountry,
    unverifiedFloors: byCountry,
    monthlySpendUsd: whole(1, 1_000_000),
  })
  .superRefine((value, context) => {
    const wrong = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message })
    for (const [each, { templates = {} }] of Object.entries(value.senders))
      for (const { path, message } of unknownTemplates(templates))
        wrong(['senders', each, 'templates', ...path], message)
    for (const setting of ['senders', 'dailyCaps', 'unverifiedFloors'] as const)
      for (const each of Object.keys(value[setting]))
        if (each !== 'default' && !value.countries.includes(each))
          wrong([setting, each], 'is not one of sms.countries')
  })

/** Versions of a key that still exist, oldest first; the last one makes new values. */
const versions = z
  .array(whole(1, 1000))
  .min(1, 'must name at least one version')
  .refine(
    (list) => list.every((version, index) => index === 0 || version > (list[index - 1] ?? 0)),
    'must rise',
  )

const logRetentionDays = [7, 14, 30, 60, 90, 180, 365, 731, 1096, 1827, 2557, 3653] as const

const domainPattern = /^([a-z0-9-]+\.)+[a-z][a-z0-9-]+$/
const hostedZone = z.strictObject({ id: name, name })
const certificateArn = (region: string) =>
  z
    .string()
    .regex(
      new RegExp(`^arn:aws[a-z-]*:acm:${region}:[0-9]{12}:certificate/.+$`),
      `must be the ARN of a certificate${region === anyRegion ? '' : ` in ${region}`}`,
    )
const anyRegion = '[a-z0-9-]+'
/** The Region where CloudFront looks for certificates and firewalls. */
export const cloudFrontRegion = 'us-east-1'

const pageLink = z.string().refine(isPageLink, 'must be an https or mailto address').optional()

/** The pages, where this app hosts them: at `origin`. */
const pages = z.strictObject({
  certificateArn: certificateArn(cloudFrontRegion),
  hostedZone: hostedZone.optional(),
  /** Folder with `theme.css`, `logo.svg` and perhaps more pictures (`web/theme.ts`), from the checkout. */
  theme: name.optional(),
  /** Where the agreement of `consent` can be read. */
  consentUrl: z.url({ protocol: /^https$/, error: 'must be an https address' }).optional(),
  /** Below each page: what stands on the team's own site. */
  links: z.strictObject({ privacy: pageLink, terms: pageLink, support: pageLink }).optional(),
  /** File that is served as `/.well-known/security.txt`, from the checkout. */
  securityTxt: name.optional(),
})

const busName = '[A-Za-z0-9_./-]{1,256}'
const bus = z
  .string()
  .regex(
    new RegExp(`^(arn:aws[a-z-]*:events:${anyRegion}:[0-9]{12}:event-bus/)?${busName}$`),
    'must be the name or the ARN of an event bus',
  )

/** A function of the team's in this account and Region by its name, or any by its ARN, with its alias or without. */
const functionName = z
  .string()
  .regex(
    new RegExp(
      `^(arn:aws[a-z-]*:lambda:${anyRegion}:[0-9]{12}:function:)?[A-Za-z0-9_-]{1,64}(:[A-Za-z0-9_$-]{1,128})?$`,
    ),
    'must be the name or the ARN of a Lambda function',
  )

const regionPattern = /^[a-z]{2}(-[a-z]+)+-[0-9]$/

const stage = z.strictObject({
  /** Pins the stage to one account and Region, so that it cannot be deployed elsewhere by mistake. */
  account: z
    .string()
    .regex(/^[0-9]{12}$/, 'must be 12 digits')
    .optional(),
  region: z.string().regex(regionPattern, 'must be a Region, such as eu-central-1').optional(),
  product: z.string().max(40).refine(isProduct, productRefusal),
  origin,
  allowedOrigins: z.array(origin),
  emailFrom: mailbox,
  email: emailSettings.optional(),
  sms,
  /** Whether a change that was made by a code from the mailbox is told by SMS too, whose parts carriers bill. */
  confirmBySms: z.enum(confirmBySms).default('always'),
  /** `document` or `document@version` that opens the PIN gate; empty: any. */
  consent: z.string(),
  /** Agreements that a person may accept, the newest of a document last; none: any. */
  consents: z
    .array(z.string().refine(isAgreementName, 'must be document@version, such as terms@3'))
    .default([]),
  locale: z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'must be a language tag, such as en or ar-EG'),
  /** How long a session lives, however much it is used. */
  sessionHours: z
    .number()
    .min(policy.sessionHours.least)
    .max(policy.sessionHours.most)
    .default(policy.sessionLifeSeconds / 3600),
  /** How long it lives without use; absent: as long as it lives. */
  sessionIdleHours: z
    .number()
    .min(policy.sessionIdleHours.least)
    .max(policy.sessionIdleHours.most)
    .optional(),
  /** Imported hashes that cost more than it allows are refused, or login would show who has one (G1). */
  loginFloorMs: whole(policy.loginFloorLeastMs, 5000),
  alarmEmail: address,
  /** Object Lock in COMPLIANCE mode: nobody can shorten it afterwards, nor delete a checkpoint before. */
  ledgerRetentionDays: whole(1, 36_500),
  logRetentionDays: z.literal(logRetentionDays),
  /** Needs a Lambda quota of 1,000 concurrent executions; new accounts have 10. */
  reserveConcurrency: z.boolean(),
  /** Whether this stack sets the role by which API Gateway writes logs: once per account and Region. */
  apiGatewayLogRole: z.boolean(),
  /** Ceiling of each table, so that a flood costs no more than this. */
  tableCeiling: ceiling,
  ...room,
  keyVersions: z.strictObject({
    'code-derive': versions,
    code: versions,
    // A stage of before has neither; its first deployment with them makes version 1.
    'code-cover': versions.default([1]),
    link: versions.default([1]),
    credential: versions,
    pseudonym: versions,
    checkpoint: versions,
  }),
  domain: z
    .strictObject({
      name: z
        .string()
        .regex(domainPattern, 'must be a host name alone, in lower case, such as api.your.domain'),
      certificateArn: certificateArn(anyRegion),
      hostedZone: hostedZone.optional(),
    })
    .optional(),
  pages: pages.optional(),
  /** Addresses that the pages may lead back to, the usual one first. */
  returnTo: z.array(returnEntry).default([]),
  /** A second Region that has the credential key, with its ids (`mrk-...`, one for each of `keyVersions.credential`). */
  credentialReplica: z
    .strictObject({
      region: z.string().regex(regionPattern, 'must be a Region, such as eu-west-1'),
      keyIds: z.array(z.string().regex(/^mrk-[0-9a-f]{32}$/, 'must be the id of a multi-Region key')),
    })
    .optional(),
  ...people,
  ...adminRoles,
  /** New versions of sign-in and resets take a part of the calls first, and go back by themselves where the API fails. */
  gradual: z.boolean().default(false),
  /** Can be destroyed whole, with all that people left in it: for trials and for each pull request. */
  disposable: z.boolean().default(false),
  /** Bus of EventBridge that each entry of the ledger is published on: its name, or its ARN where it is elsewhere. */
  events: z.strictObject({ bus }).optional(),
  /** Functions of the team's that messages are handed to in place of SNS and SES. */
  senders: z.strictObject({ sms: functionName.optional(), email: functionName.optional() }).optional(),
  /** Recovers a person of its own each quarter of an hour, by letters that SES receives for this domain. */
  canary: z
    .strictObject({
      domain: z.string().regex(domainPattern, 'must be a domain, such as canary.your.domain'),
      /** The active receipt rule set of SES, which an account has one of in a Region. */
      ruleSet: name,
      hostedZone: hostedZone.optional(),
    })
    .optional(),
  /** Folder with texts of the team's, in place of ours: `messages/en.json`, `pages/hi.json`. */
  texts: name.optional(),
  /** Outside parties that keep every checkpoint. */
  witness: z.strictObject({ bucket: name.optional(), email: address.optional() }).optional(),
})

const stageWithConsents = stage.refine(({ consent, consents }) => canBeMet(consent, consents), {
  path: ['consent'],
  error: 'must be document, document@version or empty, and one of consents where any are listed',
})

/** Of an origin that cannot be used, which is told by itself: undefined. */
const hostOf = (origin: string) => (URL.canParse(origin) ? new URL(origin).hostname : undefined)

/** Pages must know where the API is before it is deployed, and their own name before they are. */
const stageWithPages = stageWithConsents.superRefine(({ pages, domain, origin }, context) => {
  if (pages === undefined) return
  const wrong = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message })
  if (domain === undefined) wrong('domain', 'is missing: pages need an API with a name of its own')
  else if (hostOf(origin) === domain.name)
    wrong('origin', 'is the name of the API, and must be that of the pages')
})

/** Records of a name in another zone would be found by nobody. */
const stageWithZones = stageWithPages.superRefine(({ domain, pages, canary, origin }, context) => {
  const hosts = [
    ['domain', domain, domain?.name],
    ['pages', pages, hostOf(origin)],
    ['canary', canary, canary?.domain],
  ] as const
  for (const [setting, given, host] of hosts) {
    const zone = given?.hostedZone?.name.toLowerCase().replace(/\.$/, '')
    if (zone === undefined || host === undefined || `.${host}`.endsWith(`.${zone}`)) continue
    const message = `must be ${host} or a domain above it`
    context.addIssue({ code: 'custom', path: [setting, 'hostedZone', 'name'], message })
  }
})

/** SNS's carriers drop what is not registered; a sender of the team's is theirs to register. */
const stageWithSenders = stageWithZones.superRefine(
  ({ sms: { countries, senders }, senders: own }, context) => {
    if (own?.sms !== undefined) return
    for (const country of countries)
      for (const field of missingRegistrations(country, senders[country])) {
        // The sentence about what took the place of the field is enough.
        if (field === 'templates' && senders[country]?.templateId !== undefined) continue
        const path = ['sms', 'senders', country, field]
        const message = `is missing: messages to ${country} need one that is registered`
        context.addIssue({ code: 'custom', path, message })
      }
  },
)

/** A replica is made of keys that are there, and of this Region. */
const stageWithReplica = stageWithSenders.superRefine(
  ({ credentialReplica, region, keyVersions }, context) => {
    if (credentialReplica === undefined) return
    const wrong = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message })
    if (region === undefined) wrong(['region'], 'is missing: a replica names the Region of its key')
    else if (region === credentialReplica.region)
      wrong(['credentialReplica', 'region'], 'is the Region of the stage itself')
    if (credentialReplica.keyIds.length !== keyVersions.credential.length)
      wrong(['credentialReplica', 'keyIds'], 'must be as many as keyVersions.credential, in their order')
  },
)

/** Pages that this app hosts may call the API without being named twice. */
const originsOf = ({ pages, origin, allowedOrigins }: z.output<typeof stage>) =>
  pages ? [...new Set([origin, ...allowedOrigins])] : allowedOrigins

/** What a deployer writes of a stage: its block of cdk.json. */
export type StageSettings = z.input<typeof stage>
export type StageConfig = z.output<typeof stage> & {
  readonly stage: string
  readonly target: Target
}
export type KeyId = keyof StageConfig['keyVersions']

/** Domains kept for examples (RFC 2606), the account of AWS's own, made-up registrations: fine to look at, not to deploy. */
export function exampleValues(config: StageConfig): string[] {
  const example = /(^|[@./])example\.(com|org|net)(>|\/|$)|:111122223333:|"110[17]0{10,}\d+"/
  const senders = Object.entries(config.sms.senders).map(
    ([country, sender]) => [`sms.senders.${country}`, JSON.stringify(sender)] as const,
  )
  const values = {
    origin: config.origin,
    emailFrom: config.emailFrom,
    'email.replyTo': config.email?.replyTo ?? '',
    'email.logo': config.email?.logo ?? '',
    alarmEmail: config.alarmEmail,
    'domain.name': config.domain?.name ?? '',
    'domain.certificateArn': config.domain?.certificateArn ?? '',
    'pages.certificateArn': config.pages?.certificateArn ?? '',
    ...Object.fromEntries(
      Object.entries(config.pages?.links ?? {}).map(([link, address]) => [`pages.links.${link}`, address]),
    ),
    ...Object.fromEntries(config.returnTo.map((each, index) => [`returnTo.${index}`, new URL(each).origin])),
    ...Object.fromEntries(senders),
  }
  return Object.entries(values).flatMap(([key, value]) => (example.test(value) ? [key] : []))
}

/**
 * @param stages settings by the stage's name
 * @param id name of the stage, from `-c stage=NAME`
 * @param where the settings stand, for whoever reads the error
 * @throws Error that names the stage and each missing or wrong value
 */
export function readStage(stages: unknown, id: string, where = 'cdk.json (context, stages)'): StageConfig {
  const known = Object.keys((stages as Record<string, unknown> | undefined) ?? {})
  if (!known.includes(id))
    throw new Error(`There is no stage "${id}" in ${where}. Known: ${known.join(', ') || 'none'}`)
  if (!/^[a-z][a-z0-9-]{0,15}$/.test(id))
    throw new Error(
      `Stage "${id}" in ${where} needs another name: 1 to 16 of a-z, 0-9 and hyphen, beginning with a letter`,
    )
  const result = stageWithReplica.safeParse((stages as Record<string, unknown>)[id], {
    reportInput: true,
  })
  if (result.success)
    return { ...result.data, allowedOrigins: originsOf(result.data), stage: id, target: aws }
  const problems = result.error.issues.map(
    (issue) => `  ${issue.path.join('.') || '(stage)'}: ${problemOf(issue)}`,
  )
  throw new Error(`Stage "${id}" in ${where} cannot be used:\n${problems.join('\n')}`)
}

function problemOf(issue: z.core.$ZodIssue): string {
  if (issue.code.startsWith('invalid_') && issue.input === undefined) return 'is missing'
  const ofKey = issue.code === 'invalid_key' ? issue.issues[0] : undefined
  if (ofKey !== undefined) return problemOf(ofKey)
  if (issue.code === 'unrecognized_keys') return `does not know ${issue.keys.join(', ')}`
  return issue.message
}
