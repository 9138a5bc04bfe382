/** The verifier: an export and a public key in, the first thing that is wrong out. No network, no clock. */

import type { KeyObject } from 'node:crypto'
import type { SignedStatement } from './checkpoint.ts'
import { Tampered } from './findings.ts'
import { verifyCheckpoints } from './verify-checkpoints.ts'
import { type EntriesSeen, type SealedHead, verifyEntries } from './verify-entries.ts'

/** Sorts text lines, more of them than fit in memory if it must. */
export interface LineSorter {
  add(line: string): void
  sorted(): Iterable<string>
}

export interface Export {
  /** Lines of entries.ndjson and checkpoints.ndjson, without their line ends. */
  readonly entries: Iterable<string>
  readonly checkpoints: Iterable<string>
  /** Keys that signatures are held against. */
  readonly keys: readonly KeyObject[]
  /** Keys that came with the export: no others than those. */
  readonly ownKeys: readonly KeyObject[]
  /** Checkpoints that were kept outside. */
  readonly witnessed: readonly SignedStatement[]
}

export interface Counts extends EntriesSeen {
  readonly checkpoints: number
  readonly leaves: number
}

const width = 16
const padded = (value: number) => String(value).padStart(width, '0')

/** One sortable line for a leaf: the tab is lower than every character of a chain's name. */
const headLine = (head: SealedHead) =>
  `${head.chain}\t${padded(head.seq)}\t${padded(head.checkpoint)}\t${head.hash}`

function* headsIn(lines: Iterable<string>): Iterable<SealedHead> {
  for (const line of lines) {
    const [chain = '', seq, checkpoint, hash = ''] = line.split('\t')
    yield { chain, seq: Number(seq), checkpoint: Number(checkpoint), hash }
  }
}

/** An export that brings another key would mislead whoever trusts it next time. */
function checkOwnKeys({ keys, ownKeys }: Export): void {
  const isKnown = (own: KeyObject) => keys.some((key) => key.equals(own))
  if (!ownKeys.every(isKnown))
    throw new Tampered('public-key.pem', 'it is not the public key that was given from outside')
}

/** Nor may it bring one beside those that were needed. */
function checkKeysUsed({ keys, ownKeys }: Export, signers: ReadonlySet<number>): void {
  const used = keys.filter((_, place) => signers.has(place))
  const unused = ownKeys.findIndex((own) => !used.some((key) => key.equals(own)))
  if (unused !== -1) throw new Tampered('public-key.pem', `its key ${unused + 1} signed no checkpoint`)
}

/** What a verification tells while it goes on: how many `checkpoints` or `entries` were checked so far. */
export type Progress = (what: 'checkpoints' | 'entries', done: number) => void

/**
 * Verifies an export.
 * @returns how much was checked, and how many entries no checkpoint covers yet
 * @throws Tampered naming the first bad entry or checkpoint; Unusable when this is no export
 */
export function verifyExport(
  input: Export,
  sorter: LineSorter,
  progress: Progress = () => undefined,
): Counts {
  checkOwnKeys(input)
  const seen = verifyCheckpoints(input.checkpoints, input, (checkpoint) => {
    for (const leaf of checkpoint.leaves) sorter.add(headLine({ ...leaf, checkpoint: checkpoint.number }))
    progress('checkpoints', checkpoint.number)
  })
  checkKeysUsed(input, seen.signers)
  const { count, leaves, uncoveredAfter } = seen
  const entries = verifyEntries(input.entries, headsIn(sorter.sorted()), uncoveredAfter, (done) =>
    progress('entries', done),
  )
  return { ...entries, checkpoints: count, leaves }
}
