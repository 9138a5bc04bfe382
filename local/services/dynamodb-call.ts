/** What a call to DynamoDB is about, read from its target and body. The engine judges the body, not this. */
import type { WireCall } from './wire.ts'

export interface DynamoCall extends WireCall {
  /** Items that it writes if it is carried out: their logical tables, and whether they are deleted. */
  readonly writes: readonly { readonly table: string; readonly removal: boolean }[]
}

interface Input {
  TableName?: string
  TransactItems?: readonly Readonly<Record<string, { TableName?: string }>>[]
  RequestItems?: Readonly<Record<string, unknown>>
}

const removals = new Set(['Delete', 'DeleteItem'])
const changes = new Set(['Put', 'Update', 'PutItem', 'UpdateItem', 'BatchWriteItem'])

/** @param logicalNames table name to logical table; others stand for themselves. */
export function readDynamoCall(
  operation: string,
  body: Buffer,
  logicalNames: ReadonlyMap<string, string>,
): DynamoCall {
  const touched = touchedBy(operation, body).map(([action, name]) => ({
    table: logicalNames.get(name) ?? name,
    removal: removals.has(action),
    isWrite: removals.has(action) || changes.has(action),
  }))
  return {
    operation,
    ...(touched.length > 0 && { table: [...new Set(touched.map(({ table }) => table))].join('+') }),
    writes: touched.filter(({ isWrite }) => isWrite),
  }
}

/** What is done to which table, in order of appearance. */
function touchedBy(operation: string, body: Buffer): (readonly [action: string, table: string])[] {
  try {
    const input = JSON.parse(body.toString()) as Input
    const inTransaction = (input.TransactItems ?? []).flatMap((item) =>
      Object.entries(item).map(([action, { TableName }]) => [action, TableName] as const),
    )
    const inBatch = Object.keys(input.RequestItems ?? {}).map((name) => [operation, name] as const)
    const all = [[operation, input.TableName] as const, ...inTransaction, ...inBatch]
    return all.filter((one): one is readonly [string, string] => typeof one[1] === 'string')
  } catch {
    return []
  }
}
