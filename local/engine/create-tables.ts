/** Makes the product's tables in a DynamoDB that may already have them. */
import {
  type AttributeDefinition,
  CreateTableCommand,
  type CreateTableCommandInput,
  DeleteTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  ResourceInUseException,
  type TableDescription,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
  waitUntilTableNotExists,
} from '@aws-sdk/client-dynamodb'
import { numberKeys, type Table, type TableId, tables } from '#shared/tables.ts'

export type TableNames = Readonly<Record<TableId, string>>
/** Stream ARNs of the tables that have one. */
export type StreamArns = Readonly<Partial<Record<TableId, string>>>

/** Idempotent: tables that exist are left as they are. */
export async function createTables(client: DynamoDBClient, names: TableNames): Promise<StreamArns> {
  const made = await Promise.all(
    Object.entries(tables as Record<TableId, Table>).map(async ([id, table]) => {
      const description = await createTable(client, id as TableId, names[id as TableId], table)
      return table.stream === undefined ? [] : [[id, description.LatestStreamArn]]
    }),
  )
  return Object.fromEntries(made.flat())
}

/** Each by itself: one that is gone already stops none of the others. */
export async function deleteTables(client: DynamoDBClient, names: TableNames): Promise<void> {
  const gone = Object.values(names).map((TableName) => client.send(new DeleteTableCommand({ TableName })))
  await Promise.allSettled(gone)
}

/** Deletes the tables, and resolves when they can be made anew. */
export async function removeTables(client: DynamoDBClient, names: TableNames): Promise<void> {
  await deleteTables(client, names)
  const gone = Object.values(names).map((TableName) =>
    waitUntilTableNotExists({ client, maxWaitTime: 60, minDelay: 1 }, { TableName }),
  )
  await Promise.all(gone)
}

async function createTable(client: DynamoDBClient, id: TableId, name: string, table: Table) {
  try {
    await client.send(new CreateTableCommand(definition(id, name, table)))
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error
  }
  await waitUntilTableExists({ client, maxWaitTime: 60, minDelay: 1 }, { TableName: name })
  if (table.ttl !== undefined) await enableTtl(client, name, table.ttl)
  const { Table: description } = await client.send(new DescribeTableCommand({ TableName: name }))
  return description as TableDescription
}

async function enableTtl(client: DynamoDBClient, name: string, attribute: string): Promise<void> {
  const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName: name }))
  if (TimeToLiveDescription?.TimeToLiveStatus === 'ENABLED') return
  const TimeToLiveSpecification = { Enabled: true, AttributeName: attribute }
  await client.send(new UpdateTimeToLiveCommand({ TableName: name, TimeToLiveSpecification }))
}

function definition(id: TableId, name: string, table: Table): CreateTableCommandInput {
  const { partitionKey, sortKey, stream } = table
  const keys = [
    { AttributeName: partitionKey, KeyType: 'HASH' as const },
    ...(sortKey === undefined ? [] : [{ AttributeName: sortKey, KeyType: 'RANGE' as const }]),
  ]
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: keys,
    AttributeDefinitions: keys.map(({ AttributeName }) => attribute(id, AttributeName)),
    ...(stream !== undefined && {
      StreamSpecification: { StreamEnabled: true, StreamViewType: stream },
    }),
  }
}

function attribute(id: TableId, name: string): AttributeDefinition {
  return { AttributeName: name, AttributeType: numberKeys.has(`${id}.${name}`) ? 'N' : 'S' }
}
