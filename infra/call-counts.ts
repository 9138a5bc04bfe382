/**
 * What one recovery makes the functions do: ask, deliver, verify, reset with five old passwords on record and nothing to
 * clear of failed sign-ins, tell the owner, sign in, five entries in the ledger, and their part of a checkpoint. And what each schedule does though nothing
 * happened. Counted on the wire by `bench/processes/counted-run.ts`, where the workers are given what one step left as one
 * batch; a test holds both tables to it.
 */
import type { ScheduledWorkerId } from '../shared/event-sources.ts'
import type { FunctionId } from './roles.ts'

export interface Counts {
  readonly runs: number
  /** Items of transactions, written or checked, each below a kilobyte. */
  readonly transacted: number
  /** Items written or deleted outside of transactions. */
  readonly written: number
  /** Items read, all consistently; a query or scan is one. */
  readonly read: number
  /** KMS MACs; those of sub-keys, asked for once a container and hour or day, are left out. */
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

/** A run in which nothing was counted. */
export const none: Counts = {
  runs: 1,
  transacted: 0,
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
  'verify-code': { ...none, transacted: 5, written: 1 },
  'reset-password': { ...none, transacted: 4, written: 1, read: 2, macs: 1 },
  login: { ...none, transacted: 6, read: 5, macs: 1 },
  deliver: { ...none, runs: 1, transacted: 2, written: 1, read: 3, emails: 1 },
  notify: { ...none, runs: 1, transacted: 2, written: 3, read: 1, emails: 1, sms: 1, smsParts: 1 },
  'append-ledger': { ...none, runs: 4, transacted: 11, read: 2 },
  // Of its next runs: the chain's head and its entries are read, these kept and its mark noted as sealed; and then the head once more
  // and the mark deleted.
  'seal-ledger': { ...none, runs: 0, written: 2, read: 3 },
} as const satisfies Partial<Record<FunctionId, Counts>>

export const scheduledCounts = {
  // The checkpoint, and all that it seals in one object: it is the same for one recovery and for thousands.
  'seal-ledger': { ...none, read: 17, written: 1, signatures: 1, objects: 2 },
  'sweep-outbox': { ...none, read: 2 },
  'watch-sms': { ...none, read: 898 },
} as const satisfies Record<ScheduledWorkerId, Counts>
