/** One batch to its end: what Lambda's event source mapping does with failures. */
import type { DynamoDBRecord } from 'aws-lambda'
import { describe, expect, test } from 'vitest'
import { settleBatch } from '#local/streams/batch.ts'

const record = (number: number): DynamoDBRecord => ({ dynamodb: { SequenceNumber: String(number) } })
const numberOf = (one: DynamoDBRecord) => Number(one.dynamodb?.SequenceNumber)
const failures = (...numbers: number[]) => ({
  batchItemFailures: numbers.map((number) => ({ itemIdentifier: String(number) })),
})

/** Settles records 1 to `count` with a worker, and tells what happened. */
async function settle(
  count: number,
  worker: (numbers: number[]) => unknown,
  { bisect = true, retries = 2 } = {},
) {
  const seen: number[][] = []
  const done: number[] = []
  const aside: [number, number, string][] = []
  const waits: number[] = []
  await settleBatch(
    Array.from({ length: count }, (_, index) => record(index + 1)),
    { maximumRetryAttempts: retries, bisectBatchOnError: bisect },
    {
      invoke: async (records) => {
        const numbers = records.map(numberOf)
        seen.push(numbers)
        return worker(numbers)
      },
      done: (one) => done.push(numberOf(one)),
      aside: (one, attempts, error) => aside.push([numberOf(one), attempts, error]),
      wait: async (ms) => {
        waits.push(ms)
      },
      closed: () => false,
    },
  )
  return { seen, done, aside, waits }
}

const crash = () => {
  throw new TypeError('no')
}

describe('a worker that throws', () => {
  test('tries again after growing waits, then the record goes aside with the error', async () => {
    const { seen, aside, waits, done } = await settle(1, crash, { retries: 6 })
    expect(seen).toHaveLength(7)
    expect(waits).toEqual([50, 100, 200, 400, 800, 1000])
    expect(aside).toEqual([[1, 7, 'TypeError']])
    expect(done).toEqual([])
  })

  test('halves the batch until the bad record stands alone; all others are handled, in order', async () => {
    const { done, aside } = await settle(8, (numbers) => (numbers.includes(6) ? crash() : undefined))
    expect(done).toEqual([1, 2, 3, 4, 5, 7, 8])
    expect(aside).toEqual([[6, 3, 'TypeError']])
  })

  test('without halving the whole batch shares its fate', async () => {
    const { seen, aside } = await settle(3, crash, { bisect: false })
    expect(seen).toHaveLength(3)
    expect(aside.map(([number]) => number)).toEqual([1, 2, 3])
  })

  test('a failure that passes leaves nothing aside', async () => {
    let tries = 0
    const { done, aside } = await settle(1, () => {
      tries += 1
      return tries < 3 ? crash() : undefined
    })
    expect(done).toEqual([1])
    expect(aside).toEqual([])
  })
})

describe('a worker that names what failed', () => {
  test('goes on from the lowest number named, and what came before is not handled again', async () => {
    let failed = false
    const { seen, done } = await settle(4, () => {
      if (failed) return undefined
      failed = true
      return failures(4, 3)
    })
    expect(seen).toEqual([[1, 2, 3, 4], [3], [4]])
    expect(done).toEqual([1, 2, 3, 4])
  })

  test('a record that fails for ever goes aside alone, and those after it are handled', async () => {
    const { done, aside } = await settle(4, (numbers) => (numbers.includes(2) ? failures(2) : undefined))
    expect(done).toEqual([1, 3, 4])
    expect(aside).toEqual([[2, 3, 'ReportedFailure']])
  })

  test('a number that is not in the batch, or none, counts as a failure of all', async () => {
    for (const reply of [failures(99), { batchItemFailures: [{ itemIdentifier: '' }] }]) {
      const { done, aside } = await settle(1, () => reply)
      expect(done).toEqual([])
      expect(aside).toEqual([[1, 3, 'UnreadableReply']])
    }
  })

  test.each([undefined, null, {}, { batchItemFailures: [] }])(
    '%j means that all went well',
    async (reply) => {
      const { seen, done } = await settle(3, () => reply)
      expect(seen).toHaveLength(1)
      expect(done).toEqual([1, 2, 3])
    },
  )
})
