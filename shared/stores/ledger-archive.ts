/**
 * The archive: entries beside the checkpoints, in the locked bucket, where they outlive the table and its backups. An object is named
 * by what it holds, so that whoever repeats a part of it puts nothing twice; an entry may stand in several.
 */
import { hash } from 'node:crypto'
import { canonical } from '../ledger/canonical.ts'
import type { Leaf } from '../ledger/checkpoint.ts'
import type { Entry } from '../ledger/entry.ts'
import { paddedNumber } from './checkpoints.ts'
import { type EntryPlace, entriesBack, scanEntries } from './ledger.ts'
import { putOnce } from './ledger-bucket.ts'
import type { MarkedChain } from './moved-heads.ts'

/** Of one object: held in memory, together with a page of each chain that is read. */
const objectBytes = 8 * 1024 * 1024
const chainsAtOnce = 32
/**
 * How long before its mark a chain's oldest unsealed entry may have been written: appenders that planned at the same time, whose
 * clocks differ, or that were late with the mark. What is read without need is only kept twice.
 */
const beforeMarkMs = 15 * 60_000
/** Where entries are kept that no checkpoint brought. */
const ofNoCheckpoint = 0

/** Gathers lines, and puts an object whenever enough are there. */
class Objects {
  readonly #checkpoint: number
  readonly #from: number
  readonly #most: number
  #lines: string[] = []
  #bytes = 0
  entries = 0

  constructor(checkpoint: number, from: number, most = objectBytes) {
    this.#checkpoint = checkpoint
    this.#from = from
    this.#most = most
  }

  /** @throws Unavailable */
  async add(entries: readonly Entry[]): Promise<void> {
    for (const entry of entries) {
      const line = `${canonical(entry)}\n`
      this.#lines.push(line)
      this.#bytes += Buffer.byteLength(line)
      this.entries += 1
      if (this.#bytes >= this.#most) await this.close()
    }
  }

  /** Puts what is left. One that is there already is the same. @throws Unavailable */
  async close(): Promise<void> {
    if (this.#lines.length === 0) return
    const body = this.#lines.join('')
    const key = `entries/${paddedNumber(this.#checkpoint)}/${hash('sha256', body, 'hex')}.ndjson`
    await putOnce(key, body, this.#from)
    this.#lines = []
    this.#bytes = 0
  }
}

/** A checkpoint that is about to be made. */
export interface Due {
  readonly number: number
  readonly at: number
  readonly leaves: readonly Leaf[]
}

/**
 * Keeps what a checkpoint seals, before the checkpoint itself: one that is in the bucket has its entries there.
 * @param marked the chains as they were read before it; each leaf is of one of them
 * @throws Unavailable
 */
export async function archiveLeaves(
  { number, at, leaves }: Due,
  marked: readonly MarkedChain[],
  most?: number,
): Promise<void> {
  const marks = new Map(marked.map((each) => [each.chain, each]))
  const objects = new Objects(number, at, most)
  for (let start = 0; start < leaves.length; start += chainsAtOnce) {
    const chains = leaves.slice(start, start + chainsAtOnce).map(({ chain, seq }) => {
      const { sealed = 0, since = 0 } = marks.get(chain) ?? {}
      return entriesBack({ chain, seq: sealed, time: since - beforeMarkMs }, seq)
    })
    // Their first pages at once; most have no other. Added in the order of the leaves, so that a repeat makes the same objects.
    const firsts = await Promise.all(chains.map((pages) => pages.next()))
    for (const [place, pages] of chains.entries()) {
      await objects.add(firsts[place]?.value ?? [])
      for await (const page of pages) await objects.add(page)
    }
  }
  await objects.close()
}

export interface Archived {
  readonly entries: number
  /** The last of them, where there may be more behind it. */
  readonly after?: EntryPlace
}

/**
 * Keeps what is in the table, sealed or not, from one place on and as far as time allows.
 * @param until epoch milliseconds of `clock`, looked at after each page of the table
 * @throws Unavailable
 */
export async function archiveTable(
  after: EntryPlace | undefined,
  clock: () => number,
  until: number,
): Promise<Archived> {
  const objects = new Objects(ofNoCheckpoint, clock())
  let last: EntryPlace | undefined
  for await (const page of scanEntries(after)) {
    await objects.add(page)
    const { chain, seq } = page.at(-1) ?? {}
    if (chain === undefined || seq === undefined) continue
    last = { chain, seq }
    if (clock() >= until) break
    last = undefined
  }
  await objects.close()
  return { entries: objects.entries, ...(last && { after: last }) }
}
