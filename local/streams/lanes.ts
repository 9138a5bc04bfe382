/**
 * Batches of one shard at once, in lanes. With several, Lambda keeps the records of one item in order and no others, those
 * of one partition key neither: so do these.
 */
import { createHash } from 'node:crypto'
import type { DynamoDBRecord } from 'aws-lambda'

export interface Lanes {
  /** @param item text that is the same for records which must stay in order. */
  add(record: DynamoDBRecord, item: string): void
  /** Resolves when no batch is in work. */
  idle(): Promise<void>
}

/**
 * @param count how many batches may run at once.
 * @param settle handles one batch to its end; never rejects.
 */
export function openLanes(
  count: number,
  batchSize: number,
  settle: (records: DynamoDBRecord[]) => Promise<void>,
): Lanes {
  const lanes = Array.from({ length: count }, () => ({
    queue: [] as DynamoDBRecord[],
    work: undefined as Promise<void> | undefined,
  }))

  async function run(lane: (typeof lanes)[number]): Promise<void> {
    // Records that arrive in the same turn make one batch.
    await Promise.resolve()
    while (lane.queue.length > 0) await settle(lane.queue.splice(0, batchSize))
    lane.work = undefined
  }

  return {
    add(record, item) {
      const lane = lanes[laneOf(item, count)]
      if (lane === undefined) throw new RangeError('a source needs at least one lane')
      lane.queue.push(record)
      lane.work ??= run(lane)
    },
    async idle() {
      await Promise.all(lanes.map((lane) => lane.work))
    },
  }
}

const laneOf = (item: string, count: number) =>
  createHash('sha256').update(item).digest().readUInt32BE(0) % count
