import {
  ConditionalCheckFailedException,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  GetItemCommand,
  IdempotentParameterMismatchException,
  type Put,
  PutItemCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb'
import {
  DescribeStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { startClock } from '#local/clock.ts'
import { runInvocation } from '#local/services/attribution.ts'
import { type Services, startServices } from '#local/services/index.ts'
import { type TableId, tables } from '#shared/tables.ts'
import { type Clients, clientsOf } from './clients.ts'

let services: Services
let clients: Clients
beforeAll(async () => {
  services = await startServices({ tableNames: { seal: 'sealing-wax' } })
  clients = clientsOf(services)
})
afterAll(() => services.close())
afterEach(() => {
  services.faults.post({ count: 0 })
})

const table = (id: TableId) => services.environment[`TABLE_${id.toUpperCase()}`] ?? ''
const put = (id: TableId, pk: string) =>
  new PutItemCommand({
    TableName: table(id),
    Item: { pk: { S: pk }, sk: { S: 'x' } },
    ConditionExpression: 'attribute_not_exists(pk)',
  })
const isThere = async (pk: string) => {
  const got = await clients.dynamodb.send(
    new GetItemCommand({ TableName: table('identities'), Key: { pk: { S: pk } }, ConsistentRead: true }),
  )
  return got.Item !== undefined
}

test('every table of the definition is there with its keys, stream and sweeping attribute', async () => {
  for (const [id, definition] of Object.entries(tables)) {
    const TableName = table(id as TableId)
    const { Table } = await clients.dynamodb.send(new DescribeTableCommand({ TableName }))
    const keys = Table?.KeySchema?.map((key) => key.AttributeName)
    expect(keys).toEqual(
      'sortKey' in definition ? [definition.partitionKey, definition.sortKey] : [definition.partitionKey],
    )
    expect(Table?.StreamSpecification?.StreamViewType).toBe(
      'stream' in definition ? definition.stream : undefined,
    )
    const { TimeToLiveDescription } = await clients.dynamodb.send(
      new DescribeTimeToLiveCommand({ TableName }),
    )
    expect(TimeToLiveDescription?.AttributeName).toBe('ttl' in definition ? definition.ttl : undefined)
  }
  expect(table('seal')).toBe('sealing-wax')
})

test('a refused condition reaches the client as its typed error', async () => {
  await clients.dynamodb.send(put('identities', 'twice'))
  await expect(clients.dynamodb.send(put('identities', 'twice'))).rejects.toThrow(
    ConditionalCheckFailedException,
  )
})

test('a transaction that is sent again with its token is carried out once; with another one the token is refused', async () => {
  const transaction = (pk: string) =>
    new TransactWriteItemsCommand({
      ClientRequestToken: 'sent-again',
      TransactItems: [{ Put: put('identities', pk).input as Put }],
    })
  await clients.dynamodb.send(transaction('by-token'))
  await clients.dynamodb.send(transaction('by-token'))
  expect(await isThere('by-token')).toBe(true)
  await expect(clients.dynamodb.send(transaction('by-token-2'))).rejects.toThrow(
    IdempotentParameterMismatchException,
  )
  expect(await isThere('by-token-2')).toBe(false)
})

test('a call is booked with its logical table, a transaction with each of its tables once, in order', async () => {
  const write = (id: TableId, pk: string) => ({
    Put: { TableName: table(id), Item: { pk: { S: pk }, sk: { S: 'x' } } },
  })
  await runInvocation({ function: 'step', requestId: 'booked' }, async () => {
    await clients.dynamodb.send(put('seal', 'booked'))
    const TransactItems = [write('challenges', 'b1'), write('outbox', 'b2'), write('challenges', 'b3')]
    await clients.dynamodb.send(new TransactWriteItemsCommand({ TransactItems }))
  })
  expect(services.calls.byRequest('booked')).toEqual([
    { service: 'dynamodb', operation: 'PutItem', table: 'seal' },
    { service: 'dynamodb', operation: 'TransactWriteItems', table: 'challenges+outbox' },
  ])
})

test('reading a stream is neither booked nor hit by faults', async () => {
  await clients.dynamodb.send(put('outbox', 'streamed'))
  services.faults.post({ service: 'dynamodb', mode: 'fail-before', count: 1 })
  const records = await runInvocation({ function: 'poller', requestId: 'stream' }, readOutboxStream)
  expect(records.map((record) => record.dynamodb?.Keys?.['pk']?.S)).toContain('streamed')
  expect(services.calls.byFunction('poller')).toEqual([])
  expect(services.faults.pending()).toHaveLength(1)
})

async function readOutboxStream() {
  const StreamArn = services.streamArns.outbox
  const { StreamDescription } = await clients.streams.send(new DescribeStreamCommand({ StreamArn }))
  const ShardId = StreamDescription?.Shards?.[0]?.ShardId
  const { ShardIterator } = await clients.streams.send(
    new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
  )
  const { Records } = await clients.streams.send(new GetRecordsCommand({ ShardIterator }))
  return Records ?? []
}

test('fail-before leaves nothing written, fail-after has written', async () => {
  services.faults.post({ service: 'dynamodb', mode: 'fail-before', count: 1 })
  services.faults.post({ service: 'dynamodb', mode: 'fail-after', count: 1 })
  const failure = { name: 'InternalServerError', $metadata: { httpStatusCode: 500 } }
  await expect(clients.dynamodb.send(put('identities', 'before'))).rejects.toMatchObject(failure)
  await expect(clients.dynamodb.send(put('identities', 'after'))).rejects.toMatchObject(failure)
  expect(await isThere('before')).toBe(false)
  expect(await isThere('after')).toBe(true)
})

test('a client that retries uses up one fault per attempt', async () => {
  services.faults.post({ service: 'dynamodb', mode: 'fail-before', count: 2 })
  await clientsOf(services, 3).dynamodb.send(put('identities', 'retried'))
  expect(await isThere('retried')).toBe(true)
  expect(services.faults.pending()).toEqual([])
})

test('moving the clock does not make the SDK repeat a refused call as if clocks were skewed', async () => {
  const clock = startClock()
  try {
    clock.advance(7 * 24 * 3600)
    const retrying = clientsOf(services, 3).dynamodb
    await runInvocation({ function: 'step', requestId: 'moved' }, async () => {
      await retrying.send(put('identities', 'moved'))
      await expect(retrying.send(put('identities', 'moved'))).rejects.toThrow(ConditionalCheckFailedException)
    })
    expect(services.calls.byRequest('moved')).toHaveLength(2)
  } finally {
    clock.close()
  }
})
