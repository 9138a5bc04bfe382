/** Receipts: proof of one entry against one signed checkpoint, small enough to hand to the person it is about. */
import type { KeyObject } from 'node:crypto'
import { canonical } from './canonical.ts'
import { type Checkpoint, isSigned, leafText, type SignedStatement, withoutLeaves } from './checkpoint.ts'
import { type Entry, entryHash } from './entry.ts'
import { Tampered, Unusable } from './findings.ts'
import { hasRepeatedKey, isNestedDeeper } from './json-text.ts'
import { parseEntry, parseStatement } from './lines.ts'
import { auditPath, leafHash, leafHashes, rootOfPath } from './tree.ts'

const receiptFormat = 'latchkey/receipt/v1'

/** Of the whole file, whatever stands in it: what one verifier's parser bears another's may not. */
const deepestReceipt = 100

export interface Receipt {
  readonly format: typeof receiptFormat
  /** The proven entry first, then those up to the chain's leaf: each names the hash of the one before. */
  readonly entries: readonly Entry[]
  /** Place of the leaf in the checkpoint's tree. */
  readonly index: number
  /** RFC 9162 audit path, from the leaf upwards. */
  readonly path: readonly string[]
  readonly checkpoint: SignedStatement
  /** Of the export's key; whoever checks should have it from elsewhere. */
  readonly publicKey: string
}

/**
 * @param entries the one to prove and all after it up to the chain's leaf in `checkpoint`
 * @throws RangeError when the checkpoint has no leaf of that chain, or it is not the last entry given
 */
export function makeReceipt(entries: readonly Entry[], checkpoint: Checkpoint, publicKey: string): Receipt {
  const last = entries.at(-1)
  const index = checkpoint.leaves.findIndex((leaf) => leaf.chain === last?.chain)
  const leaf = checkpoint.leaves[index]
  if (last === undefined || leaf?.seq !== last.seq || leaf.hash !== last.hash)
    throw new RangeError('The entries do not end at a leaf of the checkpoint.')
  return {
    format: receiptFormat,
    entries,
    index,
    path: auditPath(leafHashes(checkpoint.leaves.map(leafText)), index),
    checkpoint: withoutLeaves(checkpoint),
    publicKey,
  }
}

/**
 * Reads a receipt; its layout may be any that is JSON.
 * @throws Unusable when it is no receipt; Tampered when a part of it is malformed, it is nested too deep, or a key stands
 * twice in an object: what two readers take for its value could differ
 */
export function parseReceipt(text: string): Receipt {
  const receipt = jsonIn(text) as Partial<Receipt> | null
  if (receipt?.format !== receiptFormat || !Array.isArray(receipt.entries) || !Array.isArray(receipt.path))
    throw new Unusable(`This is no receipt of the format ${receiptFormat}`)
  const { index, path, publicKey } = receipt
  return {
    format: receiptFormat,
    entries: receipt.entries.map((entry, place) =>
      parseEntry(canonicalOf(entry), `receipt entry ${place + 1}`),
    ),
    index: Number.isSafeInteger(index) ? Number(index) : Number.NaN,
    path: path.map((hash) => (typeof hash === 'string' ? hash : '')),
    checkpoint: parseStatement(canonicalOf(receipt.checkpoint), 'receipt checkpoint'),
    publicKey: typeof publicKey === 'string' ? publicKey : '',
  }
}

function jsonIn(text: string): unknown {
  if (isNestedDeeper(text, deepestReceipt)) throw new Tampered('receipt', 'it is nested too deep')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Unusable('The receipt is not JSON')
  }
  if (hasRepeatedKey(text)) throw new Tampered('receipt', 'a key stands twice in an object')
  return value
}

function canonicalOf(value: unknown): string {
  try {
    return canonical(value as object)
  } catch {
    throw new Tampered('receipt', 'a part of it is missing or malformed')
  }
}

/** Each entry has its hash and names the one before it. @returns the last. */
function lastOfChain(entries: readonly Entry[]): Entry {
  let before: Entry | undefined
  for (const entry of entries) {
    const where = `${entry.chain} seq ${entry.seq}`
    const { hash, ...rest } = entry
    if (entryHash(rest) !== hash) throw new Tampered(where, 'its content does not have its hash')
    const follows =
      before === undefined ||
      (entry.chain === before.chain && entry.seq === before.seq + 1 && entry.prevHash === before.hash)
    if (!follows) throw new Tampered(where, 'it does not follow the entry before it')
    before = entry
  }
  if (before === undefined) throw new Tampered('receipt', 'it holds no entry')
  return before
}

/**
 * Checks a receipt.
 * @returns the proven entry
 * @throws Tampered
 */
export function verifyReceipt(receipt: Receipt, keys: readonly KeyObject[]): Entry {
  const last = lastOfChain(receipt.entries)
  const { checkpoint, index, path } = receipt
  const where = `checkpoint ${checkpoint.number}`
  const root = rootOfPath(leafHash(leafText(last)), index, checkpoint.count, path)
  if (root !== checkpoint.root) throw new Tampered(where, 'the path does not lead from the entry to its root')
  if (!isSigned(checkpoint, keys)) throw new Tampered(where, 'its signature was not made by this public key')
  return receipt.entries[0] ?? last
}
