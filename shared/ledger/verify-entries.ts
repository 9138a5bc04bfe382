/** Second pass of a verifier: the entries, chain by chain, held against the leaves of the checkpoints. */
import { canonical } from './canonical.ts'
import { type Entry, noHash, textHash } from './entry.ts'
import { Tampered, Unusable } from './findings.ts'
import { parseEntry } from './lines.ts'

/** A leaf and the number of the checkpoint that holds it. */
export interface SealedHead {
  readonly chain: string
  readonly seq: number
  readonly hash: string
  readonly checkpoint: number
}

export interface EntriesSeen {
  readonly entries: number
  readonly chains: number
  /** Entries newer than the last leaf of their chain. */
  readonly uncovered: number
}

const nameOf = (at: { chain: string; seq: number }) => `${at.chain} seq ${at.seq}`

/**
 * The hash an entry should have. The text is known to be canonical, so taking the `hash` member out of it leaves the
 * canonical text of the rest; an entry in which it stands first is serialised anew.
 */
function hashOf(entry: Entry, text: string): string {
  const member = `,"hash":"${entry.hash}"`
  const start = text.indexOf(member)
  if (start !== -1) return textHash(text.slice(0, start) + text.slice(start + member.length))
  const { hash: _own, ...rest } = entry
  return textHash(canonical(rest))
}

/** Walks entries and leaves together; both are sorted by chain and seq. */
class Walk {
  readonly #heads: Iterator<SealedHead>
  readonly #uncoveredAfter: number
  #head: SealedHead | undefined
  #chain = ''
  #seq = 0
  #hash = noHash
  /** Ids of the chain's entries: an event is entered once. */
  #ids = new Set<string>()
  #checkpoint = 0
  /** Seq of the chain's last leaf met so far. */
  #sealedSeq = 0
  /** First entry after it that is too old to be uncovered. */
  #old: string | undefined
  entries = 0
  chains = 0
  uncovered = 0

  constructor(heads: Iterable<SealedHead>, uncoveredAfter: number) {
    this.#heads = heads[Symbol.iterator]()
    this.#uncoveredAfter = uncoveredAfter
    this.#nextHead()
  }

  #nextHead(): void {
    const { done, value } = this.#heads.next()
    this.#head = done ? undefined : value
  }

  /** @throws Tampered */
  take(entry: Entry, text: string): void {
    if (entry.chain !== this.#chain) this.#startChain(entry)
    this.#checkLink(entry, text)
    this.entries += 1
    this.#seq = entry.seq
    this.#hash = entry.hash
    if (this.#old === undefined && entry.writtenAt <= this.#uncoveredAfter) this.#old = nameOf(entry)
    this.#meetHeads(entry)
  }

  #startChain(entry: Entry): void {
    if (entry.chain < this.#chain)
      throw new Tampered(nameOf(entry), `it is out of order: it stands after ${this.#chain}`)
    this.#endChain()
    const missing = this.#head
    if (missing && missing.chain < entry.chain) throw chainMissing(missing)
    this.#chain = entry.chain
    this.#seq = 0
    this.#hash = noHash
    this.#ids = new Set()
    this.#checkpoint = 0
    this.#sealedSeq = 0
    this.chains += 1
  }

  #checkLink(entry: Entry, text: string): void {
    if (entry.seq !== this.#seq + 1) {
      const last = this.#seq === 0 ? 'the chain starts there' : `it stands after seq ${this.#seq}`
      const problem =
        entry.seq <= this.#seq ? 'it is out of order or there twice' : 'entries before it are missing'
      throw new Tampered(nameOf(entry), `${problem}: ${last}`)
    }
    if (entry.prevHash !== this.#hash)
      throw new Tampered(nameOf(entry), 'its prevHash is not the hash of the entry before it')
    if (hashOf(entry, text) !== entry.hash)
      throw new Tampered(nameOf(entry), 'its content does not have its hash: it was changed')
    this.#checkId(entry)
  }

  /** A verifier asks for no id, so an entry may lack it. */
  #checkId(entry: Entry): void {
    const id: unknown = entry.id
    if (typeof id !== 'string') return
    if (this.#ids.has(id))
      throw new Tampered(
        nameOf(entry),
        'its id stands in the chain before: one event was entered a second time',
      )
    this.#ids.add(id)
  }

  /** Every leaf of this place must name this entry. */
  #meetHeads(entry: Entry): void {
    for (let head = this.#head; head?.chain === entry.chain && head.seq === entry.seq; head = this.#head) {
      if (head.hash !== entry.hash) throw this.#rewritten(head)
      if (head.checkpoint < this.#checkpoint) throw wentBack(head, this.#checkpoint)
      this.#checkpoint = head.checkpoint
      this.#sealedSeq = entry.seq
      this.#old = undefined
      this.#nextHead()
    }
  }

  #rewritten(head: SealedHead): Tampered {
    const from = this.#sealedSeq + 1
    const span =
      from === head.seq ? 'it was replaced' : `the chain was rewritten between seq ${from} and here`
    return new Tampered(
      nameOf(head),
      `its hash is not the one that checkpoint ${head.checkpoint} sealed: ${span}`,
    )
  }

  #endChain(): void {
    const head = this.#head
    if (head && head.chain === this.#chain)
      throw new Tampered(
        nameOf(head),
        `the chain is cut: it ends at ${this.#seq}, but checkpoint ${head.checkpoint} sealed seq ${head.seq}`,
      )
    if (this.#old !== undefined)
      throw new Tampered(
        this.#old,
        'it was never sealed, although it is older than the last checkpoint but one',
      )
    this.uncovered += this.#seq - this.#sealedSeq
  }

  /** @throws Tampered, Unusable */
  end(): void {
    const head = this.#head
    if (this.entries === 0) {
      const sealed = head ? `, but the checkpoints sealed ${head.chain} and others` : ''
      throw new Unusable(`entries.ndjson is empty${sealed}`)
    }
    this.#endChain()
    if (this.#head) throw chainMissing(this.#head)
  }
}

const chainMissing = (head: SealedHead) =>
  new Tampered(
    head.chain,
    `the chain is missing: checkpoint ${head.checkpoint} sealed it up to seq ${head.seq}`,
  )

const wentBack = (head: SealedHead, later: number) =>
  new Tampered(
    `checkpoint ${later}`,
    `it sealed ${head.chain} below seq ${head.seq}, which checkpoint ${head.checkpoint} had sealed before`,
  )

/**
 * Checks every entry in one pass. What it keeps are the ids of one chain.
 * @param lines of entries.ndjson
 * @param heads leaves of all checkpoints, sorted by chain, seq and checkpoint
 * @param progress called now and then with the number of entries checked
 * @throws Unusable, Tampered
 */
export function verifyEntries(
  lines: Iterable<string>,
  heads: Iterable<SealedHead>,
  uncoveredAfter: number,
  progress: (entries: number) => void = () => undefined,
): EntriesSeen {
  const walk = new Walk(heads, uncoveredAfter)
  for (const line of lines) {
    walk.take(parseEntry(line, `entries.ndjson line ${walk.entries + 1}`), line)
    if (walk.entries % 65_536 === 0) progress(walk.entries)
  }
  walk.end()
  return { entries: walk.entries, chains: walk.chains, uncovered: walk.uncovered }
}
