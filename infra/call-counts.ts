/**
 * What one recovery makes the functions do: ask, deliver, verify, reset with five old passwords on record, tell the
 * owner, sign in, and five entries in the ledger. Counted on the wire; a test holds the table to a run. Workers take what
 * comes at once in one batch, so for them these are the most.
 */
import type { FunctionId } from './roles.ts'

export interface Counts {
  readonly runs: number
  /** Items of transactions, written or checked, each below a kilobyte. */
  readonly transacted: number
  /** Single writes. */
  readonly written: number
  /** Items read, all consistently. */
  readonly read: number
  /** KMS MACs; those of sub-keys, asked for once a container and hour or day, are left out. */
  readonly macs: number
  readonly emails: number
  readonly sms: number
}

const none: Counts = {
  runs: 1,
  transacted: 0,
  written: 0,
  read: 0,
  macs: 0,
  emails: 0,
  sms: 0,
}

export const recoveryCounts = {
  'request-code': { ...none, transacted: 5 },
  'verify-code': { ...none, transacted: 5, written: 1 },
  'reset-password': { ...none, transacted: 8, written: 1, read: 1, macs: 1 },
  login: { ...none, transacted: 6, read: 5, macs: 1 },
  deliver: { ...none, runs: 1, transacted: 3, written: 1, read: 2, emails: 1 },
  notify: { ...none, runs: 1, written: 5, read: 1, emails: 1, sms: 1 },
  'append-ledger': { ...none, runs: 5, transacted: 12, read: 3 },
  // Of its next runs: the chain's head is read and its mark noted as sealed, and then the same once more and the mark deleted.
  'seal-ledger': { ...none, runs: 0, written: 2, read: 2 },
} as const satisfies Partial<Record<FunctionId, Counts>>
