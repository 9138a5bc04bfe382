/** Tables as they are at a moment, and back to it: what point-in-time recovery does when deployed. */
import {
  type AttributeValue,
  BatchWriteItemCommand,
  DynamoDBClient,
  ScanCommand,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb'
import { type TableId, tables } from '#shared/tables.ts'

export type Environment = Readonly<Record<string, string>>
type Item = Record<string, AttributeValue>
export type Snapshot = ReadonlyMap<TableId, readonly Item[]>

const mostPerBatch = 25

const clientOf = (environment: Environment) =>
  new DynamoDBClient({
    region: environment['AWS_REGION'] ?? '',
    endpoint: environment['AWS_ENDPOINT_URL_DYNAMODB'] ?? '',
    credentials: { accessKeyId: 'administrator', secretAccessKey: 'local' },
  })

const nameOf = (environment: Environment, table: TableId) => environment[`TABLE_${table.toUpperCase()}`] ?? ''

async function itemsOf(client: DynamoDBClient, TableName: string): Promise<Item[]> {
  const items: Item[] = []
  let from: Item | undefined
  do {
    const page = await client.send(
      new ScanCommand({ TableName, ConsistentRead: true, ExclusiveStartKey: from }),
    )
    items.push(...(page.Items ?? []))
    from = page.LastEvaluatedKey
  } while (from !== undefined)
  return items
}

/** All items of some tables. */
export async function snapshotOf(environment: Environment, ids: readonly TableId[]): Promise<Snapshot> {
  const client = clientOf(environment)
  const snapshot = new Map<TableId, Item[]>()
  for (const id of ids) snapshot.set(id, await itemsOf(client, nameOf(environment, id)))
  client.destroy()
  return snapshot
}

function keyOf(id: TableId, item: Item): Item {
  const table: { readonly partitionKey: string; readonly sortKey?: string } = tables[id]
  const names = [table.partitionKey, ...(table.sortKey === undefined ? [] : [table.sortKey])]
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name)))
}

async function writeAll(client: DynamoDBClient, name: string, requests: WriteRequest[]): Promise<void> {
  let waiting = requests
  while (waiting.length > 0) {
    const batch = { [name]: waiting.slice(0, mostPerBatch) }
    const { UnprocessedItems } = await client.send(new BatchWriteItemCommand({ RequestItems: batch }))
    waiting = [...(UnprocessedItems?.[name] ?? []), ...waiting.slice(mostPerBatch)]
  }
}

/** Sets these tables back: what came since is gone, what went is there again. Nothing else may run. */
export async function setBack(environment: Environment, snapshot: Snapshot): Promise<void> {
  const client = clientOf(environment)
  for (const [id, items] of snapshot) {
    const name = nameOf(environment, id)
    const now = await itemsOf(client, name)
    await writeAll(
      client,
      name,
      now.map((item) => ({ DeleteRequest: { Key: keyOf(id, item) } })),
    )
    await writeAll(
      client,
      name,
      items.map((Item) => ({ PutRequest: { Item } })),
    )
  }
  client.destroy()
}
