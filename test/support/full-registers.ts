/** Registers of an address as stored once it has done as much as it may in an hour. Only while a world runs. */
import { type FlowId, flowOf } from '#shared/contract/flows.ts'
import { sourceOf } from '#shared/domain/source.ts'
import type { Subject } from '#shared/events.ts'
import { policy } from '#shared/policy.ts'
import { transact, update } from '#shared/stores/database.ts'
import { loginRegisters } from '#shared/stores/logins.ts'
import { pairRegisters } from '#shared/stores/pairs.ts'
import { type Register, recordWrites } from '#shared/stores/registers.ts'

async function fill(pk: string, places: number): Promise<void> {
  if (places === 0) return
  const full = Array.from({ length: places }, (_, index) => `s${index + 1} = :now`).join(', ')
  await transact([update('challenges', { pk }, `SET ${full}`, { values: { now: Date.now() } })])
}

/** The address has asked for all its codes of the hour just now but `left`, which would take as many requests. */
export const fillCodesOf = (flow: FlowId, ip: string, left = 0): Promise<void> =>
  fill(`I#${flow}#${sourceOf(ip)}`, flowOf(flow).codesPerIpHour - left)

/** The address has guessed at nothing as often as leaves entries. */
export const fillGuessesOf = (ip: string): Promise<void> =>
  fill(`I#guess#${sourceOf(ip)}`, policy.uncountedGuessEntriesPerIpHour)

/** So many in one register of several, by the product's own write. */
async function record(registers: readonly Register[], name: string, count: number): Promise<void> {
  const register = registers.find((each) => each.name === name)
  if (register === undefined) throw new Error(`No register is named ${name}`)
  for (let made = 0; made < count; made += 1) await transact(recordWrites(register, Date.now()))
}

const nobody = { kind: 'username', value: 'nobody' } as const

/** So many wrong passwords just now, from an address. */
export const recordWrongPasswordsFrom = (ip: string, count: number): Promise<void> =>
  record(loginRegisters(nobody, sourceOf(ip)), 'logins-per-ip', count)

/** So many wrong passwords just now, at a typed identifier. */
export const recordWrongPasswordsAt = (typed: Subject, count: number): Promise<void> =>
  record(loginRegisters(typed, sourceOf('192.0.2.1')), 'logins-per-identifier', count)

/** So many pairs just now that do not match, from an address. */
export const recordMismatchesFrom = (ip: string, count: number): Promise<void> =>
  record(pairRegisters(nobody, '+201000000000', sourceOf(ip)), 'pair-per-ip', count)
