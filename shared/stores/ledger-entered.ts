/**
 * The outbox row is the mark that its event is not in the ledger yet. In a table that went back to a moment of before (docs/deploy.md, 7)
 * it stands there although the entry does too, and would be entered again, which no verifier accepts (ADR 0108). So whoever appends
 * looks for the entry first where a row is old enough to come from such a table, and for no other, which costs no call (ADR 0118).
 */
import type { EventRow } from '../events.ts'
import { policy } from '../policy.ts'
import { entriesBack } from './ledger.ts'

/** Clocks of who wrote the row and who appended it differ. */
const clocksDifferMs = 15 * 60_000

const mayBeRestored = ({ createdAt }: EventRow, now: number) =>
  now - createdAt >= policy.restoredRowSeconds * 1000

/**
 * @param rows of one chain
 * @param now epoch ms
 * @returns ids of those that are entries of the chain already
 * @throws Unavailable
 */
export async function enteredBefore(
  chain: string,
  rows: readonly EventRow[],
  now: number,
): Promise<ReadonlySet<string>> {
  const old = rows.filter((row) => mayBeRestored(row, now))
  const sought = new Set(old.map(({ sk }) => sk))
  const entered = new Set<string>()
  if (sought.size === 0) return entered
  const time = Math.min(...old.map(({ createdAt }) => createdAt)) - clocksDifferMs
  for await (const entries of entriesBack({ chain, seq: 0, time })) {
    for (const { id } of entries) if (sought.has(id)) entered.add(id)
    if (entered.size === sought.size) break
  }
  return entered
}
