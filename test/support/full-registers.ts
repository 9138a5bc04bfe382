/** Registers of an address as stored once it has done as much as it may in an hour. Only while a world runs. */
import { type FlowId, flowOf } from '#shared/contract/flows.ts'
import { sourceOf } from '#shared/domain/source.ts'
import { policy } from '#shared/policy.ts'
import { transact, update } from '#shared/stores/database.ts'

async function fill(pk: string, places: number): Promise<void> {
  const full = Array.from({ length: places }, (_, index) => `s${index + 1} = :now`).join(', ')
  await transact([update('challenges', { pk }, `SET ${full}`, { values: { now: Date.now() } })])
}

/** The address has asked for all its codes of the hour just now, which would take as many requests. */
export const fillCodesOf = (flow: FlowId, ip: string): Promise<void> =>
  fill(`I#${flow}#${sourceOf(ip)}`, flowOf(flow).codesPerIpHour)

/** The address has guessed at nothing as often as leaves entries. */
export const fillGuessesOf = (ip: string): Promise<void> =>
  fill(`I#guess#${sourceOf(ip)}`, policy.uncountedGuessEntriesPerIpHour)
