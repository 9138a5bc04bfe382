/**
 * What one recovery makes the functions do: ask, deliver, verify, reset with five old passwords on record, tell the
 * owner, sign in, five entries in the ledger, and their part of a checkpoint. And what each schedule does though nothing
 * happened. Counted on the wire by `bench/processes/counted-run.ts`, where the workers are given what one step left as one
 * batch; a test holds both tables to it.
 */
import type { ScheduledWorkerId } from '../shared/event-sources.ts'
import type { FunctionId } from './roles.ts'

export interface Counts {
  readonly runs: number
  /** Items of transactions, written or checked. */
  readonly transacted: number
  /** Of those, rows of identities: they are larger than the rest. */
  readonly transactedIdentities: number
  /** Items written or deleted outside of transactions. */
  readonly written: number
  /** Items read, all consistently; a query or scan is one. */
  readonly read: number
  /** KMS MACs. */
  readonly macs: number
  /** KMS signatures. */
  readonly signatures: number
  /** Objects put into the bucket of the ledger. */
  readonly objects: number
  readonly emails: number
  readonly sms: number
  /** What those are billed as, in English. */
  readonly smsParts: number
}

const none: Counts = {
  runs: 1,
  transacted: 0,
  transactedIdentities: 0,
  written: 0,
  read: 0,
  macs: 0,
  signatures: 0,
  objects: 0,
  emails: 0,
  sms: 0,
  smsParts: 0,
}

export const recoveryCounts = {
  'request-code': { ...none, transacted: 5 },
  'verify-code': { ...none, transacted: 6, transactedIdentities: 1, written: 1, macs: 1 },
  'reset-password': { ...none, transacted: 10, transactedIdentities: 1, written: 1, read: 1, macs: 2 },
  login: { ...none, transacted: 6, transactedIdentities: 1, read: 5, macs: 1 },
  deliver: { ...none, runs: 2, transacted: 16, written: 3, read: 4, macs: 4, emails: 2, sms: 1, smsParts: 1 },
  'append-ledger': { ...none, runs: 4, transacted: 14, read: 4 },
  'seal-ledger': { ...none, runs: 0, written: 1 },
} as const satisfies Partial<Record<FunctionId, Counts>>

export const scheduledCounts = {
  'seal-ledger': { ...none, read: 17, written: 1, signatures: 1, objects: 1 },
  'sweep-outbox': { ...none, read: 1 },
  'watch-sms': { ...none, read: 168 },
} as const satisfies Record<ScheduledWorkerId, Counts>
