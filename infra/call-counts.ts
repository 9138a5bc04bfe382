/**
 * What one recovery makes the functions do: ask, deliver, verify, reset with five old passwords on record, tell the
 * owner, sign in, and five entries in the ledger. Counted on the wire; a test holds the table to a run. Workers take what
 * comes at once in one batch, so for them these are the most.
 */
import type { FunctionId } from './roles.ts'

export interface Counts {
  readonly runs: number
  /** Items of transactions, written or checked. */
  readonly transacted: number
  /** Of those, rows of identities: they are larger than the rest. */
  readonly transactedIdentities: number
  /** Single writes. */
  readonly written: number
  /** Items read, all consistently. */
  readonly read: number
  /** KMS MACs. */
  readonly macs: number
  readonly emails: number
  readonly sms: number
}

const none: Counts = {
  runs: 1,
  transacted: 0,
  transactedIdentities: 0,
  written: 0,
  read: 0,
  macs: 0,
  emails: 0,
  sms: 0,
}

export const recoveryCounts = {
  'request-code': { ...none, transacted: 5 },
  'verify-code': { ...none, transacted: 6, transactedIdentities: 1, written: 1, macs: 1 },
  'reset-password': { ...none, transacted: 10, transactedIdentities: 1, written: 1, read: 1, macs: 2 },
  login: { ...none, transacted: 6, transactedIdentities: 1, read: 5, macs: 1 },
  deliver: { ...none, runs: 3, transacted: 13, written: 4, read: 4, macs: 4, emails: 2, sms: 1 },
  'append-ledger': { ...none, runs: 5, transacted: 16, read: 4 },
} as const satisfies Partial<Record<FunctionId, Counts>>
