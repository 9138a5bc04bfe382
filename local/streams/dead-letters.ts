/** Records that ran out of tries: what Lambda sends to a dead-letter queue, which names the record and does not hold it. */
import { appendFileSync, existsSync, readFileSync, rmSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import type { DynamoDBRecord } from 'aws-lambda'
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
  const file = dataDir === undefined ? undefined : deadLettersFile(dataDir)
  const letters = file === undefined ? [] : stored(file)
  return {
    list: () => letters,
    drop() {
      if (file !== undefined) rmSync(file, { force: true })
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
      if (file !== undefined) appendFileSync(file, `${JSON.stringify(letter)}\n`, { mode: 0o600 })
      letters.push(letter)
    },
  }
}

function stored(file: string): DeadLetter[] {
  if (!existsSync(file)) return []
  const text = readFileSync(file, 'utf8')
  // A kill may have cut the last line; its record comes again, and the next line must not be glued to the rest of it.
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  if (whole !== text) truncateSync(file, Buffer.byteLength(whole))
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as DeadLetter)
}
