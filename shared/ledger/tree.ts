/**
 * Merkle tree of RFC 9162, section 2.1, with SHA-256. A level of the tree is one buffer of its hashes: a million leaves
 * are 32 MB, and not a million objects.
 */
import { hash } from 'node:crypto'

const digestBytes = 32

/** Root of a tree without leaves: the hash of nothing. */
export const emptyRoot = hash('sha256', '', 'hex')

/** @returns the hash of a leaf that holds `text` (UTF-8): `SHA-256(0x00 || text)`. */
export const leafHash = (text: string) => hash('sha256', `\0${text}`, 'buffer')

/** @returns the hashes of all leaves, the lowest level of their tree. */
export function leafHashes(texts: readonly string[]): Buffer {
  const level = Buffer.allocUnsafe(texts.length * digestBytes)
  for (const [place, text] of texts.entries())
    level.write(hash('sha256', `\0${text}`, 'binary'), place * digestBytes, 'latin1')
  return level
}

const nodeScratch = Buffer.alloc(1 + 2 * digestBytes, 1)

/** `SHA-256(0x01 || left || right)`, of two hashes that stand side by side. */
function nodeHash(both: Uint8Array): string {
  nodeScratch.set(both, 1)
  return hash('sha256', nodeScratch, 'binary')
}

/**
 * One level up: neighbours joined, an odd last one carried as it is. Repeated, this gives the tree that the RFC
 * defines from the top, for its left half is always the largest power of two.
 */
function parents(level: Buffer): Buffer {
  const pairBytes = 2 * digestBytes
  const above = Buffer.allocUnsafe(Math.ceil(level.length / pairBytes) * digestBytes)
  let to = 0
  for (let from = 0; from < level.length; from += pairBytes, to += digestBytes) {
    const both = level.subarray(from, from + pairBytes)
    if (both.length < pairBytes) above.set(both, to)
    else above.write(nodeHash(both), to, 'latin1')
  }
  return above
}

/** @returns the root of the tree over these leaf hashes, hex. */
export function treeRoot(leaves: Buffer): string {
  if (leaves.length === 0) return emptyRoot
  let level = leaves
  while (level.length > digestBytes) level = parents(level)
  return level.toString('hex')
}

/** @returns the audit path of the leaf at `index` (RFC 9162, 2.1.3.1), hex, from the leaf upwards. */
export function auditPath(leaves: Buffer, index: number): string[] {
  const path: string[] = []
  let place = index
  for (let level = leaves; level.length > digestBytes; level = parents(level)) {
    const sibling = (place ^ 1) * digestBytes
    if (sibling < level.length) path.push(level.toString('hex', sibling, sibling + digestBytes))
    place >>= 1
  }
  return path
}

const joined = (left: Uint8Array, right: Uint8Array) =>
  Buffer.from(nodeHash(Buffer.concat([left, right])), 'latin1')

/**
 * The root that a leaf and its audit path lead to (RFC 9162, 2.1.3.2).
 * @returns hex, or undefined when the path cannot belong to a tree of `size` leaves.
 */
export function rootOfPath(
  leaf: Buffer,
  index: number,
  size: number,
  path: readonly string[],
): string | undefined {
  if (!Number.isSafeInteger(size) || size > 0x7fffffff) return undefined
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) return undefined
  let node = leaf
  let place = index
  let last = size - 1
  for (const sibling of path) {
    if (last === 0 || !/^[0-9a-f]{64}$/.test(sibling)) return undefined
    const other = Buffer.from(sibling, 'hex')
    if (place % 2 === 1 || place === last) {
      node = joined(other, node)
      while (place % 2 === 0 && place !== 0) {
        place >>= 1
        last >>= 1
      }
    } else {
      node = joined(node, other)
    }
    place >>= 1
    last >>= 1
  }
  return last === 0 ? node.toString('hex') : undefined
}
