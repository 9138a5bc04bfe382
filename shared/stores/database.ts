/** DynamoDB, as all stores use it: expressions in, verdicts out. Outages are thrown, refused conditions are values. */
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb'
import {
  BatchGetCommand,
  DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import { policy } from '../policy.ts'
import { type Settings, settings } from '../settings.ts'
import type { TableId } from '../tables.ts'
import { Unavailable } from './unavailable.ts'

export type Item = Record<string, unknown>
export type Key = Record<string, string | number>
type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number]

/** One write of a transaction. Made by {@link put}, {@link update}, {@link remove} and {@link check}. */
export type Write = TransactItem

export interface Expression {
  readonly condition?: string
  /** Values by their name without the colon. */
  readonly values?: Readonly<Record<string, unknown>>
}

const conflictAttempts = 6
const conflictBaseMs = 15
const conflictCapMs = 200

const client = new DynamoDBClient({
  maxAttempts: policy.callAttempts,
  requestHandler: {
    connectionTimeout: policy.callTimeoutMs,
    requestTimeout: policy.callTimeoutMs,
    throwOnRequestTimeout: true,
  },
})
export const document = DynamoDBDocumentClient.from(client, {
  marshallOptions: { removeUndefinedValues: true },
})

/** @returns the deployed name of a table. */
export function tableName(table: TableId): string {
  return settings()[`TABLE_${table.toUpperCase()}` as keyof Settings] as string
}

/** Names for each `#attribute` and values for each `:value` that the expressions use. */
function expressionOf(texts: readonly (string | undefined)[], values: Expression['values']) {
  const text = texts.join(' ')
  const names = [...text.matchAll(/#([A-Za-z0-9_]+)/g)].map(([token, name]) => [token, name])
  return {
    ...(names.length > 0 && { ExpressionAttributeNames: Object.fromEntries(names) }),
    ...(values && {
      ExpressionAttributeValues: Object.fromEntries(
        Object.entries(values).map(([name, value]) => [`:${name}`, value]),
      ),
    }),
  }
}

const conditional = (expression: Expression) => ({
  ...(expression.condition && { ConditionExpression: expression.condition }),
  ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
})

/** Writes a whole item. */
export function put(table: TableId, item: Item, expression: Expression = {}): Write {
  return {
    Put: {
      TableName: tableName(table),
      Item: item,
      ...conditional(expression),
      ...expressionOf([expression.condition], expression.values),
    },
  }
}

/** Changes an item; `change` is an update expression, whose right-hand sides read the item as it was. */
export function update(table: TableId, key: Key, change: string, expression: Expression = {}): Write {
  return {
    Update: {
      TableName: tableName(table),
      Key: key,
      UpdateExpression: change,
      ...conditional(expression),
      ...expressionOf([change, expression.condition], expression.values),
    },
  }
}

/** Deletes an item. */
export function remove(table: TableId, key: Key, expression: Expression = {}): Write {
  return {
    Delete: {
      TableName: tableName(table),
      Key: key,
      ...conditional(expression),
      ...expressionOf([expression.condition], expression.values),
    },
  }
}

/** Holds the transaction to a condition on an item that it does not write. */
export function check(
  table: TableId,
  key: Key,
  expression: Expression & { readonly condition: string },
): Write {
  return {
    ConditionCheck: {
      TableName: tableName(table),
      Key: key,
      ConditionExpression: expression.condition,
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      ...expressionOf([expression.condition], expression.values),
    },
  }
}

/** What became of a transaction: all of it, or nothing and which conditions were refused. */
export type Verdict =
  | { readonly committed: true }
  | {
      readonly committed: false
      /** Whether the write at this index was refused; of several, DynamoDB need not name all. */
      readonly refused: (index: number) => boolean
      /** The item that a refused write met. */
      readonly met: (index: number) => Item | undefined
    }

/** Waits before the next attempt at something another transaction held; full jitter. */
function conflictPause(attempt: number): Promise<void> {
  return sleep(Math.random() * Math.min(conflictCapMs, conflictBaseMs * 2 ** attempt))
}

const transient = new Set(['None', 'TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'])

function verdictOf(error: TransactionCanceledException): Verdict | 'conflict' {
  const reasons = error.CancellationReasons ?? []
  const refused = (index: number) => reasons[index]?.Code === 'ConditionalCheckFailed'
  if (reasons.some((_, index) => refused(index))) {
    const met = (index: number) => {
      const item = reasons[index]?.Item
      return refused(index) && item ? unmarshall(item) : undefined
    }
    return { committed: false, refused, met }
  }
  if (reasons.length > 0 && reasons.every((reason) => transient.has(reason.Code ?? 'None'))) return 'conflict'
  throw error
}

/**
 * Commits all writes or none. The request token is fresh for each call, so that no one can make a transaction
 * look done by choosing an id, and the same over the SDK's retries and ours (G7).
 * @throws Unavailable when DynamoDB does not answer or the items stay contended.
 */
export async function transact(writes: readonly Write[]): Promise<Verdict> {
  const command = new TransactWriteCommand({
    TransactItems: [...writes],
    ClientRequestToken: randomBytes(16).toString('hex'),
  })
  for (let attempt = 0; attempt < conflictAttempts; attempt += 1) {
    try {
      await document.send(command)
      return { committed: true }
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw outage('TransactWriteItems', error)
      const verdict = verdictOf(error)
      if (verdict !== 'conflict') return verdict
      await conflictPause(attempt)
    }
  }
  throw new Unavailable('The items of a transaction stayed contended')
}

export type Updated =
  | { readonly done: true; readonly item: Item }
  | { readonly done: false; readonly met: Item | undefined }

/**
 * One conditional update outside a transaction.
 * @returns the item after it, or the item that refused it.
 * @throws Unavailable
 */
export async function updateOne(
  table: TableId,
  key: Key,
  change: string,
  expression: Expression = {},
): Promise<Updated> {
  const command = new UpdateCommand({
    TableName: tableName(table),
    Key: key,
    UpdateExpression: change,
    ReturnValues: 'ALL_NEW',
    ...conditional(expression),
    ...expressionOf([change, expression.condition], expression.values),
  })
  for (let attempt = 0; attempt < conflictAttempts; attempt += 1) {
    try {
      const result = await document.send(command)
      return { done: true, item: result.Attributes ?? {} }
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException)
        return { done: false, met: error.Item && unmarshall(error.Item) }
      if (!(error instanceof TransactionConflictException)) throw outage('UpdateItem', error)
      await conflictPause(attempt)
    }
  }
  throw new Unavailable('An item stayed contended')
}

/** Strongly consistent read of one item. @throws Unavailable */
export async function get(table: TableId, key: Key): Promise<Item | undefined> {
  const input = { TableName: tableName(table), Key: key, ConsistentRead: true }
  const result = await document.send(new GetCommand(input)).catch((error) => {
    throw outage('GetItem', error)
  })
  return result.Item
}

/**
 * Strongly consistent reads of a few items in one call, in the order asked for.
 * @throws Unavailable also when DynamoDB answers with a part of them only
 */
export async function getSeveral(
  reads: readonly { readonly table: TableId; readonly key: Key }[],
): Promise<(Item | undefined)[]> {
  const requests: Record<string, { Keys: Key[]; ConsistentRead: true }> = {}
  for (const { table, key } of reads) {
    const name = tableName(table)
    requests[name] ??= { Keys: [], ConsistentRead: true }
    requests[name].Keys.push(key)
  }
  const result = await document.send(new BatchGetCommand({ RequestItems: requests })).catch((error) => {
    throw outage('BatchGetItem', error)
  })
  if (Object.keys(result.UnprocessedKeys ?? {}).length > 0)
    throw new Unavailable('BatchGetItem was throttled')
  return reads.map(({ table, key }) =>
    result.Responses?.[tableName(table)]?.find((item) =>
      Object.entries(key).every(([name, value]) => item[name] === value),
    ),
  )
}

export interface Page {
  readonly items: Item[]
  readonly next?: Key
}

/** Strongly consistent query of one partition, a page at a time. @throws Unavailable */
export async function query(
  table: TableId,
  condition: string,
  values: Readonly<Record<string, unknown>>,
  page: { readonly limit?: number; readonly from?: Key | undefined; readonly descending?: boolean } = {},
): Promise<Page> {
  const command = new QueryCommand({
    TableName: tableName(table),
    KeyConditionExpression: condition,
    ConsistentRead: true,
    ScanIndexForward: page.descending !== true,
    ...(page.limit && { Limit: page.limit }),
    ...(page.from && { ExclusiveStartKey: page.from }),
    ...expressionOf([condition], values),
  })
  const result = await document.send(command).catch((error) => {
    throw outage('Query', error)
  })
  return { items: result.Items ?? [], ...(result.LastEvaluatedKey && { next: result.LastEvaluatedKey }) }
}

/** Consistent scan, a page at a time: for the command line and the sweeper, never for a step. @throws Unavailable */
export async function scan(table: TableId, from?: Key): Promise<Page> {
  const command = new ScanCommand({
    TableName: tableName(table),
    ConsistentRead: true,
    ...(from && { ExclusiveStartKey: from }),
  })
  const result = await document.send(command).catch((error) => {
    throw outage('Scan', error)
  })
  return { items: result.Items ?? [], ...(result.LastEvaluatedKey && { next: result.LastEvaluatedKey }) }
}

/** A ValidationException is a defect of ours and stays what it is; all else is an outage. */
function outage(operation: string, error: unknown): unknown {
  if (error instanceof Error && error.name === 'ValidationException') return error
  return new Unavailable(`DynamoDB ${operation} failed`, error)
}
