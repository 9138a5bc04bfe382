/**
 * Chains that moved since they were last sealed: one row a chain, in partitions of the seal table. An appender marks a chain at
 * most once in five minutes, so a row says that the chain may have moved, and the ledger how far.
 */
import { dirtyShard, dirtyShards } from '../ledger/chains.ts'
import type { Leaf } from '../ledger/checkpoint.ts'
import type { Head } from '../ledger/entry.ts'
import { policy } from '../policy.ts'
import { type Key, query, removeOne, update, updateOne, type Write } from './database.ts'
import { readHead } from './ledger.ts'
import { eachItem } from './pages.ts'

const callsAtOnce = 32

/** How long an appender that marked a chain appends to it without marking it again. */
const markLifeMs = policy.checkpointIntervalSeconds * 1000
/**
 * Between the end of a mark's life and its row's: twice what an appender may run (a minute, `infra/capacity.ts`), for what it has
 * begun to write, and for two whose marks are stored in another order than they were made in; and a minute for their clocks.
 */
const graceMs = 3 * 60_000

/** Whether a chain that was marked at a moment need not be marked again. */
export const isMarked = (markedAt: number | undefined, now: number): boolean =>
  markedAt !== undefined && markedAt <= now && now < markedAt + markLifeMs

const rowOf = (chain: string) => ({ pk: dirtyShard(chain), sk: chain })
const markChange =
  'SET #seq = :seq, #hash = :hash, #since = if_not_exists(#since, :now), markedAt = :now ADD marks :one'
const markValues = ({ seq, hash }: Head, now: number) => ({ seq, hash, now, one: 1 })

/** Needs no condition: the entry beside it has one. */
export const markWrite = (chain: string, head: Head, now: number): Write =>
  update('seal', rowOf(chain), markChange, { values: markValues(head, now) })

/** Marks a chain apart from any entry. @throws Unavailable */
export async function mark(chain: string, head: Head, now: number): Promise<void> {
  await updateOne('seal', rowOf(chain), markChange, { values: markValues(head, now) })
}

/** A chain that is marked, and its head, which was read after the mark. */
export interface MarkedChain {
  readonly chain: string
  readonly head: Head
  /** When the chain's oldest unsealed entry was written, or an older time. */
  readonly since: number
  /** Seq up to which it is known to be sealed. */
  readonly sealed: number
  /** The row as it was read. The version before wrote it with each entry, without time and count. */
  readonly row: Head & { readonly markedAt?: number; readonly marks?: number }
}

export interface MovedHead extends Leaf {
  readonly since: number
}

type Row = Omit<MarkedChain, 'head'>

async function readShard(pk: string): Promise<Row[]> {
  const rows: Row[] = []
  const inShard = (from: Key | undefined) => query('seal', 'pk = :pk', { pk }, { from })
  for await (const { sk, since, sealed, ...row } of eachItem(inShard))
    rows.push({
      chain: sk as string,
      since: since as number,
      sealed: Number(sealed ?? 0),
      row: row as unknown as MarkedChain['row'],
    })
  return rows
}

/** Does it for each, some at once. */
async function forEach<T>(all: readonly T[], work: (each: T) => Promise<void>): Promise<void> {
  const queue = all.values()
  const worker = async () => {
    for (const each of queue) await work(each)
  }
  await Promise.all(Array.from({ length: callsAtOnce }, worker))
}

/** Strongly consistent, the heads after the marks. @throws Unavailable */
export async function readMarkedChains(): Promise<MarkedChain[]> {
  const rows = (await Promise.all(dirtyShards.map(readShard))).flat()
  const chains: MarkedChain[] = []
  await forEach(rows, async (row) => void chains.push({ ...row, head: await readHead(row.chain) }))
  return chains
}

/** Heads that moved since they were last sealed. */
export const movedIn = (chains: readonly MarkedChain[]): MovedHead[] =>
  chains
    .filter(({ head, sealed }) => head.seq > sealed)
    .map(({ chain, head, since }) => ({ chain, ...head, since }))

/** @throws Unavailable as {@link readMarkedChains} */
export const readMovedHeads = async (): Promise<MovedHead[]> => movedIn(await readMarkedChains())

/** Nobody appends on the strength of this mark any more, so the head that was read is the last that it stood for. */
const isOver = ({ row: { markedAt } }: MarkedChain, readAt: number) =>
  markedAt === undefined || markedAt + markLifeMs + graceMs <= readAt

/** A row that was marked meanwhile stays. */
async function clear({ chain, row: { seq, hash, marks } }: MarkedChain): Promise<void> {
  const same = marks === undefined ? 'attribute_not_exists(marks)' : 'marks = :marks'
  await removeOne('seal', rowOf(chain), {
    condition: `#seq = :seq AND #hash = :hash AND ${same}`,
    values: { seq, hash, ...(marks !== undefined && { marks }) },
  })
}

/** One that is gone is not brought back. */
async function noteSealed(chain: string, sealed: number): Promise<void> {
  await updateOne('seal', rowOf(chain), 'SET sealed = :sealed', {
    condition: 'attribute_exists(pk) AND (attribute_not_exists(sealed) OR sealed < :sealed)',
    values: { sealed },
  })
}

/**
 * After a checkpoint: deletes the rows of chains that it covers whole and nobody relies on any more, and notes on the others how
 * far they are sealed. May be repeated.
 * @param chains as they were read before the checkpoint was made, or before it was found
 * @param leaves of the checkpoint; none where nothing moved
 * @param readAt when reading the marks began (epoch ms)
 * @throws Unavailable
 */
export async function settleMarks(
  chains: readonly MarkedChain[],
  leaves: readonly Leaf[],
  readAt: number,
): Promise<void> {
  const sealedNow = new Map(leaves.map(({ chain, seq }) => [chain, seq]))
  await forEach(chains, async (each) => {
    const { chain, head, sealed } = each
    const upTo = Math.max(sealed, sealedNow.get(chain) ?? 0)
    if (upTo >= head.seq && isOver(each, readAt)) await clear(each)
    else if (upTo > sealed) await noteSealed(chain, upTo)
  })
}
