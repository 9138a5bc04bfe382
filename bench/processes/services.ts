/** The emulated services and the DynamoDB engine, in a process of their own; also what the bench reads and writes beside the functions. */
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type AttributeValue,
  BatchWriteItemCommand,
  DynamoDBClient,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { startClock } from '#local/clock.ts'
import { applyEnvironment, clientEnvironment } from '#local/environment.ts'
import { type Services, startServices } from '#local/services/index.ts'
import { nativeScheme } from '#shared/crypto/scheme.ts'
import type { OutboxRow } from '#shared/events.ts'
import { policy } from '#shared/policy.ts'
import { type TableId, tables } from '#shared/tables.ts'
import { answerWith } from './ask.ts'
import { itemBytes } from './item-size.ts'

export type WireItem = Record<string, AttributeValue>

const codeWaitMs = 10_000
const codePollMs = 3

const clock = startClock()
let running: { services: Services; client: DynamoDBClient; environment: Record<string, string> } | undefined

function parts() {
  if (running === undefined) throw new Error('Not started')
  return running
}

const tableOf = (name: string) => parts().environment[`TABLE_${name}`] ?? ''

async function start(settings: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  const services = await startServices({ settings })
  const environment = clientEnvironment(services.environment)
  applyEnvironment(environment)
  running = { services, client: new DynamoDBClient(), environment }
  const identities = await import('#shared/stores/identities.ts')
  await identities.putDecoy()
  return environment
}

async function itemsOf(table: string): Promise<WireItem[]> {
  const items: WireItem[] = []
  let from: WireItem | undefined
  do {
    const page = await parts().client.send(
      new ScanCommand({ TableName: tableOf(table), ConsistentRead: true, ExclusiveStartKey: from }),
    )
    items.push(...(page.Items ?? []))
    from = page.LastEvaluatedKey
  } while (from !== undefined)
  return items
}

/** Bytes of the largest item of each table, for an item is billed by the kilobyte. */
async function largestItems(): Promise<Partial<Record<TableId, number>>> {
  const sizes = (Object.keys(tables) as TableId[]).map(async (id) => {
    const items = await itemsOf(id.toUpperCase())
    return [id, Math.max(0, ...items.map(itemBytes))] as const
  })
  return Object.fromEntries(await Promise.all(sizes))
}

/** Rows of the outbox and the notices as streams would carry them, oldest first. */
async function outbox(): Promise<WireItem[]> {
  const rows = [...(await itemsOf('OUTBOX')), ...(await itemsOf('NOTICES'))]
  return rows.sort((a, b) => Number(a['createdAt']?.N) - Number(b['createdAt']?.N))
}

/** The newest code to an address, once there is one; a notice may come after it. */
async function code(to: string): Promise<string> {
  const { inbox } = parts().services
  for (let waited = 0; waited <= codeWaitMs; waited += codePollMs) {
    const digits = inbox
      .messages(to)
      .flatMap(({ text }) => /(?<![0-9])[0-9]{6}(?![0-9])/.exec(text)?.[0] ?? [])
      .at(-1)
    if (digits !== undefined) return digits
    await sleep(codePollMs)
  }
  throw new Error(`No code was sent to ${to}`)
}

/**
 * Gives a person a password of this service and the four before it, as five resets leave them: one salt, one key,
 * five MACs. The MACs are random, for nothing but their not being the new one's is ever looked at.
 */
async function ageIdentity(userId: string): Promise<void> {
  const salt = randomBytes(policy.argon2.saltBytes).toString('base64')
  const keyId = parts().environment['KEY_CREDENTIAL'] ?? ''
  const sealed = () => ({ scheme: nativeScheme(salt), keyId, mac: randomBytes(32).toString('base64') })
  const history = Array.from({ length: policy.passwordHistory - 1 }, sealed)
  await parts().client.send(
    new UpdateItemCommand({
      TableName: tableOf('IDENTITIES'),
      Key: marshall({ pk: `U#${userId}` }),
      UpdateExpression: 'SET #password = :password, #history = :history',
      ExpressionAttributeNames: { '#password': 'password', '#history': 'history' },
      ExpressionAttributeValues: marshall({ ':password': sealed(), ':history': history }),
    }),
  )
}

/** Most that one BatchWriteItem takes. */
const putsAtOnce = 25

/** @returns the rows as a stream would carry them, once they are stored */
async function putRows(rows: readonly OutboxRow[]): Promise<WireItem[]> {
  const items = rows.map((row) => marshall(row))
  for (let next = 0; next < items.length; next += putsAtOnce) {
    const puts = items.slice(next, next + putsAtOnce).map((Item) => ({ PutRequest: { Item } }))
    await parts().client.send(new BatchWriteItemCommand({ RequestItems: { [tableOf('OUTBOX')]: puts } }))
  }
  return items
}

answerWith({
  start,
  outbox,
  largestItems,
  putRows,
  code,
  ageIdentity,
  streamArns: () => parts().services.streamArns,
  advance: (seconds: number) => clock.advance(seconds),
})
