/** Merkle tree of RFC 9162, section 2.1, with SHA-256. */
import { hash } from 'node:crypto'

const digestBytes = 32
const sha256 = (data: string | Buffer) => hash('sha256', data, 'buffer')

/** Root of a tree without leaves: the hash of nothing. */
export const emptyRoot = hash('sha256', '', 'hex')

/** @returns the hash of a leaf that holds `text` (UTF-8): `SHA-256(0x00 || text)`. */
export const leafHash = (text: string) => sha256(`\0${text}`)

function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  const both = Buffer.allocUnsafe(1 + 2 * digestBytes)
  both[0] = 1
  both.set(left, 1)
  both.set(right, 1 + digestBytes)
  return sha256(both)
}

/**
 * One level up: neighbours joined, an odd last one carried as it is. Repeated, this gives the tree that the RFC
 * defines from the top, for its left half is always the largest power of two.
 */
function parents(level: readonly Buffer[]): Buffer[] {
  const above: Buffer[] = []
  for (let left = 0; left < level.length; left += 2) {
    const one = level[left] as Buffer
    const other = level[left + 1]
    above.push(other === undefined ? one : nodeHash(one, other))
  }
  return above
}

/** @returns the root of the tree over these leaf hashes, hex. */
export function treeRoot(leaves: readonly Buffer[]): string {
  let level = leaves
  while (level.length > 1) level = parents(level)
  return level[0]?.toString('hex') ?? emptyRoot
}

/** @returns the audit path of the leaf at `index` (RFC 9162, 2.1.3.1), hex, from the leaf upwards. */
export function auditPath(leaves: readonly Buffer[], index: number): string[] {
  const path: string[] = []
  let place = index
  for (let level = leaves; level.length > 1; level = parents(level)) {
    const sibling = level[place ^ 1]
    if (sibling !== undefined) path.push(sibling.toString('hex'))
    place >>= 1
  }
  return path
}

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
      node = nodeHash(other, node)
      while (place % 2 === 0 && place !== 0) {
        place >>= 1
        last >>= 1
      }
    } else {
      node = nodeHash(node, other)
    }
    place >>= 1
    last >>= 1
  }
  return last === 0 ? node.toString('hex') : undefined
}
