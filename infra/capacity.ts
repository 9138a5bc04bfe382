/** Memory, time and places of each function. */
import { access } from './access.ts'
import type { FunctionId } from './roles.ts'

/** One whole processor, which argon2 fills; the rest wait for the network. */
export const hashingMemoryMb = 1769
export const plainMemoryMb = 512

export const memoryMb = (id: FunctionId): number => ('hashes' in access[id] ? hashingMemoryMb : plainMemoryMb)

/** Steps answer within API Gateway's 29 s; workers take their time. */
const workerTimeoutSeconds: Readonly<Partial<Record<FunctionId, number>>> = {
  deliver: 60,
  'append-ledger': 60,
  'seal-ledger': 240,
  sentinel: 30,
  'sweep-outbox': 120,
  'put-decoy': 30,
}
export const timeoutSeconds = (id: FunctionId): number => workerTimeoutSeconds[id] ?? 20

/**
 * Functions that a flood must not let take the account's places: those that burn a processor or send messages.
 * Schedules have one place, so that two runs never meet.
 */
export const reservedConcurrency = {
  login: 60,
  'reset-password': 40,
  'reset-pin': 20,
  'verify-pin': 20,
  'set-pin': 10,
  'change-password': 10,
  deliver: 20,
  'append-ledger': 20,
  'seal-ledger': 1,
  'sweep-outbox': 1,
} as const satisfies Partial<Record<FunctionId, number>>

export const reservationOf = (id: FunctionId): number | undefined =>
  (reservedConcurrency as Readonly<Partial<Record<FunctionId, number>>>)[id]
