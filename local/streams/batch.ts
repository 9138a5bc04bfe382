/** One batch until each of its records is handled or gone aside: partial failures, halving, retries with a wait. */
import type { DynamoDBBatchResponse, DynamoDBRecord } from 'aws-lambda'
import type { StreamSource } from '#shared/event-sources.ts'
import { sequenceNumberOf } from './wire.ts'

const firstWaitMs = 50
const longestWaitMs = 1000

export interface BatchPorts {
  /** Runs the worker; rejects when it throws or takes too long. */
  invoke(records: readonly DynamoDBRecord[]): Promise<unknown>
  /** The record needs no more handling. */
  done(record: DynamoDBRecord): void
  /** The record ran out of tries. */
  aside(record: DynamoDBRecord, attempts: number, error: string): void
  /** Resolves after that time, or at once when the stack closes. */
  wait(ms: number): Promise<void>
  readonly closed: () => boolean
}

interface Work {
  readonly records: readonly DynamoDBRecord[]
  readonly retries: number
}

interface Failure {
  /** Index of the first record that was not handled. */
  readonly at: number
  readonly error: string
}

/** Handles the records in their order. Where a worker fails on some, those after them wait, as in Lambda. */
export async function settleBatch(
  records: readonly DynamoDBRecord[],
  source: Pick<StreamSource, 'maximumRetryAttempts' | 'bisectBatchOnError'>,
  ports: BatchPorts,
): Promise<void> {
  const stack: Work[] = [{ records, retries: 0 }]
  for (let work = stack.pop(); work !== undefined && !ports.closed(); work = stack.pop()) {
    const failure = await attempt(work.records, ports)
    const handled = failure?.at ?? work.records.length
    work.records.slice(0, handled).forEach(ports.done)
    if (failure === undefined) continue
    const rest = work.records.slice(handled)
    // Progress starts the count anew: the record now in front was not the one that failed before.
    const retries = handled > 0 ? 0 : work.retries
    if (source.bisectBatchOnError && rest.length > 1) {
      stack.push(...halves(rest, failure))
    } else if (retries >= source.maximumRetryAttempts) {
      for (const record of rest) ports.aside(record, retries + 1, failure.error)
    } else {
      await ports.wait(Math.min(firstWaitMs * 2 ** retries, longestWaitMs))
      stack.push({ records: rest, retries: retries + 1 })
    }
  }
}

/** Last first, as they are taken from the end. A record that was named is tried alone; else the batch is halved. */
function halves(records: readonly DynamoDBRecord[], failure: Failure): Work[] {
  const cut = failure.error === reported ? 1 : Math.ceil(records.length / 2)
  return [
    { records: records.slice(cut), retries: 0 },
    { records: records.slice(0, cut), retries: 0 },
  ]
}

const reported = 'ReportedFailure'

async function attempt(records: readonly DynamoDBRecord[], ports: BatchPorts): Promise<Failure | undefined> {
  try {
    return reportedFailure(records, await ports.invoke(records))
  } catch (error) {
    return { at: 0, error: error instanceof Error ? error.name : 'Error' }
  }
}

/** Lambda retries from the lowest number named; a reply it cannot read counts as a failure of the whole batch. */
function reportedFailure(records: readonly DynamoDBRecord[], reply: unknown): Failure | undefined {
  const failures = (reply as DynamoDBBatchResponse | null | undefined)?.batchItemFailures ?? []
  if (failures.length === 0) return undefined
  const indexes = failures.map(({ itemIdentifier }) =>
    records.findIndex((record) => sequenceNumberOf(record) === itemIdentifier),
  )
  return indexes.includes(-1)
    ? { at: 0, error: 'UnreadableReply' }
    : { at: Math.min(...indexes), error: reported }
}
