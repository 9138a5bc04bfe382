/** First pass of a verifier: the checkpoints among themselves, and against what a witness kept. */
import type { KeyObject } from 'node:crypto'
import {
  type Checkpoint,
  isSigned,
  rootOf,
  type SignedStatement,
  signerOf,
  statementHash,
} from './checkpoint.ts'
import { noHash } from './entry.ts'
import { Tampered, Unusable } from './findings.ts'
import { parseCheckpoint } from './lines.ts'

export interface CheckpointsSeen {
  readonly count: number
  readonly leaves: number
  /** Entries that no checkpoint covers must have been written after this: `at` of the last checkpoint but one. */
  readonly uncoveredAfter: number
  /** Places of the keys that signed any of them. */
  readonly signers: ReadonlySet<number>
}

export interface CheckpointTrust {
  readonly keys: readonly KeyObject[]
  /** Checkpoints kept outside: each must be part of the export. */
  readonly witnessed: readonly SignedStatement[]
}

const nameOf = (checkpoint: { number: number }) => `checkpoint ${checkpoint.number}`

/** Leaves stand in the order of their chains, one for each. */
function checkLeaves(checkpoint: Checkpoint): void {
  const where = nameOf(checkpoint)
  const { leaves, count, root } = checkpoint
  if (leaves.length !== count)
    throw new Tampered(where, `it has ${leaves.length} leaves, but its count is ${count}`)
  for (let place = 1; place < leaves.length; place += 1) {
    const [one, next] = [leaves[place - 1]?.chain ?? '', leaves[place]?.chain ?? '']
    if (one >= next) throw new Tampered(where, `its leaves are not in order: ${next} follows ${one}`)
  }
  if (rootOf(leaves) !== root) throw new Tampered(where, 'its root is not that of its leaves')
}

/**
 * Signature and root are its own; number, prevHash and time are held against the one before.
 * @returns the place of the key that signed it
 */
function checkOne(
  checkpoint: Checkpoint,
  before: Checkpoint | undefined,
  keys: readonly KeyObject[],
): number {
  const where = nameOf(checkpoint)
  const expected = (before?.number ?? 0) + 1
  if (checkpoint.number !== expected) throw new Tampered(where, `checkpoint ${expected} should stand here`)
  if (checkpoint.prevHash !== (before ? statementHash(before) : noHash))
    throw new Tampered(where, 'its prevHash is not the hash of the checkpoint before it')
  const signer = signerOf(checkpoint, keys)
  if (signer === -1) throw new Tampered(where, 'its signature was not made by this public key')
  if (before && checkpoint.at < before.at)
    throw new Tampered(where, 'it is dated before the checkpoint before it')
  checkLeaves(checkpoint)
  return signer
}

/** Each witnessed checkpoint must have been signed by the key, and be in the export as the witness saw it. */
function checkWitnessed(found: ReadonlyMap<number, string>, trust: CheckpointTrust, count: number): void {
  for (const kept of trust.witnessed) {
    const where = nameOf(kept)
    if (!isSigned(kept, trust.keys))
      throw new Tampered(where, 'the one kept outside was not signed by this public key')
    const hash = found.get(kept.number)
    if (hash === undefined)
      throw new Tampered(where, `it is missing: it was kept outside, but this export ends at ${count}`)
    if (hash !== statementHash(kept)) throw new Tampered(where, 'it is not the one that was kept outside')
  }
}

/**
 * Checks every checkpoint and hands each to `take`.
 * @param lines of checkpoints.ndjson
 * @throws Unusable, Tampered
 */
export function verifyCheckpoints(
  lines: Iterable<string>,
  trust: CheckpointTrust,
  take: (checkpoint: Checkpoint) => void,
): CheckpointsSeen {
  const wanted = new Set(trust.witnessed.map((kept) => kept.number))
  const found = new Map<number, string>()
  const signers = new Set<number>()
  let before: Checkpoint | undefined
  let [count, leaves, uncoveredAfter] = [0, 0, Number.NEGATIVE_INFINITY]
  for (const line of lines) {
    const checkpoint = parseCheckpoint(line, count + 1)
    signers.add(checkOne(checkpoint, before, trust.keys))
    if (wanted.has(checkpoint.number)) found.set(checkpoint.number, statementHash(checkpoint))
    take(checkpoint)
    uncoveredAfter = before?.at ?? uncoveredAfter
    leaves += checkpoint.count
    count += 1
    // Only what the next one is held against: its leaves may be many.
    before = { ...checkpoint, leaves: [] }
  }
  if (count === 0) throw new Unusable('checkpoints.ndjson is empty: nothing in this export is signed')
  checkWitnessed(found, trust, count)
  return { count, leaves, uncoveredAfter, signers }
}
