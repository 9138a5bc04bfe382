/** Which stored checkpoint covers an entry first, found without reading those long before it. */
import type { Checkpoint } from '../ledger/checkpoint.ts'
import type { Entry } from '../ledger/entry.ts'
import { leavesPerCheckpoint } from '../ledger/sealing.ts'
import { readCheckpoint, readPointer } from './checkpoints.ts'

/** Clocks of appender and sealer differ by less; an earlier start only reads a few checkpoints more. */
const skewMs = 60_000

/** First checkpoint dated at or after `time`: their dates never go back. */
async function firstSince(time: number, newest: number): Promise<number> {
  let [low, high] = [1, newest]
  while (low < high) {
    const middle = (low + high) >> 1
    const checkpoint = await readCheckpoint(middle)
    if (checkpoint !== undefined && checkpoint.at < time) low = middle + 1
    else high = middle
  }
  return low
}

/**
 * Back over the full ones right before it, which are dated before what they left over and so may be older than what they
 * seal. One that is not full has the date at which it was made: nothing newer is in it, or before it.
 */
async function beforeBacklog(start: number, most: number): Promise<number> {
  let number = start
  while (number > 1 && ((await readCheckpoint(number - 1))?.count ?? 0) >= most) number -= 1
  return number
}

/** @returns the first checkpoint that covers the entry, so that a receipt shows as little as can be of what came after. */
export async function coveringCheckpoint(
  entry: Entry,
  most = leavesPerCheckpoint,
): Promise<{ checkpoint: Checkpoint; seq: number } | undefined> {
  const newest = (await readPointer())?.number ?? 0
  if (newest === 0) return undefined
  const start = await beforeBacklog(await firstSince(entry.writtenAt - skewMs, newest), most)
  for (let number = start; number <= newest; number += 1) {
    const checkpoint = await readCheckpoint(number)
    const leaf = checkpoint?.leaves.find((each) => each.chain === entry.chain)
    if (checkpoint && leaf && leaf.seq >= entry.seq) return { checkpoint, seq: leaf.seq }
  }
  return undefined
}
