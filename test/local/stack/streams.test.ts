/** Streams of the real engine feed fake workers. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams'
import type { DynamoDBStreamEvent } from 'aws-lambda'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { runInvocation } from '#local/services/attribution.ts'
import { type Services, startServices } from '#local/services/index.ts'
import { Signal } from '#local/signal.ts'
import { type Streams, startStreams } from '#local/streams/index.ts'
import type { StreamSource } from '#shared/event-sources.ts'

const directory = mkdtempSync(join(tmpdir(), 'streams-test-'))
const filters = [{ eventName: ['INSERT'], dynamodb: { NewImage: { kind: { S: ['event'] } } } }]
const source: StreamSource = {
  table: 'outbox',
  filters,
  batchSize: 5,
  maximumRetryAttempts: 2,
  bisectBatchOnError: true,
  parallelizationFactor: 4,
}

let services: Services
let database: DynamoDBClient
let client: DynamoDBStreamsClient
const started: Streams[] = []
let nextRow = 0

beforeAll(async () => {
  services = await startServices()
  const config = {
    endpoint: services.environment['AWS_ENDPOINT_URL_DYNAMODB'] ?? '',
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  }
  database = new DynamoDBClient(config)
  client = new DynamoDBStreamsClient(config)
})
afterEach(async () => {
  await Promise.all(started.splice(0).map((streams) => streams.close()))
})
afterAll(async () => {
  database.destroy()
  client.destroy()
  await services.close()
  rmSync(directory, { recursive: true })
})

type Worker = (event: DynamoDBStreamEvent) => Promise<unknown>

function start(worker: Worker, given: Partial<StreamSource> = {}, dataDir?: string): Streams {
  const streams = startStreams({
    client,
    streamArns: services.streamArns,
    workers: { 'append-ledger': worker },
    sources: { 'append-ledger': { ...source, ...given } },
    dataDir,
    report: () => undefined,
  })
  started.push(streams)
  return streams
}

/** Writes one row and returns its sort key. */
async function write(
  pk: string,
  more: Record<string, { S: string }> = { kind: { S: 'event' } },
): Promise<string> {
  nextRow += 1
  const sk = String(nextRow)
  const TableName = services.environment['TABLE_OUTBOX']
  await database.send(new PutItemCommand({ TableName, Item: { pk: { S: pk }, sk: { S: sk }, ...more } }))
  return sk
}

const keysOf = (event: DynamoDBStreamEvent) =>
  event.Records.map(
    ({ dynamodb }) => [dynamodb?.Keys?.['pk']?.S ?? '', dynamodb?.Keys?.['sk']?.S ?? ''] as const,
  )

/** A worker that notes what it handled, and fails on partition keys that begin with `bad`. */
function noting(handled: (readonly [string, string])[]): Worker {
  return async (event) => {
    if (keysOf(event).some(([pk]) => pk.startsWith('bad'))) throw new Error('poison')
    handled.push(...keysOf(event))
  }
}

test('a record comes in the form of a Lambda event', async () => {
  const events: DynamoDBStreamEvent[] = []
  const streams = start(async (event) => {
    events.push(event)
  })
  const TableName = services.environment['TABLE_OUTBOX']
  const Item = {
    pk: { S: 'form' },
    sk: { S: '0' },
    kind: { S: 'event' },
    n: { N: '1' },
    b: { B: Buffer.of(255) },
  }
  await database.send(new PutItemCommand({ TableName, Item }))
  await streams.idle()
  expect(events.flatMap((event) => event.Records)).toEqual([
    expect.objectContaining({
      eventName: 'INSERT',
      eventSource: 'aws:dynamodb',
      eventSourceARN: services.streamArns.outbox,
      eventID: expect.any(String),
      dynamodb: expect.objectContaining({
        ApproximateCreationDateTime: expect.any(Number),
        Keys: { pk: { S: 'form' }, sk: { S: '0' } },
        NewImage: { ...Item, b: { B: '/w==' } },
        SequenceNumber: expect.any(String),
      }),
    }),
  ])
})

test('records that the filter does not name never reach the worker', async () => {
  const handled: (readonly [string, string])[] = []
  const streams = start(noting(handled))
  await write('filter', { kind: { S: 'message' } })
  const wanted = await write('filter')
  await write('filter', {})
  await streams.idle()
  expect(handled.filter(([pk]) => pk === 'filter')).toEqual([['filter', wanted]])
})

test('with one batch at a time records come in their order, each once', async () => {
  const handled: (readonly [string, string])[] = []
  const streams = start(noting(handled), { parallelizationFactor: 1 })
  const written: (readonly [string, string])[] = []
  for (let index = 0; index < 60; index++) {
    const pk = `order-${index % 3}`
    written.push([pk, await write(pk)])
  }
  await streams.idle()
  expect(handled.filter(([pk]) => pk.startsWith('order-'))).toEqual(written)
})

test('with several at a time items of one partition key do not wait for each other, as in Lambda', async () => {
  const first = await write('beside')
  const others = await Promise.all(Array.from({ length: 20 }, () => write('beside')))
  const handled: string[] = []
  const overtaken = new Signal()
  const streams = start(async (event) => {
    const sks = keysOf(event).flatMap(([pk, sk]) => (pk === 'beside' ? [sk] : []))
    if (sks.includes(first)) await overtaken.until(() => handled.length > 0)
    handled.push(...sks)
    overtaken.notify()
  })
  await streams.idle()
  expect(handled[0]).not.toBe(first)
  expect(handled.toSorted()).toEqual([first, ...others].toSorted())
})

test('a batch holds no more records than the source says', async () => {
  const sizes: number[] = []
  await Promise.all(Array.from({ length: 12 }, () => write('size')))
  const streams = start(async (event) => {
    sizes.push(event.Records.length)
  })
  await streams.idle()
  expect(Math.max(...sizes)).toBe(5)
})

test('a poison record goes aside with what finds it again, and holds up nobody else', async () => {
  const handled: (readonly [string, string])[] = []
  const streams = start(noting(handled), { parallelizationFactor: 1 })
  const before = await write('good-1')
  const poison = await write('bad-1')
  const after = await write('good-1')
  await streams.idle()
  expect(handled.filter(([pk]) => pk === 'good-1').map(([, sk]) => sk)).toEqual([before, after])
  expect(streams.deadLetters()).toEqual([
    expect.objectContaining({
      worker: 'append-ledger',
      condition: 'RetryAttemptsExhausted',
      attempts: 3,
      error: 'Error',
      keys: { pk: { S: 'bad-1' }, sk: { S: poison } },
    }),
  ])
})

test('idle waits for what a worker writes to its own stream', async () => {
  const handled: string[] = []
  const streams = start(async (event) => {
    for (const [pk, sk] of keysOf(event)) {
      handled.push(`${pk}/${sk}`)
      if (!pk.startsWith('follow-') || pk >= 'follow-3') continue
      const next = () => write(`follow-${Number(pk.at(-1)) + 1}`)
      // By the rights of one that may: the appender itself puts notices alone.
      await runInvocation({ function: 'sentinel', requestId: pk }, next)
    }
  })
  await write('follow-0')
  await streams.idle()
  expect(handled.filter((name) => name.startsWith('follow-')).map((name) => name.slice(0, 8))).toEqual([
    'follow-0',
    'follow-1',
    'follow-2',
    'follow-3',
  ])
})

describe('after a restart', () => {
  test('reading goes on behind what was handled, and what was written meanwhile comes', async () => {
    const dataDir = mkdtempSync(join(directory, 'restart-'))
    const first: (readonly [string, string])[] = []
    const streams = start(noting(first), {}, dataDir)
    const early = await write('restart')
    await streams.idle()
    await streams.close()
    const late = await write('restart')
    const second: (readonly [string, string])[] = []
    await start(noting(second), {}, dataDir).idle()
    expect(first).toContainEqual(['restart', early])
    expect(second).toEqual([['restart', late]])
  })

  test('a record that was in hand when the stack closed comes again', async () => {
    const dataDir = mkdtempSync(join(directory, 'in-hand-'))
    const rows = [await write('bad-in-hand'), await write('bad-in-hand')]
    const tried = Promise.withResolvers<void>()
    const failing = start(
      async (event) => {
        if (!keysOf(event).some(([pk]) => pk === 'bad-in-hand')) return
        tried.resolve()
        throw new Error('not now')
      },
      { maximumRetryAttempts: 1000 },
      dataDir,
    )
    await tried.promise
    await failing.close()
    const handled: (readonly [string, string])[] = []
    const streams = start(
      async (event) => {
        handled.push(...keysOf(event))
      },
      { parallelizationFactor: 1 },
      dataDir,
    )
    await streams.idle()
    expect(handled.filter(([pk]) => pk === 'bad-in-hand').map(([, sk]) => sk)).toEqual(rows)
    expect(failing.deadLetters()).toEqual([])
  })

  test('dead letters are still there, and their records do not come again', async () => {
    const dataDir = mkdtempSync(join(directory, 'letters-'))
    const streams = start(noting([]), {}, dataDir)
    await write('bad-letter')
    await streams.idle()
    const letters = [...streams.deadLetters()]
    expect(letters.map(({ keys }) => keys)).toContainEqual(
      expect.objectContaining({ pk: { S: 'bad-letter' } }),
    )
    await streams.close()
    const seen: string[] = []
    const again = start(
      async (event) => {
        seen.push(...keysOf(event).map(([pk]) => pk))
      },
      {},
      dataDir,
    )
    await again.idle()
    expect(again.deadLetters()).toEqual(letters)
    expect(seen).toEqual([])
  })
})
