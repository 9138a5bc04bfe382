/** Which heads the next checkpoint seals, and the time it is dated with. */
import { byChain, type Leaf } from './checkpoint.ts'

/** A checkpoint is one object that is read whole; what is left over follows in the next one. */
export const leavesPerCheckpoint = 50_000

interface Moved extends Leaf {
  readonly since: number
}

export interface Choice {
  /** Sorted by chain. */
  readonly leaves: readonly Leaf[]
  readonly at: number
  /** How many heads wait for the next checkpoint. */
  readonly left: number
}

/**
 * Takes the chains that have waited longest. A checkpoint that leaves some over is dated before the oldest entry that it
 * leaves, for a verifier takes unsealed entries that are older than the last checkpoint but one for slipped in.
 * @param now when reading the heads began, epoch milliseconds
 * @param before `at` of the checkpoint before; dates never go back
 */
export function chooseLeaves(
  moved: readonly Moved[],
  now: number,
  before: number,
  most = leavesPerCheckpoint,
): Choice {
  const waiting = moved.length > most ? moved.toSorted((a, b) => a.since - b.since) : moved
  const leaves = waiting.slice(0, most).map(({ chain, seq, hash }) => ({ chain, seq, hash }))
  const oldestLeft = waiting[most]?.since ?? Number.POSITIVE_INFINITY
  const at = Math.max(before, Math.min(now, oldestLeft - 1))
  return { leaves: leaves.sort(byChain), at, left: Math.max(0, moved.length - most) }
}
