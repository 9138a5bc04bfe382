/** Memory, time and places of each function. */
import { policy } from '../shared/policy.ts'
import { access } from './access.ts'
import type { FunctionId } from './roles.ts'

/**
 * Sized for the processor that comes with it (1,769 MB: one whole), not for what is held: `node local/lambda/measure.ts`
 * saw peaks of 122 MB where argon2 runs (its 19 MiB among them) and 99 MB elsewhere, x64, Node 24.21, docs/numbers.md.
 * argon2 fills a whole processor: a login used 28 ms of it, a reset 61 ms. Imported hashes need all of it for the time that the
 * table of their costs says; where none is taken, half a processor costs half (ADR 0115).
 */
const hashingMemoryMb = (loginFloorMs: number): number =>
  loginFloorMs < policy.importFloorLeastMs ? 885 : 1769
/** Steps without it use 4 to 12 ms of a processor and wait for the network: 512 MB is 0.29 of one, five times the peak. */
const plainMemoryMb = 512

export const hashes = (id: FunctionId): boolean => 'hashes' in access[id]

/** @param loginFloorMs of the stage */
export const memoryMb = (id: FunctionId, loginFloorMs: number = policy.loginFloorMs): number =>
  hashes(id) ? hashingMemoryMb(loginFloorMs) : plainMemoryMb

/** Steps answer within API Gateway's 29 s; workers take their time. */
const workerTimeoutSeconds: Readonly<Partial<Record<FunctionId, number>>> = {
  // Shorter than a lease (shared/stores/deliveries.ts): whoever takes over a row must be its only sender.
  deliver: 25,
  notify: 25,
  'append-ledger': 60,
  'seal-ledger': 240,
  sentinel: 30,
  'sweep-outbox': 120,
  'watch-sms': 60,
  publish: 60,
  // Waits for a letter, and for six replies.
  canary: policy.canary.waitSeconds + 60,
  // It waits for its own right, which is new.
  'put-decoy': 60,
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
  // Fewer than codes have: both share what the senders take.
  notify: 10,
  'append-ledger': 20,
  'seal-ledger': 1,
  'sweep-outbox': 1,
  'watch-sms': 1,
} as const satisfies Partial<Record<FunctionId, number>>

/** @param places that a stage has set */
export const reservationOf = (
  id: FunctionId,
  places: Readonly<Partial<Record<FunctionId, number | undefined>>> = {},
): number | undefined =>
  places[id] ?? (reservedConcurrency as Readonly<Partial<Record<FunctionId, number>>>)[id]
