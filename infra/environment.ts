/** The settings of `shared/settings.ts`, as the stacks know them. No value is a secret. */
import type { TableId } from '../shared/tables.ts'
import type { KeyId, StageConfig } from './config.ts'
import type { DataStack } from './data-stack.ts'

const keySettings: Readonly<Record<KeyId, string>> = {
  'code-derive': 'KEY_CODE_DERIVE',
  code: 'KEY_CODE',
  credential: 'KEY_CREDENTIAL',
  pseudonym: 'KEY_PSEUDONYM',
  checkpoint: 'KEY_CHECKPOINT',
}

function tableSettings(data: DataStack): Record<string, string> {
  return Object.fromEntries(
    Object.entries(data.tables).map(([id, table]) => [
      `TABLE_${(id as TableId).toUpperCase()}`,
      table.tableName,
    ]),
  )
}

/** Ids, not ARNs: a value sealed in one Region names a multi-Region key that its replica answers to. */
function keyIds(data: DataStack): Record<string, string> {
  return Object.fromEntries(
    Object.entries(data.keys).map(([id, versions]) => [
      keySettings[id as KeyId],
      versions.at(-1)?.keyId ?? '',
    ]),
  )
}

/** Environment of every function: one set, because each reads its settings whole at its start. */
export function settingsEnvironment(data: DataStack, config: StageConfig): Record<string, string> {
  return {
    ...tableSettings(data),
    ...keyIds(data),
    LEDGER_BUCKET: data.ledgerBucket.bucketName,
    LEDGER_RETENTION_DAYS: String(config.ledgerRetentionDays),
    ORIGIN: config.origin,
    PRODUCT: config.product,
    EMAIL_FROM: config.emailFrom,
    SMS_COUNTRIES: config.sms.countries.join(','),
    SMS_SENDERS: JSON.stringify(config.sms.senders),
    SMS_DAILY_CAPS: JSON.stringify(config.sms.dailyCaps),
    SMS_UNVERIFIED_FLOORS: JSON.stringify(config.sms.unverifiedFloors),
    CONSENT: config.consent,
    CONSENTS: config.consents.join(','),
    DEFAULT_LOCALE: config.locale,
    LOGIN_FLOOR_MS: String(config.loginFloorMs),
    ALLOWED_ORIGINS: config.allowedOrigins.join(','),
    ...(config.witness?.bucket && { WITNESS_BUCKET: config.witness.bucket }),
    ...(config.witness?.email && { WITNESS_EMAIL: config.witness.email }),
    ...config.target.endpoints,
  }
}
