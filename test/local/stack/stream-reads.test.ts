/** How often the streams are read: reads cost the tests and `npm start` more than all else, were they made again and again. */
import { type DynamoDBStreamsClient, GetRecordsCommand } from '@aws-sdk/client-dynamodb-streams'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createWrites } from '#local/services/writes.ts'
import { type Streams, startStreams } from '#local/streams/index.ts'
import { streamSources } from '#shared/event-sources.ts'

let streams: Streams
// Polls come when the test says so.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(async () => {
  vi.useRealTimers()
  await streams.close()
})

/** One shard; counts the reads of records. */
function fakeStream() {
  const records: number[] = []
  const count = { reads: 0 }
  const write = () => records.push(records.length + 1)
  const page = (after: number) => {
    count.reads += 1
    const dynamodb = (number: number) => ({
      SequenceNumber: String(number),
      Keys: { pk: { S: 'one' } },
      NewImage: { kind: { S: number % 2 === 0 ? 'event' : 'message' } },
    })
    const Records = records
      .filter((number) => number > after)
      .map((number) => ({ eventName: 'INSERT', dynamodb: dynamodb(number) }))
    return { Records, NextShardIterator: String(records.length) }
  }
  const send = async (command: {
    input: { StreamArn?: string; ShardId?: string; ShardIterator?: string }
  }) => {
    if (command instanceof GetRecordsCommand) return page(Number(command.input.ShardIterator))
    if (command.input.ShardId !== undefined) return { ShardIterator: '0' }
    return { StreamDescription: { Shards: [{ ShardId: 'only' }] } }
  }
  return { client: { send } as unknown as DynamoDBStreamsClient, count, write }
}

function start(client: DynamoDBStreamsClient, handled: string[]) {
  const writes = createWrites()
  const note = (worker: string) => async (event: { Records: unknown[] }) => {
    handled.push(...event.Records.map(() => worker))
  }
  streams = startStreams({
    client,
    streamArns: { outbox: 'arn' },
    workers: { deliver: note('deliver'), 'append-ledger': note('append-ledger') },
    sources: { deliver: streamSources.deliver, 'append-ledger': streamSources['append-ledger'] },
    written: writes.of,
    report: () => undefined,
  })
  return writes
}

test('two workers of one stream share its reads, and each gets what it is fed', async () => {
  const { client, count, write } = fakeStream()
  const handled: string[] = []
  const writes = start(client, handled)
  await streams.idle()
  expect(count.reads).toBe(1)
  write()
  write()
  writes.note('outbox', false)
  await streams.idle()
  expect(handled.toSorted()).toEqual(['append-ledger', 'deliver'])
  expect(count.reads).toBe(3)
})

test('being idle asks nobody, nor does a deletion that no worker wants to hear of', async () => {
  const { client, count } = fakeStream()
  const writes = start(client, [])
  await streams.idle()
  writes.note('outbox', true)
  writes.note('sessions', false)
  for (let time = 0; time < 50; time += 1) await streams.idle()
  expect(count.reads).toBe(1)
})

test('what was written past the proxy is found after a while', async () => {
  const { client, write } = fakeStream()
  const handled: string[] = []
  start(client, handled)
  await streams.idle()
  write()
  vi.advanceTimersByTime(1000)
  await streams.idle()
  expect(handled).toEqual(['deliver'])
})
