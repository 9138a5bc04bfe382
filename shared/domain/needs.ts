/** What an action of the team's own needs beyond a live session. */
import type { Factor } from '../events.ts'

export const needs = ['POSSESSION', 'PIN'] as const
export type Need = (typeof needs)[number]

const isOf = (need: Need) => (factor: Factor) =>
  need === 'PIN' ? factor.method === 'pin' : factor.group === 'POSSESSION'

/**
 * @param factors those that still count
 * @returns the needs that they do not meet. G15: a PIN counts only beside possession, so it never stands alone.
 */
export function unmet(wanted: readonly Need[], factors: readonly Factor[]): Need[] {
  const asked = needs.filter((need) => wanted.includes(need) || wanted.includes('PIN'))
  return asked.filter((need) => !factors.some(isOf(need)))
}
