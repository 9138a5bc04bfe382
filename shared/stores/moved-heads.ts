/** Heads that moved since they were last sealed: one row a chain, in partitions of the seal table. */
import { dirtyShard, dirtyShards } from '../ledger/chains.ts'
import type { Leaf } from '../ledger/checkpoint.ts'
import { type Key, query, removeOne } from './database.ts'

const deletesAtOnce = 32

export interface MovedHead extends Leaf {
  /** When the chain's oldest unsealed entry was written, or an older time. */
  readonly since: number
}

async function readShard(pk: string): Promise<MovedHead[]> {
  const heads: MovedHead[] = []
  let from: Key | undefined
  do {
    const page = await query('seal', 'pk = :pk', { pk }, { from })
    for (const { sk, seq, hash, since } of page.items)
      heads.push({ chain: sk as string, seq: seq as number, hash: hash as string, since: since as number })
    from = page.next
  } while (from !== undefined)
  return heads
}

/** Strongly consistent. @throws Unavailable */
export async function readMovedHeads(): Promise<MovedHead[]> {
  return (await Promise.all(dirtyShards.map(readShard))).flat()
}

/** A row that moved on, or is moving now, stays for the next checkpoint. */
async function clear({ chain, seq, hash }: Leaf): Promise<void> {
  await removeOne(
    'seal',
    { pk: dirtyShard(chain), sk: chain },
    { condition: '#seq = :seq AND #hash = :hash', values: { seq, hash } },
  )
}

/** Deletes the rows of sealed heads that have not moved since. @throws Unavailable */
export async function clearMovedHeads(leaves: readonly Leaf[]): Promise<void> {
  const queue = leaves.values()
  const work = async () => {
    for (const leaf of queue) await clear(leaf)
  }
  await Promise.all(Array.from({ length: deletesAtOnce }, work))
}
