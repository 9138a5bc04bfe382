import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import { DynamoDBClient, GetItemCommand, ListTablesCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import {
  DescribeStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Engine, startEngine } from '#local/engine/dynamodb.ts'
import { runInvocation } from '#local/services/attribution.ts'
import { type Services, startServices } from '#local/services/index.ts'
import { clientsOf } from './clients.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'engine-test-'))
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

test('a data folder keeps items, keys and stream records over restarts, and sequence numbers go on', async () => {
  const first = await startServices({ dataDir: folder })
  const Item = { pk: { S: 'kept' } }
  const TableName = first.environment['TABLE_IDENTITIES'] ?? ''
  await clientsOf(first).dynamodb.send(new PutItemCommand({ TableName, Item }))
  await putOutboxRow(first, 'before')
  const [position] = await outboxRecords(first)
  await first.close()
  const second = await startServices({ dataDir: folder })
  await putOutboxRow(second, 'after')
  const got = await clientsOf(second).dynamodb.send(new GetItemCommand({ TableName, Key: Item }))
  const records = await outboxRecords(second, position?.sequence)
  const all = await outboxRecords(second)
  await second.close()
  expect(got.Item).toEqual(Item)
  expect(records.map(({ pk }) => pk)).toEqual(['after'])
  expect(all.map(({ pk }) => pk)).toEqual(['before', 'after'])
  expect(second.streamArns).toEqual(first.streamArns)
  expect(second.environment['KEY_CREDENTIAL']).toBe(first.environment['KEY_CREDENTIAL'])
})

test.each([
  [
    'the last sequence number of a table',
    `SELECT COALESCE(MAX(CAST(sequence_number AS INTEGER)), 0) + 1
     FROM _stream_records WHERE table_name = ?`,
    'latchkey_stream_order',
  ],
  [
    'the ends of a shard',
    `SELECT MIN(sequence_number), MAX(sequence_number)
     FROM _stream_records WHERE table_name = ? AND shard_id = ?`,
    'latchkey_stream_ends',
  ],
])('the engine finds %s in an index alone', async (_, query, index) => {
  const services = await startServices({ dataDir: folder })
  const database = new DatabaseSync(join(folder, 'dynamodb.db'), { readOnly: true })
  const parameters = [...query.matchAll(/\?/g)].map(() => 'any')
  const plan = database.prepare(`EXPLAIN QUERY PLAN ${query}`).all(...parameters)
  database.close()
  await services.close()
  expect(plan).toMatchObject([{ detail: expect.stringContaining(`COVERING INDEX ${index}`) }])
})

function putOutboxRow(services: Services, pk: string) {
  const Item = { pk: { S: pk }, sk: { S: '1' } }
  const TableName = services.environment['TABLE_OUTBOX']
  return clientsOf(services).dynamodb.send(new PutItemCommand({ TableName, Item }))
}

/** @param after sequence number to begin after; without it all there are. */
async function outboxRecords(services: Services, after?: string) {
  const { streams } = clientsOf(services)
  const StreamArn = services.streamArns.outbox
  const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }))
  const ShardId = StreamDescription?.Shards?.[0]?.ShardId
  const from =
    after === undefined
      ? ({ ShardIteratorType: 'TRIM_HORIZON' } as const)
      : ({ ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: after } as const)
  const iterator = await streams.send(new GetShardIteratorCommand({ StreamArn, ShardId, ...from }))
  const { Records } = await streams.send(new GetRecordsCommand({ ShardIterator: iterator.ShardIterator }))
  return (Records ?? []).map(({ dynamodb }) => ({
    pk: dynamodb?.Keys?.['pk']?.S,
    sequence: dynamodb?.SequenceNumber ?? '',
  }))
}

test('the engine and its scratch folder go with the process that started them, even when that is killed', async () => {
  const script = `
    const { startEngine } = await import('#local/engine/dynamodb.ts')
    const engine = await startEngine({ directory: ${JSON.stringify(folder)}, scratch: true })
    console.log(engine.url)
    setInterval(() => undefined, 1000)`
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd: process.cwd(),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [url = ''] = await once(parent.stdout)
  expect(await accepts(url)).toBe(true)
  parent.kill('SIGKILL')
  await vi.waitFor(async () => expect(await accepts(url)).toBe(false), { timeout: 5000 })
  await vi.waitFor(() => expect(existsSync(folder)).toBe(false), { timeout: 5000 })
})

async function once(stream: NodeJS.ReadableStream): Promise<string[]> {
  for await (const line of createInterface({ input: stream })) return [line]
  throw new Error('the process ended without a line')
}

function accepts(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname)
    socket.once('connect', () => resolve(true) ?? socket.destroy())
    socket.once('error', () => resolve(false))
  })
}

test('DYNAMODB_ENDPOINT takes the place of the embedded engine', async () => {
  vi.stubEnv('DYNAMODB_ENDPOINT', 'http://127.0.0.1:8000/')
  const engine = await startEngine({ directory: folder, scratch: false })
  expect(engine.url).toBe('http://127.0.0.1:8000')
  await engine.close()
})

test('a DYNAMODB_ENDPOINT that is no URL is named in the error', async () => {
  vi.stubEnv('DYNAMODB_ENDPOINT', 'localhost')
  await expect(startEngine({ directory: folder, scratch: false })).rejects.toThrow(
    'DYNAMODB_ENDPOINT must be a URL such as http://127.0.0.1:8000, but is localhost.',
  )
})

test('a machine without an embedded engine is told what to do', async () => {
  vi.stubEnv('DYNAMODB_ENDPOINT', '')
  const platform = vi.spyOn(process, 'platform', 'get').mockReturnValue('sunos')
  try {
    await expect(startEngine({ directory: folder, scratch: false })).rejects.toThrow(
      /sunos-.*set DYNAMODB_ENDPOINT/,
    )
  } finally {
    platform.mockRestore()
  }
})

test('a data folder that the engine cannot write to is an error with its reason', async () => {
  vi.stubEnv('DYNAMODB_ENDPOINT', '')
  const missing = join(folder, 'not', 'there')
  await expect(startEngine({ directory: missing, scratch: false })).rejects.toThrow(
    /The DynamoDB engine did not start: it ended with code [1-9]/,
  )
})

test('the engine sees neither the invocation nor the address of the proxy', async () => {
  const seen: Record<string, unknown>[] = []
  const server = createServer((request, response) => {
    seen.push(request.headers)
    response.end(JSON.stringify({ Table: { TableStatus: 'ACTIVE' }, TimeToLiveDescription: {} }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`
  vi.stubEnv('DYNAMODB_ENDPOINT', `http://${address}`)
  const services = await startServices()
  const client: DynamoDBClient = clientsOf(services).dynamodb
  const command = new GetItemCommand({ TableName: 'any', Key: { pk: { S: 'a' } } })
  await runInvocation({ function: 'step', requestId: 'r' }, () => client.send(command))
  const last = seen.at(-1)
  await services.close()
  server.close()
  expect(services.calls.byRequest('r')).toHaveLength(1)
  expect(last).toMatchObject({ host: address, 'x-amz-target': 'DynamoDB_20120810.GetItem' })
  expect(last).not.toHaveProperty('x-latchkey-invocation')
})

test.runIf(process.platform === 'linux')(
  'the engine, which any page may ask, is at an address of the loopback that no page can look for',
  async () => {
    const engine = await startEngine({ directory: folder, scratch: false })
    const { hostname, port } = new URL(engine.url)
    expect(hostname).toMatch(/^127\.\d+\.\d+\.\d+$/)
    expect(await accepts(engine.url)).toBe(true)
    expect(await accepts(`http://127.0.0.1:${port}`)).toBe(false)
    await engine.close()
  },
)

describe('a DynamoDB that outlives the stack', () => {
  /** The embedded engine, started by itself. */
  let other: Engine
  beforeEach(async () => {
    vi.stubEnv('DYNAMODB_ENDPOINT', '')
    const directory = join(folder, 'other')
    mkdirSync(directory)
    other = await startEngine({ directory, scratch: false })
    vi.stubEnv('DYNAMODB_ENDPOINT', other.url)
  })
  afterEach(() => other.close())

  const tableNames = async () => {
    const client = new DynamoDBClient({
      endpoint: other.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    })
    const { TableNames = [] } = await client.send(new ListTablesCommand({}))
    client.destroy()
    return TableNames
  }

  test('keeps nothing of a stack without a data folder, and what a killed one left is in nobody’s way', async () => {
    const first = await startServices()
    const second = await startServices()
    const [one, two] = [first, second].map(({ environment }) => environment['TABLE_IDENTITIES'] ?? '')
    expect(one).not.toBe(two)
    const Item = { pk: { S: 'U#u-1' } }
    await clientsOf(first).dynamodb.send(new PutItemCommand({ TableName: one, Item }))
    const got = await clientsOf(second).dynamodb.send(new GetItemCommand({ TableName: two, Key: Item }))
    expect(got.Item).toBeUndefined()
    await first.close()
    expect(await tableNames()).toContain(two)
    await second.close()
    expect(await tableNames()).toEqual([])
  })

  test('keeps what is under the keys of a data folder, and no other folder’s', async () => {
    const folders = ['a', 'b'].map((name) => join(folder, name))
    const namesOf = async (dataDir = '') => {
      const services = await startServices({ dataDir })
      await services.close()
      return services.environment['TABLE_IDENTITIES'] ?? ''
    }
    const first = await namesOf(folders[0])
    expect(await namesOf(folders[0])).toBe(first)
    expect(await namesOf(folders[1])).not.toBe(first)
    expect(await tableNames()).toContain(first)
  })

  test('is read under the old names by a data folder of before', async () => {
    const dataDir = join(folder, 'old')
    vi.stubEnv('DYNAMODB_ENDPOINT', '')
    await (await startServices({ dataDir })).close()
    vi.stubEnv('DYNAMODB_ENDPOINT', other.url)
    const services = await startServices({ dataDir })
    await services.close()
    expect(services.environment['TABLE_IDENTITIES']).toBe('latchkey-identities')
  })
})
