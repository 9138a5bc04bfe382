/** What the deployer decides, read once from an environment: a function without a value it needs fails at its start, by name. */
import * as z from 'zod/mini'
import { singleTemplateRefusal } from './contract/sms-registrations.ts'
import { type AddressBudget, addressBudgetNames, budgetRefusal, isBudget } from './domain/address-budgets.ts'
import { canBeMet, isAgreementName } from './domain/consent.ts'
import { confirmBySms } from './domain/identity.ts'
import { needs } from './domain/needs.ts'
import { perEnvironment } from './per-environment.ts'
import { policy } from './policy.ts'

const name = z.string().check(z.minLength(1))
/** @returns what stands between commas, without the spaces that people write behind them */
export const namesIn = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')

const list = z.pipe(z.string(), z.transform(namesIn))
const json = <T extends z.ZodMiniType>(schema: T) =>
  z.pipe(
    z.pipe(
      z.string(),
      z.transform((text, ctx) => {
        try {
          return JSON.parse(text) as unknown
        } catch {
          ctx.issues.push({ code: 'custom', message: 'is not JSON', input: text })
          return z.NEVER
        }
      }),
    ),
    schema,
  )

const between = ({ least, most }: { readonly least: number; readonly most: number }) =>
  z.coerce.number().check(z.minimum(least), z.maximum(most))

const smsSender = z.strictObject({
  senderId: z.optional(name),
  entityId: z.optional(name),
  templates: z.optional(z.record(z.string(), z.record(z.string(), name))),
  templateId: z.optional(z.never(singleTemplateRefusal)),
})

/** Countries with one and the same sender stand together: an environment has room for 4 KB. */
const byCountry = <T>(senders: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(
    Object.entries(senders).flatMap(([countries, sender]) =>
      countries.split(',').map((country) => [country, sender] as const),
    ),
  )

const settingsShape = z.object({
  TABLE_IDENTITIES: name,
  TABLE_CHALLENGES: name,
  TABLE_SESSIONS: name,
  TABLE_OUTBOX: name,
  TABLE_NOTICES: name,
  TABLE_LEDGER: name,
  TABLE_SEAL: name,
  /** Bucket of the checkpoints, under Object Lock. */
  LEDGER_BUCKET: name,
  /** How long Object Lock keeps each checkpoint from everyone; nobody can shorten it afterwards. 0: no lock, in a stage that is thrown away. */
  LEDGER_RETENTION_DAYS: z.coerce.number().check(z.int(), z.minimum(0), z.maximum(36_500)),
  /** Outside parties that are handed each checkpoint: a bucket in another account, an address. */
  WITNESS_BUCKET: z.optional(name),
  WITNESS_EMAIL: z.optional(name),
  /** Event bus that each entry is published on: its name, or its ARN. Only `publish` reads it, and is deployed only with it. */
  EVENT_BUS: z.optional(name),
  /**
   * KMS HMAC_256 keys: makes codes (deliver only); proves codes and reset tokens; covers codes, so that a table alone tells
   * none; proves the links of 'it was not me'; seals PINs and passwords; names unknown subjects.
   */
  KEY_CODE_DERIVE: name,
  KEY_CODE: name,
  KEY_CODE_COVER: name,
  KEY_LINK: name,
  KEY_CREDENTIAL: name,
  KEY_PSEUDONYM: name,
  /** KMS ECC_NIST_P256 key that signs checkpoints. */
  KEY_CHECKPOINT: name,
  /** Origin of the pages, `https://accounts.example.com`; its host ends every SMS (WebOTP). */
  ORIGIN: z.url(),
  /** Product name in messages. */
  PRODUCT: z._default(name, 'Latchkey'),
  EMAIL_FROM: name,
  /** Configuration set of SES that mails are sent under. */
  EMAIL_CONFIGURATION_SET: z.optional(name),
  /** Where replies go; to EMAIL_FROM without it. */
  EMAIL_REPLY_TO: z.optional(name),
  /** Address of a picture above each mail, in place of the product's name. */
  EMAIL_LOGO: z.optional(z.url({ protocol: /^https$/ })),
  /** Colour of bar and button of mails, for light and, after a comma, for dark where that is another. Synth checks their contrast. */
  EMAIL_ACCENT: z._default(z.string().check(z.regex(/^#[0-9a-f]{6}(,#[0-9a-f]{6})?$/i)), '#1d4ed8,#93c5fd'),
  /** Folder of the team's texts, in place of ours. Of the functions that send alone. */
  TEXTS: z.optional(name),
  /** Lambdas of the team's that take messages in place of SNS and SES: names or ARNs. */
  SENDER_SMS: z.optional(name),
  SENDER_EMAIL: z.optional(name),
  /** ISO 3166 alpha-2. */
  SMS_COUNTRIES: z._default(list, [...policy.smsCountries]),
  /** Per country, or several as `EG,SA`: SenderId, and for India the entity id and an id for each text, by language and text. */
  SMS_SENDERS: z._default(z.pipe(json(z.record(z.string(), smsSender)), z.transform(byCountry)), {}),
  /** Per country, messages a day; `default` for those not named. */
  SMS_DAILY_CAPS: z._default(json(z.record(z.string(), z.number())), {}),
  /** Per country, recovery codes a day that may stay unverified before they pause; `default` for those not named. */
  SMS_UNVERIFIED_FLOORS: z._default(json(z.record(z.string(), z.number())), {}),
  /** Whether a change that was made by a code from the mailbox is told by SMS too; `withoutEmail`: SMS only to who has no email. */
  CONFIRM_BY_SMS: z._default(z.enum(confirmBySms), 'always'),
  /** `document` or `document@version` that opens the PIN gate; empty: any. */
  CONSENT: z._default(z.string(), ''),
  /** `document@version` of each agreement that a person may accept, the newest of a document last; none: any. */
  CONSENTS: z._default(
    list.check(
      z.refine((names) => names.every(isAgreementName), { error: 'must be a list of document@version' }),
    ),
    [],
  ),
  DEFAULT_LOCALE: z._default(name, 'en'),
  /** Have I Been Pwned range API. */
  HIBP_URL: z._default(z.url(), 'https://api.pwnedpasswords.com'),
  /** Longer only where this machine is what makes the breach check wait, as under tests. */
  HIBP_TIMEOUT_MS: z._default(z.coerce.number(), policy.breachCheckTimeoutMs),
  /** How long a session lives, however much it is used. */
  SESSION_HOURS: z._default(between(policy.sessionHours), policy.sessionLifeSeconds / 3600),
  /** How long it lives without use; not set: as long as it lives. */
  SESSION_IDLE_HOURS: z.optional(between(policy.sessionIdleHours)),
  /** What one address may do in an hour, by what is counted; what is not named: as agreed. */
  ADDRESS_BUDGETS: z._default(
    json(
      z.strictObject(
        Object.fromEntries(
          addressBudgetNames.map((name) => [
            name,
            z.optional(z.number().check(z.refine(isBudget, { error: budgetRefusal }))),
          ]),
        ) as Record<AddressBudget, z.ZodMiniOptional<z.ZodMiniNumber>>,
        { error: `may name ${addressBudgetNames.join(', ')}, and nothing else` },
      ),
    ),
    {},
  ),
  LOGIN_FLOOR_MS: z._default(z.coerce.number().check(z.minimum(0)), policy.loginFloorMs),
  /** What the routes of a team's own API need, by `METHOD /path`; `*`: all others. Of the authorizer alone. */
  AUTHORIZE_NEEDS: z._default(json(z.record(z.string(), z.array(z.enum(needs)))), {}),
  ALLOWED_ORIGINS: z._default(list, []),
  /** Where the API is, the person's address and their mailbox's bucket. Of the canary alone, which is deployed only with them. */
  CANARY_URL: z.optional(z.url()),
  CANARY_EMAIL: z.optional(name),
  CANARY_BUCKET: z.optional(name),
})
const settingsSchema = settingsShape.check(
  z.refine(({ CONSENT, CONSENTS }) => canBeMet(CONSENT, CONSENTS), {
    path: ['CONSENT'],
    error: 'can be met by no agreement',
  }),
)

export type Settings = z.output<typeof settingsSchema>

/**
 * Reads the settings from an environment.
 * @throws Error that names each missing or wrong variable, never a value.
 */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const result = settingsSchema.safeParse(environment)
  if (result.success) return result.data
  const problems = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  throw new Error(`These environment variables are missing or wrong: ${problems.join('; ')}`)
}

const read = perEnvironment<{ settings?: Settings }>(() => ({}))

/** The settings of this process: the same object until its environment changes. @throws Error as {@link readSettings} */
export function settings(): Settings {
  const cached = read()
  cached.settings ??= readSettings(process.env)
  return cached.settings
}
