/** DynamoDB, as all stores use it: expressions in, verdicts out. Outages are thrown, refused conditions are values. */
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  type KeysAndAttributes,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactionCanceledException,
  TransactionConflictException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb'
import { clientOptions, lean } from '../aws/client.ts'
import { Unavailable } from '../aws/unavailable.ts'
import { perEnvironment } from '../per-environment.ts'
import { type Settings, settings } from '../settings.ts'
import type { TableId } from '../tables.ts'
import type { Stored } from './stored.ts'
import { times, untilItHolds } from './until-it-holds.ts'
import { fromWire, type Item, toWire, type WireItem } from './wire-item.ts'

export type { Item } from './wire-item.ts'

export type Key = Record<string, string | number>

/** One write of a transaction. Made by {@link put}, {@link update}, {@link remove} and {@link check}. */
export type Write = TransactWriteItem

export interface Expression {
  readonly condition?: string
  /** Values by their name without the colon. */
  readonly values?: Readonly<Record<string, unknown>>
}

const conflictAttempts = 6
const conflictBaseMs = 15
const conflictCapMs = 200

const client = perEnvironment(() => lean(new DynamoDBClient(clientOptions)))

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
      ExpressionAttributeValues: toWire(
        Object.fromEntries(Object.entries(values).map(([name, value]) => [`:${name}`, value])),
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
      Item: toWire(item),
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
      Key: toWire(key),
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
      Key: toWire(key),
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
      Key: toWire(key),
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

/** @param attempt undefined where another transaction holds what it is about @throws Unavailable when one always does */
const throughConflicts = <Result>(what: string, attempt: () => Promise<Result | undefined>) =>
  untilItHolds(what, times(conflictAttempts), async (turn) => {
    const result = await attempt()
    if (result === undefined) await conflictPause(turn)
    return result
  })

const transient = new Set(['None', 'TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'])

function verdictOf(error: TransactionCanceledException): Verdict | 'conflict' {
  const reasons = error.CancellationReasons ?? []
  const refused = (index: number) => reasons[index]?.Code === 'ConditionalCheckFailed'
  if (reasons.some((_, index) => refused(index))) {
    const met = (index: number) => {
      const item = reasons[index]?.Item
      return refused(index) && item ? fromWire(item) : undefined
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
  const command = new TransactWriteItemsCommand({
    TransactItems: [...writes],
    ClientRequestToken: randomBytes(16).toString('hex'),
  })
  return throughConflicts('The items of a transaction', async () => {
    try {
      await client().send(command)
      return { committed: true }
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw outage('TransactWriteItems', error)
      const verdict = verdictOf(error)
      return verdict === 'conflict' ? undefined : verdict
    }
  })
}

export type Updated =
  | { readonly done: true; readonly item: Item }
  | { readonly done: false; readonly met: Item | undefined }

const updateInput = (table: TableId, key: Key, change: string, expression: Expression) => ({
  TableName: tableName(table),
  Key: toWire(key),
  UpdateExpression: change,
  ...(expression.condition && { ConditionExpression: expression.condition }),
  ...expressionOf([change, expression.condition], expression.values),
})

async function sendUpdate(input: UpdateItemCommandInput): Promise<Updated> {
  const command = new UpdateItemCommand(input)
  return throughConflicts('An item', async () => {
    try {
      const result = await client().send(command)
      return { done: true, item: fromWire(result.Attributes ?? {}) }
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException)
        return { done: false, met: error.Item && fromWire(error.Item) }
      if (!(error instanceof TransactionConflictException)) throw outage('UpdateItem', error)
      return undefined
    }
  })
}

/**
 * One conditional update outside a transaction.
 * @returns the item after it, or the item that refused it.
 * @throws Unavailable
 */
export const updateOne = (
  table: TableId,
  key: Key,
  change: string,
  expression: Expression = {},
): Promise<Updated> =>
  sendUpdate({
    ...updateInput(table, key, change, expression),
    ReturnValues: 'ALL_NEW',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  })

/**
 * The same for whoever may not read the item (`note` of infra/rights.ts): nothing of it comes back.
 * @returns whether its condition held
 * @throws Unavailable
 */
export async function noteOne(
  table: TableId,
  key: Key,
  change: string,
  expression: Expression = {},
): Promise<boolean> {
  return (await sendUpdate(updateInput(table, key, change, expression))).done
}

/** Writes a whole item outside a transaction, whatever was there. @throws Unavailable */
export async function putOne(table: TableId, item: Item): Promise<void> {
  const command = new PutItemCommand({ TableName: tableName(table), Item: toWire(item) })
  await client()
    .send(command)
    .catch((error) => {
      throw outage('PutItem', error)
    })
}

/**
 * Deletes an item outside a transaction.
 * @returns false when its condition was refused, or another write held it just then
 * @throws Unavailable
 */
export async function removeOne(table: TableId, key: Key, expression: Expression): Promise<boolean> {
  const { condition } = expression
  const command = new DeleteItemCommand({
    TableName: tableName(table),
    Key: toWire(key),
    ...(condition && { ConditionExpression: condition }),
    ...expressionOf([condition], expression.values),
  })
  try {
    await client().send(command)
    return true
  } catch (error) {
    const held =
      error instanceof ConditionalCheckFailedException || error instanceof TransactionConflictException
    if (held) return false
    throw outage('DeleteItem', error)
  }
}

/** What a table's writers put there: items are not judged again when they are read. */
const asStored = <T extends TableId>(item: Item) => item as unknown as Stored<T>

/** Strongly consistent read of one item. @throws Unavailable */
export async function get<T extends TableId>(table: T, key: Key): Promise<Stored<T> | undefined> {
  const input = { TableName: tableName(table), Key: toWire(key), ConsistentRead: true }
  const result = await client()
    .send(new GetItemCommand(input))
    .catch((error) => {
      throw outage('GetItem', error)
    })
  return result.Item && asStored<T>(fromWire(result.Item))
}

interface Read {
  readonly table: TableId
  readonly key: Key
}

/**
 * Strongly consistent reads of a few items in one call, in the order asked for. What DynamoDB hands back unread, for
 * want of capacity, is asked for again: the SDK takes such a reply for a success.
 * @throws Unavailable
 */
export async function getSeveral<const Reads extends readonly Read[]>(
  reads: Reads,
): Promise<{ -readonly [Place in keyof Reads]: Stored<Reads[Place]['table']> | undefined }> {
  const requests: Record<string, { Keys: WireItem[]; ConsistentRead: true }> = {}
  const found: Record<string, Item[]> = {}
  for (const { table, key } of reads) {
    const name = tableName(table)
    requests[name] ??= { Keys: [], ConsistentRead: true }
    requests[name].Keys.push(toWire(key))
  }
  let unread: Record<string, KeysAndAttributes> = requests
  for (let attempt = 0; Object.keys(unread).length > 0; attempt += 1) {
    if (attempt === conflictAttempts) throw new Unavailable('BatchGetItem stayed throttled')
    if (attempt > 0) await conflictPause(attempt)
    const result = await client()
      .send(new BatchGetItemCommand({ RequestItems: unread }))
      .catch((error) => {
        throw outage('BatchGetItem', error)
      })
    for (const [name, items] of Object.entries(result.Responses ?? {}))
      found[name] = [...(found[name] ?? []), ...items.map(fromWire)]
    unread = result.UnprocessedKeys ?? {}
  }
  const itemAt = ({ table, key }: Read) =>
    found[tableName(table)]?.find((item) =>
      Object.entries(key).every(([name, value]) => item[name] === value),
    )
  return reads.map(itemAt) as never
}

/** @template T the table */
export interface Page<T extends TableId> {
  readonly items: Stored<T>[]
  readonly next?: Key
}

interface WirePage {
  readonly Items?: WireItem[] | undefined
  readonly LastEvaluatedKey?: WireItem | undefined
}

const pageOf = <T extends TableId>({ Items = [], LastEvaluatedKey: last }: WirePage): Page<T> => ({
  items: Items.map((item) => asStored<T>(fromWire(item))),
  ...(last && { next: fromWire(last) as Key }),
})

/** Strongly consistent query of one partition, a page at a time. @throws Unavailable */
export async function query<T extends TableId>(
  table: T,
  condition: string,
  values: Readonly<Record<string, unknown>>,
  page: { readonly limit?: number; readonly from?: Key | undefined; readonly descending?: boolean } = {},
): Promise<Page<T>> {
  const command = new QueryCommand({
    TableName: tableName(table),
    KeyConditionExpression: condition,
    ConsistentRead: true,
    ScanIndexForward: page.descending !== true,
    ...(page.limit && { Limit: page.limit }),
    ...(page.from && { ExclusiveStartKey: toWire(page.from) }),
    ...expressionOf([condition], values),
  })
  const result = await client()
    .send(command)
    .catch((error) => {
      throw outage('Query', error)
    })
  return pageOf(result)
}

/** Consistent scan, a page at a time: for the command line and the sweeper, never for a step. @throws Unavailable */
export async function scan<T extends TableId>(table: T, from?: Key): Promise<Page<T>> {
  const command = new ScanCommand({
    TableName: tableName(table),
    ConsistentRead: true,
    ...(from && { ExclusiveStartKey: toWire(from) }),
  })
  const result = await client()
    .send(command)
    .catch((error) => {
      throw outage('Scan', error)
    })
  return pageOf(result)
}

/** A ValidationException is a defect of ours and stays what it is; all else is an outage. */
function outage(operation: string, error: unknown): unknown {
  if (error instanceof Error && error.name === 'ValidationException') return error
  return new Unavailable(`DynamoDB ${operation} failed`, error)
}
