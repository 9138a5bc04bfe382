/** A batch of rows from a stream: each is handled by itself, and one that fails holds up no other. */
import type { DynamoDBBatchResponse, DynamoDBRecord } from 'aws-lambda'
import { errorFacts, log } from '../call/log.ts'
import type { OutboxRow } from '../events.ts'
import { newImage } from '../stores/stream-images.ts'
import { StillThrottled } from './patience.ts'

export interface Work {
  readonly handle: (row: OutboxRow) => Promise<void>
  /** Whether records may be handled beside each other; all are where it is not given. Asked before each is begun. */
  readonly atOnce?: () => boolean
}

/** @returns the record's sequence number if it must come again. */
async function attempt(record: DynamoDBRecord, handle: Work['handle']): Promise<string | undefined> {
  const row = newImage<'outbox'>(record)
  if (row === undefined) return undefined
  try {
    await handle(row)
    return undefined
  } catch (error) {
    if (error instanceof StillThrottled) {
      // No try is burnt on it, and nothing waits behind it: the sweep brings what was left.
      log.info('put off', { row: row.sk, kind: row.kind })
      return undefined
    }
    log.error('not delivered', { row: row.sk, kind: row.kind, ...errorFacts(error) })
    return record.dynamodb?.SequenceNumber ?? ''
  }
}

/** @returns which records must come again */
export async function handleBatch(
  records: readonly DynamoDBRecord[],
  { handle, atOnce = () => true }: Work,
): Promise<DynamoDBBatchResponse> {
  const failed: string[] = []
  const queue = records.values()
  // Whoever stands at the first place goes on to the end.
  const work = async (place: number) => {
    while (place === 0 || atOnce()) {
      const { value: record, done } = queue.next()
      if (done) return
      const sequence = await attempt(record, handle)
      if (sequence !== undefined) failed.push(sequence)
    }
  }
  await Promise.all(records.map((_, place) => work(place)))
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) }
}
