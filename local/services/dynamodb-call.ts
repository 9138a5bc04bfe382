/** What a call to DynamoDB is about, read from its target and body. The engine judges the body, not this. */
import { type TableId, tables } from '#shared/tables.ts'
import type { ItemUse } from '../../infra/judge.ts'
import { attributesIn } from './expression-names.ts'
import type { WireCall } from './wire.ts'

export interface DynamoCall extends WireCall {
  /** Items that it writes if it is carried out: their logical tables, and whether they are deleted. */
  readonly writes: readonly { readonly table: string; readonly removal: boolean }[]
  /** What IAM is asked, one by one, before it is carried out. */
  readonly uses: readonly ItemUse[]
}

type WireItem = Readonly<Record<string, Readonly<Record<string, string>>>>

/** What the operations and the items of a transaction have in common. */
interface Operation {
  readonly TableName?: string
  readonly Key?: WireItem
  readonly Item?: WireItem
  readonly KeyConditionExpression?: string
  readonly ConditionExpression?: string
  readonly UpdateExpression?: string
  readonly FilterExpression?: string
  readonly ProjectionExpression?: string
  /** The older way to say the same as the expressions. */
  readonly AttributeUpdates?: object
  readonly Expected?: object
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>
  readonly ExpressionAttributeValues?: WireItem
  readonly ReturnValues?: string
  readonly ReturnValuesOnConditionCheckFailure?: string
}

interface Input extends Operation {
  readonly TransactItems?: readonly Readonly<Record<string, Operation>>[]
  readonly RequestItems?: Readonly<Record<string, unknown>>
}

/** Each item of a transaction is judged by the action that does the same outside of one. */
const ofTransaction: Readonly<Record<string, string>> = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
  Get: 'GetItem',
}
const removals = new Set(['DeleteItem'])
const changes = new Set(['PutItem', 'UpdateItem', 'BatchWriteItem'])

/** @param logicalNames table name to logical table; others stand for themselves. */
export function readDynamoCall(
  operation: string,
  body: Buffer,
  logicalNames: ReadonlyMap<string, string>,
): DynamoCall {
  const uses = usesOf(operation, body, (name) => logicalNames.get(name) ?? name)
  return {
    operation,
    ...(uses.length > 0 && { table: [...new Set(uses.map(({ table }) => table))].join('+') }),
    writes: uses
      .filter(({ action }) => removals.has(action) || changes.has(action))
      .map(({ table, action }) => ({ table, removal: removals.has(action) })),
    uses,
  }
}

/** What is done to which items; nothing that a body tells which is no call, and which the engine refuses. */
function usesOf(operation: string, body: Buffer, tableOf: (name: string) => string): ItemUse[] {
  try {
    return usesIn(operation, JSON.parse(body.toString()) as Input, tableOf)
  } catch {
    return []
  }
}

/** In order of appearance. */
function usesIn(operation: string, input: Input, tableOf: (name: string) => string): ItemUse[] {
  const inTransaction = (input.TransactItems ?? []).flatMap((item) =>
    Object.entries(item).map(([kind, each]) => useOf(ofTransaction[kind] ?? kind, each, tableOf)),
  )
  const inBatch = Object.entries(input.RequestItems ?? {}).map(([name, each]) =>
    batchUse(operation, tableOf(name), each),
  )
  return [useOf(operation, input, tableOf), ...inTransaction, ...inBatch].filter((use) => use !== undefined)
}

const partitionKeyOf = (table: string): string => tables[table as TableId]?.partitionKey ?? ''

function useOf(action: string, operation: Operation, tableOf: (name: string) => string): ItemUse | undefined {
  if (typeof operation.TableName !== 'string') return undefined
  const table = tableOf(operation.TableName)
  const key = keyOf(operation, partitionKeyOf(table))
  return {
    table,
    action,
    keys: key === undefined ? [] : [key],
    attributes: () => attributesOf(operation),
    returnsItem: [operation.ReturnValues, operation.ReturnValuesOnConditionCheckFailure].some((what) =>
      what?.startsWith('ALL'),
    ),
  }
}

/** The partition key that an operation names; a scan names none. */
function keyOf(operation: Operation, name: string): string | undefined {
  const written = operation.Key?.[name] ?? operation.Item?.[name]
  if (written) return Object.values(written)[0]
  const value = /^\s*#?\w+\s*=\s*(:\w+)/.exec(operation.KeyConditionExpression ?? '')?.[1]
  const queried = value && operation.ExpressionAttributeValues?.[value]
  return queried ? Object.values(queried)[0] : undefined
}

function attributesOf(operation: Operation): Set<string> {
  const { KeyConditionExpression, ConditionExpression, UpdateExpression, FilterExpression } = operation
  const texts = [
    KeyConditionExpression,
    ConditionExpression,
    UpdateExpression,
    FilterExpression,
    operation.ProjectionExpression,
  ]
  return new Set([
    ...attributesIn(texts.filter(Boolean).join(' , '), operation.ExpressionAttributeNames),
    ...Object.keys(operation.Key ?? operation.Item ?? {}),
    ...Object.keys({ ...operation.AttributeUpdates, ...operation.Expected }),
  ])
}

/** A batch is one question a table, about all its keys. */
function batchUse(action: string, table: string, request: unknown): ItemUse {
  const name = partitionKeyOf(table)
  const { Keys = [] } = request as { Keys?: readonly WireItem[] }
  return {
    table,
    action,
    keys: Keys.flatMap((key) => Object.values(key[name] ?? {}).slice(0, 1)),
    attributes: () => new Set(Keys.flatMap((key) => Object.keys(key))),
    returnsItem: true,
  }
}
