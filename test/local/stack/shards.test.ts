/** Streams of more than one shard, and reads that fail: a fake service in place of the engine, which has one shard. */
import type { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams'
import type { DynamoDBStreamEvent } from 'aws-lambda'
import { expect, test } from 'vitest'
import { startStreams } from '#local/streams/index.ts'
import type { StreamSource } from '#shared/event-sources.ts'

interface FakeShard {
  readonly id: string
  readonly parent?: string
  readonly records: readonly number[]
  readonly ended: boolean
}

interface Input {
  readonly ShardId?: string
  readonly SequenceNumber?: string
  readonly ShardIterator?: string
}

/** Answers the three calls of a reader; `fault` may throw in place of the answer. */
function fakeService(shards: readonly FakeShard[], fault: (input: Input) => void = () => undefined) {
  const send = async ({ input }: { input: Input }) => {
    fault(input)
    if (input.ShardIterator !== undefined) return page(input.ShardIterator)
    if (input.ShardId !== undefined) return { ShardIterator: `${input.ShardId}/${input.SequenceNumber ?? 0}` }
    return {
      StreamDescription: { Shards: shards.map(({ id, parent }) => ({ ShardId: id, ParentShardId: parent })) },
    }
  }
  const page = (iterator: string) => {
    const [id = '', after] = iterator.split('/')
    const shard = shards.find((one) => one.id === id)
    const next = shard?.records.find((number) => number > Number(after))
    const Records =
      next === undefined
        ? []
        : [{ eventName: 'INSERT', dynamodb: { SequenceNumber: String(next), Keys: { pk: { S: id } } } }]
    const atEnd = shard?.ended === true && next === undefined
    return { Records, ...(!atEnd && { NextShardIterator: `${id}/${next ?? after}` }) }
  }
  return { send } as unknown as DynamoDBStreamsClient
}

const source: StreamSource = {
  table: 'outbox',
  filters: [{ eventName: ['INSERT'] }],
  batchSize: 1,
  maximumRetryAttempts: 0,
  bisectBatchOnError: true,
  parallelizationFactor: 1,
}

/** Reads all there is, and tells the sequence numbers as they came. */
async function readAll(client: DynamoDBStreamsClient): Promise<number[]> {
  const numbers: number[] = []
  const streams = startStreams({
    client,
    streamArns: { outbox: 'arn' },
    workers: {
      deliver: async (event: DynamoDBStreamEvent) => {
        numbers.push(...event.Records.map(({ dynamodb }) => Number(dynamodb?.SequenceNumber)))
      },
    },
    sources: { deliver: source },
    report: () => undefined,
  })
  await streams.idle()
  await streams.close()
  return numbers
}

test('a shard is read after its parent has ended, and its records count for idle', async () => {
  const client = fakeService([
    { id: 'grandchild', parent: 'child', records: [5, 6], ended: false },
    { id: 'child', parent: 'root', records: [3, 4], ended: true },
    { id: 'root', parent: 'long-gone', records: [1, 2], ended: true },
  ])
  expect(await readAll(client)).toEqual([1, 2, 3, 4, 5, 6])
})

test('a read that fails is tried again from where it was: nothing is lost and nothing comes twice', async () => {
  let calls = 0
  const client = fakeService([{ id: 'root', records: [1, 2, 3, 4], ended: false }], (input) => {
    calls += 1
    if (input.ShardIterator === 'root/2' && calls < 7) throw new Error('ExpiredIteratorException')
  })
  expect(await readAll(client)).toEqual([1, 2, 3, 4])
})

test('a stream that cannot be described yet is read once it can', async () => {
  let calls = 0
  const client = fakeService([{ id: 'root', records: [1], ended: false }], () => {
    calls += 1
    if (calls === 1) throw new Error('not now')
  })
  expect(await readAll(client)).toEqual([1])
})
