/**
 * New entries of all chains as they come, without reading what is old: the rows of heads that moved since the last
 * checkpoint name the chains, and a checkpoint made meanwhile names those whose rows it took away.
 */
import type { Entry } from '#shared/ledger/entry.ts'
import { readCheckpoint, readPointer } from '#shared/stores/checkpoints.ts'
import { entriesSince } from '#shared/stores/ledger.ts'
import { readMovedHeads } from '#shared/stores/moved-heads.ts'

interface Head {
  readonly chain: string
  readonly seq: number
}

/** Checkpoints from one number to another, as far as they are there. */
async function leavesBetween(from: number, to: number): Promise<Head[]> {
  const leaves: Head[] = []
  for (let number = from + 1; number <= to; number += 1)
    leaves.push(...((await readCheckpoint(number))?.leaves ?? []))
  return leaves
}

/**
 * @param since epoch ms: entries written before it are not shown
 * @param pause waits between two looks. @returns whether to go on
 * @throws Unavailable
 */
export async function* follow(since: number, pause: () => Promise<boolean>): AsyncGenerator<Entry> {
  const seen = new Map<string, number>()
  let checkpoint = (await readPointer())?.number ?? 0
  do {
    // Heads before the pointer: one that is sealed in between is then among the leaves.
    const moved = await readMovedHeads()
    const newest = (await readPointer())?.number ?? 0
    const heads = [...moved, ...(await leavesBetween(checkpoint, newest))]
    checkpoint = newest
    const fresh: Entry[] = []
    for (const { chain, seq } of heads) {
      const known = seen.get(chain) ?? 0
      if (seq <= known) continue
      const entries = await entriesSince(chain, known, since)
      seen.set(chain, Math.max(seq, entries.at(-1)?.seq ?? 0))
      fresh.push(...entries)
    }
    yield* fresh.sort((one, other) => one.writtenAt - other.writtenAt)
  } while (await pause())
}
