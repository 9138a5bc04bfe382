/** Every way to tamper with an export that we could think of, each with what a verifier must make of it. */

import type { KeyObject } from 'node:crypto'
import { canonical } from '#shared/ledger/canonical.ts'
import { type Checkpoint, statementHash } from '#shared/ledger/checkpoint.ts'
import { type Entry, noHash } from '#shared/ledger/entry.ts'
import { type Ledger, newKey, publicKeyOf, relink, signCheckpoint, sorted } from './forge.ts'

/**
 * `found`: the export alone shows it. `witness`: found with the newest checkpoint kept outside. `key`: found with the
 * public key from outside. `key-only`: with that alone, for all that was kept outside is still there. `open`: it touches only entries that no checkpoint covers yet, so nothing can show it.
 */
export type Expected = 'found' | 'witness' | 'key' | 'key-only' | 'open'

export interface Tampered {
  readonly entries: readonly Entry[]
  readonly checkpoints: readonly Checkpoint[]
  readonly publicKey: Ledger['publicKey']
  /** Stands beside it in the export. */
  readonly addedKey?: Ledger['publicKey']
  readonly expected: Expected
}

/** Picks: numbers that a tampering takes its places and kinds from. */
export type Picks = readonly [number, number, number]

export type Tampering = (ledger: Ledger, picks: Picks) => Tampered

const otherKey = newKey()

const chainsOf = (ledger: Ledger) => [...new Set(ledger.entries.map((entry) => entry.chain))]
const chainOf = (ledger: Ledger, chain: string) => ledger.entries.filter((entry) => entry.chain === chain)
const pick = <T>(list: readonly T[], number: number): T => {
  const found = list[number % list.length]
  if (found === undefined) throw new Error('nothing to pick from')
  return found
}
const leavesOf = (ledger: Ledger, chain: string) =>
  ledger.checkpoints.flatMap(({ leaves }) => leaves.filter((leaf) => leaf.chain === chain))
/** Seq up to which checkpoints fix a chain. */
const sealedSeq = (ledger: Ledger, chain: string) => leavesOf(ledger, chain).at(-1)?.seq ?? 0
const withEntries = (ledger: Ledger, entries: readonly Entry[], found: boolean): Tampered => ({
  ...ledger,
  entries,
  // An export without entries is none.
  expected: found || entries.length === 0 ? 'found' : 'open',
})
const withChain = (ledger: Ledger, chain: string, entries: readonly Entry[], found: boolean): Tampered => {
  const rest = ledger.entries.filter((entry) => entry.chain !== chain)
  return withEntries(ledger, sorted([...rest, ...relink(entries, chain)]), found)
}
const withCheckpoints = (
  ledger: Ledger,
  checkpoints: readonly Checkpoint[],
  expected: Expected,
): Tampered => ({
  ...ledger,
  checkpoints,
  expected,
})

const changed = (value: unknown): unknown => {
  if (typeof value === 'number') return value + 1
  if (typeof value === 'boolean') return !value
  if (typeof value === 'string') return `${value}x`
  return [value]
}

/** Changes, removes or adds one field. */
function editField<T extends object>(item: T, [, field, kind]: Picks): T {
  const names = Object.keys(item)
  const name = pick(names, field)
  const copy = { ...item } as Record<string, unknown>
  if (kind % 3 === 0) copy[name] = changed(copy[name])
  if (kind % 3 === 1) delete copy[name]
  if (kind % 3 === 2) copy['added'] = name
  return copy as T
}

const hasOldTail = (ledger: Ledger, entry: Entry) =>
  entry.writtenAt <= (ledger.checkpoints.at(-2)?.at ?? Number.NEGATIVE_INFINITY)

/** Fields a forger can rewrite so that the entry is still well formed once its hash is made anew. */
const free = { actor: 'admin', outcome: 'failure', time: 1, requestId: 'forged' } as const

/** A checkpoint over nothing that follows on. */
function emptyAfter(checkpoints: readonly Checkpoint[], key: KeyObject): Checkpoint {
  const before = checkpoints.at(-1)
  const number = checkpoints.length + 1
  const prevHash = before ? statementHash(before) : noHash
  return signCheckpoint({ number, at: (before?.at ?? 0) + 1, prevHash, leaves: [] }, key)
}

/** What only the holder of the signing key can do: take back the newest checkpoint and sign another in its place. */
export const fork =
  (key: KeyObject): Tampering =>
  (ledger) => {
    const kept = ledger.checkpoints.slice(0, -1)
    const at = kept.at(-1)?.at ?? Number.NEGATIVE_INFINITY
    const entries = ledger.entries.filter((entry) => entry.writtenAt <= at)
    const forked = { ...emptyAfter(kept, key), keyId: 'key-1' }
    const expected = entries.length === 0 ? 'found' : 'witness'
    return { ...ledger, entries, checkpoints: [...kept, forked], expected }
  }

export const tamperings: Readonly<Record<string, Tampering>> = {
  'edit an entry': (ledger, picks) => {
    const place = picks[0] % ledger.entries.length
    return withEntries(
      ledger,
      ledger.entries.with(place, editField(pick(ledger.entries, place), picks)),
      true,
    )
  },
  'edit an entry and make all later hashes anew': (ledger, [place, field]) => {
    const target = pick(ledger.entries, place)
    const name = pick(Object.keys(free), field) as keyof typeof free
    const chain = chainOf(ledger, target.chain)
    const edited = chain.with(target.seq - 1, { ...target, [name]: free[name] } as Entry)
    return withChain(ledger, target.chain, edited, target.seq <= sealedSeq(ledger, target.chain))
  },
  'delete an entry': (ledger, [place]) => {
    const target = pick(ledger.entries, place)
    const newest = target.seq === chainOf(ledger, target.chain).length
    const found = !newest || target.seq <= sealedSeq(ledger, target.chain)
    return withEntries(ledger, ledger.entries.toSpliced(place % ledger.entries.length, 1), found)
  },
  'delete an entry and make all later hashes anew': (ledger, [place]) => {
    const { chain, seq } = pick(ledger.entries, place)
    return withChain(
      ledger,
      chain,
      chainOf(ledger, chain).toSpliced(seq - 1, 1),
      seq <= sealedSeq(ledger, chain),
    )
  },
  'insert an entry and make all later hashes anew': (ledger, [place, where]) => {
    const target = pick(ledger.entries, place)
    const entries = chainOf(ledger, target.chain)
    const at = where % (entries.length + 1)
    const sealed = sealedSeq(ledger, target.chain)
    const inserted = { ...target, id: 'inserted' }
    const found = at < sealed || hasOldTail(ledger, inserted)
    return withChain(ledger, target.chain, entries.toSpliced(at, 0, inserted), found)
  },
  'swap two lines': (ledger, [first, second]) => {
    const [one, other] = [first % ledger.entries.length, second % ledger.entries.length]
    const other2 = one === other ? (one + 1) % ledger.entries.length : other
    const swapped = ledger.entries
      .with(one, pick(ledger.entries, other2))
      .with(other2, pick(ledger.entries, one))
    return withEntries(ledger, swapped, true)
  },
  'swap two entries of a chain and make all later hashes anew': (ledger, [place]) => {
    const { chain } = pick(ledger.entries, place)
    const entries = chainOf(ledger, chain)
    const [first, second] = entries
    if (!first || !second)
      return withEntries(ledger, ledger.entries.toSpliced(0, 0, pick(ledger.entries, 0)), true)
    return withChain(ledger, chain, entries.with(0, second).with(1, first), sealedSeq(ledger, chain) > 0)
  },
  'repeat a line': (ledger, [place]) =>
    withEntries(
      ledger,
      ledger.entries.toSpliced(place % ledger.entries.length, 0, pick(ledger.entries, place)),
      true,
    ),
  'enter an event once more': (ledger, [place]) => {
    const { chain } = pick(ledger.entries, place)
    const entries = chainOf(ledger, chain)
    // As an appender would that met its row again: behind the newest, now.
    const writtenAt = Math.max(...ledger.entries.map((entry) => entry.writtenAt)) + 1
    return withChain(ledger, chain, [...entries, { ...pick(entries, place), writtenAt }], true)
  },
  'cut a chain': (ledger, [which, length]) => {
    const chain = pick(chainsOf(ledger), which)
    const left = length % chainOf(ledger, chain).length
    const entries = ledger.entries.filter((entry) => entry.chain !== chain || entry.seq <= left)
    return withEntries(ledger, entries, left < sealedSeq(ledger, chain))
  },
  'drop a chain': (ledger, [which]) => {
    const chain = pick(chainsOf(ledger), which)
    const entries = ledger.entries.filter((entry) => entry.chain !== chain)
    return withEntries(ledger, entries, sealedSeq(ledger, chain) > 0)
  },
  'give two chains each other’s names': (ledger, [first, second]) => {
    const names = chainsOf(ledger)
    const one = pick(names, first)
    const other = pick(names.filter((name) => name !== one).concat('identity/new'), second)
    const moved = [...relink(chainOf(ledger, one), other), ...relink(chainOf(ledger, other), one)]
    const rest = ledger.entries.filter((entry) => entry.chain !== one && entry.chain !== other)
    const sealed = sealedSeq(ledger, one) + sealedSeq(ledger, other) > 0
    const entries = sorted([...rest, ...moved])
    return withEntries(ledger, entries, sealed || moved.some((entry) => hasOldTail(ledger, entry)))
  },
  'edit a checkpoint': (ledger, picks) => {
    const place = picks[0] % ledger.checkpoints.length
    const edited = editField(pick(ledger.checkpoints, place), picks)
    return withCheckpoints(ledger, ledger.checkpoints.with(place, edited), 'found')
  },
  'edit a leaf': (ledger, [which, field, kind]) => {
    const places = ledger.checkpoints.flatMap((each, place) =>
      each.leaves.map((_, leaf) => [place, leaf] as const),
    )
    if (places.length === 0) return withCheckpoints(ledger, ledger.checkpoints.slice(0, 0), 'found')
    const [place, at] = pick(places, which)
    const checkpoint = pick(ledger.checkpoints, place)
    const leaves = checkpoint.leaves.with(at, editField(pick(checkpoint.leaves, at), [0, field, kind]))
    return withCheckpoints(ledger, ledger.checkpoints.with(place, { ...checkpoint, leaves }), 'found')
  },
  'drop a checkpoint': (ledger, [which]) => {
    const place = which % ledger.checkpoints.length
    const checkpoints = ledger.checkpoints.toSpliced(place, 1)
    const newest = place === ledger.checkpoints.length - 1 && checkpoints.length > 0
    return withCheckpoints(ledger, checkpoints, newest ? 'witness' : 'found')
  },
  'repeat a checkpoint': (ledger, [which]) => {
    const place = which % ledger.checkpoints.length
    const again = pick(ledger.checkpoints, place)
    return withCheckpoints(ledger, ledger.checkpoints.toSpliced(place, 0, again), 'found')
  },
  'add a checkpoint of another key': (ledger) => {
    return withCheckpoints(ledger, [...ledger.checkpoints, emptyAfter(ledger.checkpoints, otherKey)], 'found')
  },
  'add a checkpoint of another key, and that key': (ledger) => ({
    ...ledger,
    checkpoints: [...ledger.checkpoints, emptyAfter(ledger.checkpoints, otherKey)],
    addedKey: publicKeyOf(otherKey),
    expected: 'key-only',
  }),
  'add a key': (ledger) => ({ ...ledger, addedKey: publicKeyOf(otherKey), expected: 'found' }),
  'put another chain’s entries under a chain': (ledger, [first, second]) => {
    const names = chainsOf(ledger)
    const one = pick(names, first)
    const other = pick(names.filter((name) => name !== one).concat('identity/new'), second)
    const entries = chainOf(ledger, one)
    const sealed = sealedSeq(ledger, other) > 0
    return withChain(ledger, other, entries, sealed || entries.some((entry) => hasOldTail(ledger, entry)))
  },
  'sign all of it anew with another key': (ledger) => {
    const checkpoints: Checkpoint[] = []
    for (const { number, at, leaves } of ledger.checkpoints) {
      const before = checkpoints.at(-1)
      const prevHash = before ? statementHash(before) : noHash
      checkpoints.push(signCheckpoint({ number, at, prevHash, leaves }, otherKey))
    }
    return { ...ledger, checkpoints, publicKey: publicKeyOf(otherKey), expected: 'key' }
  },
  'replace the key alone': (ledger) => ({ ...ledger, publicKey: publicKeyOf(otherKey), expected: 'found' }),
  'go back to an older export': (ledger, [which]) => {
    if (ledger.checkpoints.length < 2) return withCheckpoints(ledger, [], 'found')
    const kept = ledger.checkpoints.slice(0, 1 + (which % (ledger.checkpoints.length - 1)))
    const at = kept.at(-1)?.at ?? 0
    const entries = ledger.entries.filter((entry) => entry.writtenAt <= at)
    return { ...ledger, entries, checkpoints: kept, expected: entries.length === 0 ? 'found' : 'witness' }
  },
}

/** Whether a tampering left the export as it was, or as another honest one. */
export const isUntouched = (ledger: Ledger, tampered: Tampered) =>
  tampered.publicKey === ledger.publicKey &&
  tampered.addedKey === undefined &&
  canonical(tampered.entries) === canonical(ledger.entries) &&
  canonical(tampered.checkpoints) === canonical(ledger.checkpoints)
