/** Reads the ledger: a chain's head, its entries, a page of one identity's. Entries are stored as they are exported. */
import { identityChain } from '../ledger/chains.ts'
import { type Entry, emptyHead, type Head } from '../ledger/entry.ts'
import { type Key, query, scan } from './database.ts'
import { eachItem, eachPage } from './pages.ts'

export type EntryPlace = Pick<Entry, 'chain' | 'seq'>

/** Strongly consistent. @returns the newest entry's seq and hash. @throws Unavailable */
export async function readHead(chain: string): Promise<Head> {
  const { items } = await query('ledger', '#chain = :chain', { chain }, { limit: 1, descending: true })
  const [entry] = items
  return entry ? { seq: entry.seq, hash: entry.hash } : emptyHead
}

/**
 * Entries of a chain after a seq, oldest first.
 * @throws Unavailable
 */
export const readEntriesAfter = (chain: string, seq: number): AsyncGenerator<Entry> =>
  eachItem((from: Key | undefined) => query('ledger', '#chain = :chain', { chain }, { from }), { chain, seq })

/**
 * All entries, each chain's together and in order, the chains in no order.
 * @param after the entry to go on behind, which need not be there any more
 * @throws Unavailable
 */
export const scanEntries = (after?: EntryPlace): AsyncGenerator<readonly Entry[]> =>
  eachPage((from: Key | undefined) => scan('ledger', from), after && { ...after })

/** What is asked for is mostly a few entries, and of a busy chain many: each page is four times the one before. */
const firstPage = 12
const pageGrowth = 4
const largestPage = 3_000

export interface NewerThan {
  readonly chain: string
  /** Of the newest entry that is known. */
  readonly seq: number
  /** Epoch ms, by `writtenAt`. */
  readonly time: number
}

/**
 * Entries of a chain that are newer than both marks, newest first, page by page; what is older is not read.
 * @param upTo seq of the newest that is asked for; the newest there is where it is not given
 * @throws Unavailable
 */
export async function* entriesBack({ chain, seq, time }: NewerThan, upTo?: number): AsyncGenerator<Entry[]> {
  let limit = firstPage
  const newest = (from: Key | undefined) =>
    query('ledger', '#chain = :chain', { chain }, { limit, descending: true, from })
  for await (const entries of eachPage(newest, upTo === undefined ? undefined : { chain, seq: upTo + 1 })) {
    const newer = entries.filter((entry) => entry.seq > seq && entry.writtenAt >= time)
    yield newer
    if (newer.length < entries.length) return
    limit = Math.min(limit * pageGrowth, largestPage)
  }
}

/** As {@link entriesBack}, all of them, oldest first. @throws Unavailable */
export async function entriesSince(chain: string, seq: number, time: number): Promise<Entry[]> {
  const found: Entry[] = []
  for await (const page of entriesBack({ chain, seq, time })) found.push(...page)
  return found.reverse()
}

/** The newest entries of an identity, newest first. @throws Unavailable */
export async function newestEntries(userId: string, limit: number): Promise<Entry[]> {
  const chain = identityChain(userId)
  const { items } = await query('ledger', '#chain = :chain', { chain }, { limit, descending: true })
  return items
}

export interface ChainPage {
  readonly entries: readonly Entry[]
  readonly nextCursor?: string
}

const cursorOf = (seq: number) => Buffer.from(`seq:${seq}`).toString('base64url')

/** @returns the seq that a cursor stands for, or undefined when it is none of ours. */
function seqOfCursor(cursor: string): number | undefined {
  const seq = /^seq:([1-9][0-9]{0,14})$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1]
  return seq !== undefined && cursorOf(Number(seq)) === cursor ? Number(seq) : undefined
}

/**
 * A page of an identity's entries, oldest first.
 * @param cursor `nextCursor` of the page before; undefined for the first
 * @returns undefined when the cursor is not one of ours
 * @throws Unavailable
 */
export async function readChain(
  userId: string,
  cursor: string | undefined,
  limit: number,
): Promise<ChainPage | undefined> {
  const seq = cursor === undefined ? 0 : seqOfCursor(cursor)
  if (seq === undefined) return undefined
  const chain = identityChain(userId)
  const { items, next } = await query('ledger', '#chain = :chain', { chain }, { limit, from: { chain, seq } })
  const last = items.at(-1)
  return { entries: items, ...(next && last && { nextCursor: cursorOf(last.seq) }) }
}
