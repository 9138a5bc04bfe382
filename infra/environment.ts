/** The settings of `shared/settings.ts`, as the stacks know them. No value is a secret. */
import { Token } from 'aws-cdk-lib'
import type { TableId } from '../shared/tables.ts'
import type { KeyId, StageConfig } from './config.ts'
import type { Data } from './data.ts'
import { mailAccents } from './mail-accents.ts'

const keySettings: Readonly<Record<KeyId, string>> = {
  'code-derive': 'KEY_CODE_DERIVE',
  code: 'KEY_CODE',
  'code-cover': 'KEY_CODE_COVER',
  link: 'KEY_LINK',
  credential: 'KEY_CREDENTIAL',
  pseudonym: 'KEY_PSEUDONYM',
  checkpoint: 'KEY_CHECKPOINT',
}

function tableSettings(data: Data): Record<string, string> {
  return Object.fromEntries(
    Object.entries(data.tables).map(([id, table]) => [
      `TABLE_${(id as TableId).toUpperCase()}`,
      table.tableName,
    ]),
  )
}

/** Ids, not ARNs: a value sealed in one Region names a multi-Region key that its replica answers to. */
function keyIds(data: Data): Record<string, string> {
  return Object.fromEntries(
    Object.entries(data.keys).map(([id, versions]) => [keySettings[id as KeyId], versions.at(-1)?.id ?? '']),
  )
}

/** Lambda takes 4,096 bytes, of the JSON that the variables make; a little is left for what is only known at deployment. */
const environmentMaxBytes = 4000
/** More than any name of a table or bucket, or id of a key. */
const resolvedAtDeployment = 'x'.repeat(80)

/** @throws Error that names what is largest: the deployment would fail with less to go by */
function checkSize(environment: Readonly<Record<string, string>>): void {
  const known = Object.entries(environment).map(
    ([name, value]) => [name, Token.isUnresolved(value) ? resolvedAtDeployment : value] as const,
  )
  const bytes = Buffer.byteLength(JSON.stringify(Object.fromEntries(known)))
  if (bytes <= environmentMaxBytes) return
  const [largest = ''] = known.toSorted((one, other) => other[1].length - one[1].length)[0] ?? []
  throw new Error(
    `The settings of a function would take ${bytes} bytes of environment, and Lambda has room for ${environmentMaxBytes}. The largest is ${largest}: leave out SMS countries, senders or templates that you do not use.`,
  )
}

/**
 * Environment of every function: one set, because each reads its settings whole at its start.
 * @param own settings of one function beside them
 * @throws Error when Lambda has no room for it
 */
export function settingsEnvironment(
  data: Data,
  config: StageConfig,
  own: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const environment = { ...settingsOf(data, config), ...own }
  checkSize(environment)
  return environment
}

/** Countries whose sender is the same under one key, as `shared/settings.ts` reads them. */
function together(senders: StageConfig['sms']['senders']): Record<string, unknown> {
  const alike = Map.groupBy(Object.entries(senders), ([, sender]) => JSON.stringify(sender))
  return Object.fromEntries(
    [...alike].map(([sender, countries]) => [
      countries.map(([country]) => country).join(),
      JSON.parse(sender) as unknown,
    ]),
  )
}

function emailSettings(config: StageConfig): Record<string, string> {
  const { configurationSet, replyTo, logo } = config.email ?? {}
  const accents = mailAccents(config)
  return {
    ...(configurationSet !== undefined && { EMAIL_CONFIGURATION_SET: configurationSet }),
    ...(replyTo !== undefined && { EMAIL_REPLY_TO: replyTo }),
    ...(logo !== undefined && { EMAIL_LOGO: logo }),
    ...(accents.length > 0 && { EMAIL_ACCENT: accents.join(',') }),
  }
}

function settingsOf(data: Data, config: StageConfig): Record<string, string> {
  return {
    ...tableSettings(data),
    ...keyIds(data),
    LEDGER_BUCKET: data.ledgerBucket.name,
    LEDGER_RETENTION_DAYS: String(config.disposable ? 0 : config.ledgerRetentionDays),
    ORIGIN: config.origin,
    PRODUCT: config.product,
    EMAIL_FROM: config.emailFrom,
    ...emailSettings(config),
    SMS_COUNTRIES: config.sms.countries.join(','),
    SMS_SENDERS: JSON.stringify(together(config.sms.senders)),
    SMS_DAILY_CAPS: JSON.stringify(config.sms.dailyCaps),
    SMS_UNVERIFIED_FLOORS: JSON.stringify(config.sms.unverifiedFloors),
    CONFIRM_BY_SMS: config.confirmBySms,
    CONSENT: config.consent,
    CONSENTS: config.consents.join(','),
    DEFAULT_LOCALE: config.locale,
    SESSION_HOURS: String(config.sessionHours),
    ...(config.sessionIdleHours !== undefined && { SESSION_IDLE_HOURS: String(config.sessionIdleHours) }),
    ADDRESS_BUDGETS: JSON.stringify(config.addressBudgets),
    LOGIN_FLOOR_MS: String(config.loginFloorMs),
    ALLOWED_ORIGINS: config.allowedOrigins.join(','),
    ...(config.witness?.bucket && { WITNESS_BUCKET: config.witness.bucket }),
    ...(config.witness?.email && { WITNESS_EMAIL: config.witness.email }),
    ...(config.senders?.sms && { SENDER_SMS: config.senders.sms }),
    ...(config.senders?.email && { SENDER_EMAIL: config.senders.email }),
    ...(config.events && { EVENT_BUS: config.events.bus }),
    ...config.target.endpoints,
  }
}
