/** What starts the workers: streams and schedules. Read by the CDK app and by the local stack. */
import type { WorkerId } from './contract/routes.ts'
import { policy } from './policy.ts'
import type { TableId } from './tables.ts'

/** Values or `exists` tests of one leaf, in the rule syntax of Lambda's event filtering. */
export type FilterRule = string | { readonly exists: boolean }
/** A pattern in that syntax: every leaf named must match, by any one of its rules. */
export interface FilterPattern {
  readonly [key: string]: FilterPattern | readonly FilterRule[]
}

export interface StreamSource {
  readonly table: TableId
  /** A record that matches any one of them reaches the worker; the others are passed over. */
  readonly filters: readonly FilterPattern[]
  readonly batchSize: number
  /** After the first try; then the record goes to the dead letters. Few, because a batch holds up its lane. */
  readonly maximumRetryAttempts: number
  readonly bisectBatchOnError: boolean
  /** Batches of one shard at once. With more than one only the records of one item, partition and sort key, stay in order. */
  readonly parallelizationFactor: number
}

export interface Schedule {
  readonly everySeconds: number
}

/** New orders, and those put before the workers again: every other change is a worker's own. */
const orders = (kinds: readonly string[]): FilterPattern[] => [
  { eventName: ['INSERT'], dynamodb: { NewImage: { kind: { S: kinds } } } },
  {
    eventName: ['MODIFY'],
    dynamodb: { NewImage: { kind: { S: kinds }, redrivenAt: { N: [{ exists: true }] } } },
  },
]

const source = { maximumRetryAttempts: 4, bisectBatchOnError: true } as const

export const streamSources = {
  deliver: {
    ...source,
    table: 'outbox',
    // Messages: of the version before, which wrote them here.
    filters: orders(['code', 'message']),
    batchSize: 10,
    parallelizationFactor: 10,
  },
  notify: {
    ...source,
    table: 'notices',
    filters: orders(['message']),
    batchSize: 10,
    // Half of the codes', for both share what the senders take.
    parallelizationFactor: 5,
  },
  'append-ledger': {
    ...source,
    table: 'outbox',
    // Changed, it was put before the worker again, or was the order of a code whose event it now is.
    filters: [{ eventName: ['INSERT', 'MODIFY'], dynamodb: { NewImage: { kind: { S: ['event'] } } } }],
    // One at a time, for events of one subject are items of their own and must keep their order (G8); large for that.
    batchSize: 100,
    parallelizationFactor: 1,
  },
  /** The ledger is only ever put to, so anything else there is an alarm. */
  sentinel: {
    ...source,
    // No outbox would bring it again, and nothing waits behind it: it is tried for as long as the stream keeps it.
    maximumRetryAttempts: 10_000,
    table: 'ledger',
    filters: [{ eventName: ['MODIFY', 'REMOVE'] }],
    batchSize: 10,
    parallelizationFactor: 1,
  },
  /** New entries alone: an entry never changes. */
  publish: {
    ...source,
    // No outbox would bring an entry again, and nothing waits behind it: an outage of the bus must be outlasted. Not without
    // end, for what the bus refused for ever would hold up its shard.
    maximumRetryAttempts: 1000,
    table: 'ledger',
    filters: [{ eventName: ['INSERT'] }],
    batchSize: 100,
    // One at a time, so that a person's entries leave in their order as far as a shard keeps it.
    parallelizationFactor: 1,
  },
} as const satisfies Partial<Record<WorkerId, StreamSource>>

export const schedules = {
  'seal-ledger': { everySeconds: policy.checkpointIntervalSeconds },
  /** Often enough that a code left over still reaches its person in time. */
  'sweep-outbox': { everySeconds: 60 },
  'watch-sms': { everySeconds: 60 },
} as const satisfies Partial<Record<WorkerId, Schedule>>

export type StreamWorkerId = keyof typeof streamSources
export type ScheduledWorkerId = keyof typeof schedules
