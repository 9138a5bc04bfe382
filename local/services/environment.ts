/** The environment a deployed function would have, for functions that run on this machine. */
import type { TableNames } from '#local/engine/create-tables.ts'
import { smsLanguages, smsTexts } from '#shared/messages/sms-forms.ts'
import { type TableId, tables } from '#shared/tables.ts'
import type { KeySpec, KeyStore } from './kms-keys.ts'
import { stopsArn } from './wafv2.ts'
import type { ServiceName } from './wire.ts'

export const region = 'us-east-1'
/** Nothing here checks them; the SDK insists on having some. */
export const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }

/** What each key setting names: alias and kind of the emulated key. */
const keySettings: Readonly<Record<string, readonly [alias: string, spec: KeySpec]>> = {
  KEY_CODE_DERIVE: ['alias/latchkey-code-derive', 'HMAC_256'],
  KEY_CODE: ['alias/latchkey-code', 'HMAC_256'],
  KEY_CODE_COVER: ['alias/latchkey-code-cover', 'HMAC_256'],
  KEY_LINK: ['alias/latchkey-link', 'HMAC_256'],
  KEY_CREDENTIAL: ['alias/latchkey-credential', 'HMAC_256'],
  KEY_PSEUDONYM: ['alias/latchkey-pseudonym', 'HMAC_256'],
  KEY_CHECKPOINT: ['alias/latchkey-checkpoint', 'ECC_NIST_P256'],
}

/** A made-up id of each text in each language: trials are sent every text there is, ones that are new too. */
const templates = Object.fromEntries(
  smsLanguages.map((language, place) => [
    language,
    Object.fromEntries(
      smsTexts.map((text, index) => [
        text,
        `11070000000000${String(place * 1000 + index + 1).padStart(5, '0')}`,
      ]),
    ),
  ]),
)

/** What a deployer sets, set for trials on one machine. */
const fixed = {
  LEDGER_BUCKET: 'latchkey-ledger',
  LEDGER_RETENTION_DAYS: '3653',
  EVENT_BUS: 'latchkey',
  CANARY_BUCKET: 'latchkey-canary',
  ORIGIN: 'http://localhost:3000',
  EMAIL_FROM: 'Latchkey <no-reply@latchkey.example>',
  // Trials ask for many codes, give few back and move the clock: what looks like toll fraud is none here.
  SMS_UNVERIFIED_FLOORS: JSON.stringify({ default: 1000 }),
  SMS_SENDERS: JSON.stringify({
    EG: { senderId: 'LATCHKEY' },
    IN: { senderId: 'LTCHKY', entityId: '1101000000000000001', templates },
  }),
}

/**
 * The settings of `shared/settings.ts`, with those given in place of the defaults.
 * Keys are named by id, as deployed: values stored under a key go on naming it after a rotation.
 */
export function settingsOf(
  keys: KeyStore,
  tableNames: Partial<TableNames> = {},
  given: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const keyIds = Object.entries(keySettings).map(([setting, [alias, spec]]) => {
    const key = keys.ofAlias(alias)[0] ?? keys.create(alias, spec)
    return [setting, key.id]
  })
  const tableSettings = tableIds().map((id) => [settingOf(id), tableNames[id] ?? `latchkey-${id}`])
  return { ...fixed, ...Object.fromEntries([...keyIds, ...tableSettings]), ...given }
}

export function tableNamesOf(settings: Readonly<Record<string, string>>): TableNames {
  const names = tableIds().map((id) => [id, settings[settingOf(id)]])
  return Object.fromEntries(names) as TableNames
}

/** What the AWS SDK and the breach check read to find the services. */
export function endpoints(urls: Readonly<Record<ServiceName, string>>): Record<string, string> {
  return {
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    // A profile or the metadata service of the machine must not speak in.
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL_DYNAMODB: urls.dynamodb,
    AWS_ENDPOINT_URL_DYNAMODB_STREAMS: urls.dynamodb,
    AWS_ENDPOINT_URL_KMS: urls.kms,
    AWS_ENDPOINT_URL_SES: urls.ses,
    AWS_ENDPOINT_URL_SNS: urls.sns,
    AWS_ENDPOINT_URL_S3: urls.s3,
    AWS_ENDPOINT_URL_EVENTBRIDGE: urls.events,
    AWS_ENDPOINT_URL_LAMBDA: urls.lambda,
    AWS_ENDPOINT_URL_WAFV2: urls.wafv2,
    STOPPED_FLOWS: stopsArn,
    HIBP_URL: urls.hibp,
  }
}

function tableIds(): TableId[] {
  return Object.keys(tables) as TableId[]
}

function settingOf(table: TableId): string {
  return `TABLE_${table.toUpperCase()}`
}
