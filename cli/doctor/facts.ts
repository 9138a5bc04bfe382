/** What the doctor looks at. Each reader asks one service; what it cannot learn it throws, and that is a finding too. */
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import { GetIdentityVerificationAttributesCommand, GetSendQuotaCommand, SESClient } from '@aws-sdk/client-ses'
import { GetSMSAttributesCommand, GetSMSSandboxAccountStatusCommand, SNSClient } from '@aws-sdk/client-sns'
import { clientOptions } from '#shared/aws/client.ts'
import { missingRegistrations } from '#shared/contract/sms-registrations.ts'
import { missingTemplates } from '#shared/messages/missing-templates.ts'
import { type Settings, settings } from '#shared/settings.ts'
import { readPointer } from '#shared/stores/checkpoints.ts'
import { tableName } from '#shared/stores/database.ts'
import { type Table, type TableId, tables } from '#shared/tables.ts'
import { endpoint, sendSigned } from '../aws.ts'
import { listDeadLetters } from '../dead-letters.ts'
import type { CountryFact, EmailFact, KeyFact, SmsFact, TableFact } from './findings.ts'
import { pausesOf } from './pauses.ts'

async function tableFact(id: TableId): Promise<TableFact> {
  const client = new DynamoDBClient(clientOptions)
  try {
    const { Table: found } = await client.send(new DescribeTableCommand({ TableName: tableName(id) }))
    const { stream }: Table = tables[id]
    return {
      name: tableName(id),
      status: found?.TableStatus ?? 'unknown',
      streams: stream === undefined || found?.StreamSpecification?.StreamEnabled === true,
    }
  } finally {
    client.destroy()
  }
}

export const readTables = (): Promise<TableFact[]> =>
  Promise.all((Object.keys(tables) as TableId[]).map(tableFact))

const keySettings = [
  ...(['KEY_CREDENTIAL', 'KEY_CODE', 'KEY_CODE_DERIVE', 'KEY_CODE_COVER', 'KEY_LINK'] as const),
  ...(['KEY_PSEUDONYM', 'KEY_CHECKPOINT'] as const),
] satisfies readonly (keyof Settings)[]

export async function readKeyStates(): Promise<KeyFact[]> {
  const client = new KMSClient(clientOptions)
  try {
    return await Promise.all(
      keySettings.map(async (setting) => {
        const keyId = settings()[setting]
        const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: keyId }))
        return { setting, keyId, state: KeyMetadata?.KeyState ?? 'unknown' }
      }),
    )
  } finally {
    client.destroy()
  }
}

/** Whether SES and SNS carry messages of this stage: what a team's own sender goes by is theirs to watch. The witness is mailed by SES in any case. */
export function carriers(): { readonly ses: boolean; readonly sns: boolean } {
  const { SENDER_EMAIL, SENDER_SMS, WITNESS_EMAIL } = settings()
  return { ses: SENDER_EMAIL === undefined || WITNESS_EMAIL !== undefined, sns: SENDER_SMS === undefined }
}

/** The address and its domain: SES judges by whichever is verified. */
export async function readEmail(): Promise<EmailFact> {
  const client = new SESClient(clientOptions)
  const from = /<([^<>]*)>\s*$/.exec(settings().EMAIL_FROM)?.[1] ?? settings().EMAIL_FROM.trim()
  const identities = [from, from.slice(from.lastIndexOf('@') + 1)]
  try {
    const [quota, { VerificationAttributes = {} }] = await Promise.all([
      client.send(new GetSendQuotaCommand({})),
      client.send(new GetIdentityVerificationAttributesCommand({ Identities: identities })),
    ])
    return {
      from,
      verified: identities.some((name) => VerificationAttributes[name]?.VerificationStatus === 'Success'),
      perDay: quota.Max24HourSend ?? 0,
      sentToday: quota.SentLast24Hours ?? 0,
    }
  } finally {
    client.destroy()
  }
}

/** What SMS cost this month, as CloudWatch knows it; undefined where nothing was sent lately. */
async function readSpentUsd(now: number): Promise<number | undefined> {
  const url = await endpoint('monitoring')
  const metric = { MetricName: 'SMSMonthToDateSpentUSD', Namespace: 'AWS/SNS', Period: '3600' }
  const span = {
    StartTime: new Date(now - 6 * 3_600_000).toISOString(),
    EndTime: new Date(now).toISOString(),
  }
  const asked = { Action: 'GetMetricStatistics', Version: '2010-08-01', 'Statistics.member.1': 'Maximum' }
  url.search = Object.entries({ ...asked, ...metric, ...span })
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&')
  const { status, text } = await sendSigned({ method: 'GET', service: 'monitoring', url })
  if (status >= 300)
    throw new Error(`CloudWatch answered ${status}: ${/<Message>([^<]*)/.exec(text)?.[1] ?? ''}`)
  const values = [...text.matchAll(/<Maximum>([^<]+)<\/Maximum>/g)].map(([, value]) => Number(value))
  return values.length === 0 ? undefined : Math.max(...values)
}

/** @param now epoch ms */
export async function readSms(now: number, isLocal: boolean): Promise<SmsFact> {
  const client = new SNSClient(clientOptions)
  try {
    const [sandbox, { attributes = {} }] = await Promise.all([
      client.send(new GetSMSSandboxAccountStatusCommand({})),
      client.send(new GetSMSAttributesCommand({ attributes: ['MonthlySpendLimit'] })),
    ])
    const spentUsd = isLocal ? undefined : await readSpentUsd(now)
    return {
      sandbox: sandbox.IsInSandbox === true,
      monthlyUsd: Number(attributes['MonthlySpendLimit'] ?? 1),
      ...(spentUsd !== undefined && { spentUsd }),
    }
  } finally {
    client.destroy()
  }
}

/** @returns when the newest checkpoint was made (epoch ms), or undefined */
export const readCheckpointTime = async (): Promise<number | undefined> => (await readPointer())?.at

/** @returns how many each worker gave up */
export async function readDeadLetters(isLocal: boolean): Promise<Record<string, number>> {
  const letters = await listDeadLetters(isLocal)
  const byWorker = Object.groupBy(letters, ({ worker }) => worker)
  return Object.fromEntries(Object.entries(byWorker).map(([worker, own = []]) => [worker, own.length]))
}

/** @param now epoch ms */
export async function readCountries(now: number): Promise<CountryFact[]> {
  const { SMS_COUNTRIES: countries, SMS_SENDERS: senders } = settings()
  // With a sender of the team's own, what a country wants registered is theirs to know.
  const { sns: bySns } = carriers()
  return Promise.all(
    countries.map(async (country) => ({
      country,
      missing: bySns ? missingRegistrations(country, senders[country]) : [],
      texts: missingTemplates({ countries: bySns ? [country] : [], senders }).map(
        ({ language, text }) => `${language} ${text}`,
      ),
      ...(await pausesOf(country, now)),
    })),
  )
}
