/** Signed statements of which heads moved: what is signed, how one names the one before, and how a line is written. */
import { hash, type KeyObject, verify } from 'node:crypto'
import { canonical } from './canonical.ts'
import { leafHashes, treeRoot } from './tree.ts'

const checkpointPrefix = 'latchkey/checkpoint/v1\n'

/** The newest entry of a chain that moved: it fixes the chain up to its `seq`. */
export interface Leaf {
  readonly chain: string
  readonly seq: number
  readonly hash: string
}

/** The part that is signed. */
export interface Statement {
  /** 1, 2, 3 and so on. */
  readonly number: number
  /** When the heads were read, epoch milliseconds. */
  readonly at: number
  /** How many heads moved since the one before. */
  readonly count: number
  /** Root of the tree over them, hex. */
  readonly root: string
  /** {@link statementHash} of the one before. */
  readonly prevHash: string
  readonly keyId: string
}

export interface SignedStatement extends Statement {
  /** ECDSA P-256 over SHA-256, DER in base64. */
  readonly signature: string
}

export interface Checkpoint extends SignedStatement {
  /** Sorted by chain. */
  readonly leaves: readonly Leaf[]
}

/** @returns the canonical text of a leaf, which is what the tree hashes; a chain's name needs no escapes. */
export const leafText = ({ chain, seq, hash }: Leaf) => `{"chain":"${chain}","hash":"${hash}","seq":${seq}}`

/** @returns the root over leaves sorted by chain. */
export function rootOf(leaves: readonly Leaf[]): string {
  return treeRoot(leafHashes(leaves.map(leafText)))
}

/** @returns the signed part alone: every field but `signature` and `leaves`, those of later versions too. */
function statementOf(checkpoint: Statement): Statement {
  const { signature: _signature, leaves: _leaves, ...statement } = checkpoint as Checkpoint
  return statement
}

/** @returns the checkpoint without its leaves, as a witness keeps it. */
export function withoutLeaves(checkpoint: Checkpoint): SignedStatement {
  const { leaves: _leaves, ...signed } = checkpoint
  return signed
}

/** @returns the text whose UTF-8 bytes are signed. */
export const signedText = (checkpoint: Statement) => canonical(statementOf(checkpoint))

/** @returns hex SHA-256 of the prefix and the signed text: what the next checkpoint names as `prevHash`. */
export const statementHash = (checkpoint: Statement) =>
  hash('sha256', checkpointPrefix + signedText(checkpoint), 'hex')

/** @returns the SHA-256 digest that is handed to the signer. */
export const statementDigest = (checkpoint: Statement) => hash('sha256', signedText(checkpoint), 'buffer')

/**
 * Which of the keys made the signature. Several: a key that was replaced stays good for what it signed.
 * @returns its place among them, or -1
 */
export function signerOf(checkpoint: SignedStatement, keys: readonly KeyObject[]): number {
  const text = Buffer.from(signedText(checkpoint))
  const signature = Buffer.from(checkpoint.signature, 'base64')
  return keys.findIndex((key) => verify('sha256', text, key, signature))
}

export const isSigned = (checkpoint: SignedStatement, keys: readonly KeyObject[]): boolean =>
  signerOf(checkpoint, keys) !== -1

/** Byte order of chain names, in which leaves and entries are sorted. */
export const byChain = (a: { chain: string }, b: { chain: string }) =>
  a.chain < b.chain ? -1 : a.chain > b.chain ? 1 : 0
