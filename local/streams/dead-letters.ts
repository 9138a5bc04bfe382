/** Records that ran out of tries: what Lambda sends to a dead-letter queue, which names the record and does not hold it. */
import { join } from 'node:path'
import type { DynamoDBRecord } from 'aws-lambda'
import { keepLines } from '../kept-lines.ts'
import { sequenceNumberOf } from './wire.ts'

export interface DeadLetter {
  readonly worker: string
  readonly condition: 'RetryAttemptsExhausted'
  readonly attempts: number
  /** Name of the error, or `ReportedFailure` when the worker named the record itself. */
  readonly error: string
  readonly streamArn: string
  readonly shardId: string
  readonly sequenceNumber: string
  readonly eventName: string | undefined
  /** Keys in wire form, by which the row can be found in its table. */
  readonly keys: unknown
  /** ISO 8601. */
  readonly at: string
}

export interface DeadLetters {
  list(): readonly DeadLetter[]
  drop(): void
  add(record: DynamoDBRecord, about: Pick<DeadLetter, 'worker' | 'attempts' | 'error' | 'shardId'>): void
}

export const deadLettersFile = (dataDir: string) => join(dataDir, 'dead-letters.ndjson')

/** @param dataDir keeps the list there. */
export function openDeadLetters(dataDir?: string): DeadLetters {
  const lines = keepLines<DeadLetter>(dataDir === undefined ? undefined : deadLettersFile(dataDir))
  const letters = [...lines.found]
  return {
    list: () => letters,
    drop() {
      lines.clear()
      letters.length = 0
    },
    add(record, about) {
      const letter: DeadLetter = {
        ...about,
        condition: 'RetryAttemptsExhausted',
        streamArn: record.eventSourceARN ?? '',
        sequenceNumber: sequenceNumberOf(record),
        eventName: record.eventName,
        keys: record.dynamodb?.Keys,
        at: new Date().toISOString(),
      }
      lines.add(letter)
      letters.push(letter)
    },
  }
}
