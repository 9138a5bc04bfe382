/** What only the holder of the key could have made, and a verifier refuses all the same. */
import { type KeyObject, sign } from 'node:crypto'
import { expect, test } from 'vitest'
import { type Checkpoint, type Leaf, rootOf, signedText, statementHash } from '#shared/ledger/checkpoint.ts'
import { entryHash, noHash } from '#shared/ledger/entry.ts'
import { Tampered } from '#shared/ledger/findings.ts'
import { verifyExport } from '#shared/ledger/verify.ts'
import { type SealedHead, verifyEntries } from '#shared/ledger/verify-entries.ts'
import { linesOf, makeLedger, newKey, publicKeyOf, sampleLedger, verifyLedger } from './forge.ts'

const key = newKey()
const ledger = sampleLedger(key)
const [first, second] = ledger.checkpoints
const own = ledger.entries.filter(({ chain }) => chain === 'identity/u-1')
const [one, two] = own
if (first === undefined || second === undefined || one === undefined || two === undefined)
  throw new Error('no ledger')

/** Signs leaves in the order given. */
function seal(part: { number: number; at: number; prevHash: string; leaves: readonly Leaf[] }): Checkpoint {
  const { leaves, ...known } = part
  const statement = { ...known, count: leaves.length, root: rootOf(leaves), keyId: 'key-1' }
  const signature = sign('sha256', Buffer.from(signedText(statement)), key).toString('base64')
  return { ...statement, signature, leaves }
}
const withCheckpoints = (checkpoints: Checkpoint[]) => verifyLedger({ ...ledger, checkpoints })

test('leaves out of order, or two of one chain, are named', () => {
  const [a, b] = first.leaves
  if (a === undefined || b === undefined) throw new Error('no leaves')
  for (const leaves of [
    [b, a],
    [a, a],
  ]) {
    const forged = seal({ number: 1, at: first.at, prevHash: noHash, leaves })
    expect(() => withCheckpoints([forged])).toThrow(
      `checkpoint 1: its leaves are not in order: ${leaves[1]?.chain} follows ${leaves[0]?.chain}`,
    )
  }
})

test('a checkpoint dated before the one before it is named; of the same moment it is none the worse', () => {
  const next = (at: number) => seal({ number: 2, at, prevHash: statementHash(first), leaves: second.leaves })
  const entries = ledger.entries.filter((entry) => entry.seq <= (entry.chain === one.chain ? 5 : 3))
  const sealed = entries.filter(({ chain }) => first.leaves.some((leaf) => leaf.chain === chain))
  const verified = (at: number) =>
    verifyLedger({ ...ledger, entries: sealed, checkpoints: [first, next(at)] })
  expect(() => verified(first.at - 1)).toThrow('checkpoint 2: it is dated before the checkpoint before it')
  expect(verified(first.at).checkpoints).toBe(2)
})

test('a malformed checkpoint is named by its line', () => {
  const checkpoints = linesOf([first, { ...second, at: -1 }])
  const exported = { entries: linesOf(ledger.entries), checkpoints, ...keys([ledger.publicKey]) }
  expect(() => verifyExport(exported, sorter())).toThrow('checkpoints.ndjson line 2: the field at')
})

const keys = (ownKeys: KeyObject[], given = [ledger.publicKey]) => ({ keys: given, ownKeys, witnessed: [] })
function sorter() {
  const kept: string[] = []
  return { add: (line: string) => void kept.push(line), sorted: () => kept.sort() }
}

test('an export that brings a key which was not given is refused, whatever else it brings', () => {
  const lines = { entries: linesOf(ledger.entries), checkpoints: linesOf(ledger.checkpoints) }
  const other = publicKeyOf(newKey())
  for (const ownKeys of [[other], [ledger.publicKey, other], [other, ledger.publicKey]])
    expect(() => verifyExport({ ...lines, ...keys(ownKeys) }, sorter())).toThrow(
      'public-key.pem: it is not the public key that was given from outside',
    )
  const both = keys([ledger.publicKey], [other, ledger.publicKey])
  expect(verifyExport({ ...lines, ...both }, sorter()).checkpoints).toBe(4)
})

const walk = (entries: readonly object[], heads: readonly SealedHead[] = [], after = 0) =>
  verifyEntries(linesOf(entries), heads, after)
const headOf = ({ chain, seq, hash }: typeof one, checkpoint = 1) => ({ chain, seq, hash, checkpoint })

test('an entry that names another before it is found, although its own hash is right', () => {
  const { hash: _hash, ...rest } = { ...two, prevHash: 'f'.repeat(64) }
  expect(() => walk([one, { ...rest, hash: entryHash(rest) }])).toThrow(
    'identity/u-1 seq 2: its prevHash is not the hash of the entry before it',
  )
})

test('entries may lack an id, as those of other writers do, and are none the less entered once', () => {
  const withoutId = ({ hash: _hash, id: _id, ...rest }: typeof one, prevHash: string) => {
    const bare = { ...rest, prevHash }
    return { ...bare, hash: entryHash(bare as typeof one) }
  }
  const bareOne = withoutId(one, one.prevHash)
  expect(walk([bareOne, withoutId(two, bareOne.hash)]).entries).toBe(2)
})

test('what is out of place says where it stands', () => {
  const other = ledger.entries.find(({ chain }) => chain === 'identity/u-2')
  if (other === undefined) throw new Error('no entry')
  expect(() => walk([other, one])).toThrow('it is out of order: it stands after identity/u-2')
  expect(() => walk([two])).toThrow('entries before it are missing: the chain starts there')
  expect(() => walk([one, one])).toThrow('it is out of order or there twice: it stands after seq 1')
})

test('a leaf that knows another hash says since when the chain differs', () => {
  const forged = { ...headOf(two), hash: 'f'.repeat(64) }
  expect(() => walk([one, two], [headOf(one), forged])).toThrow(
    'identity/u-1 seq 2: its hash is not the one that checkpoint 1 sealed: it was replaced',
  )
  expect(() => walk([one, two], [forged])).toThrow('the chain was rewritten between seq 1 and here')
})

test('leaves of one entry may be of later checkpoints, not of earlier ones', () => {
  expect(walk([one, two], [headOf(one), headOf(one), headOf(two, 2)]).uncovered).toBe(0)
  expect(() => walk([one, two], [headOf(one, 2), headOf(two, 1)])).toThrow(
    'checkpoint 2: it sealed identity/u-1 below seq 2, which checkpoint 1 had sealed before',
  )
})

test('the last chain is held to its leaves and to its age, as the others are', () => {
  expect(() => walk([one], [headOf(two)])).toThrow(
    'identity/u-1 seq 2: the chain is cut: it ends at 1, but checkpoint 1 sealed seq 2',
  )
  expect(() => walk([one], [{ ...headOf(one), chain: 'identity/u-2' }])).toThrow(
    'identity/u-2: the chain is missing: checkpoint 1 sealed it up to seq 1',
  )
  const unsealed = 'identity/u-1 seq 1: it was never sealed, although it is older than the last checkpoint'
  expect(() => walk([one, two], [], two.writtenAt)).toThrow(unsealed)
  expect(() => walk([one, two], [], one.writtenAt)).toThrow(unsealed)
  expect(walk([one, two], [], one.writtenAt - 1)).toEqual({ entries: 2, chains: 1, uncovered: 2 })
})

test('any name of a chain may come first', () => {
  const { hash: _hash, ...rest } = { ...one, chain: 'A/1' }
  expect(walk([{ ...rest, hash: entryHash(rest) }]).chains).toBe(1)
})

test('a chain is held to its leaves in the order of their numbers, not of their digits', () => {
  const long = makeLedger([{ appended: { a: 9 } }, { appended: { a: 1 } }, { appended: { a: 90 } }])
  expect(verifyLedger(long)).toMatchObject({ entries: 100, uncovered: 0, leaves: 3 })
})

test('an export that brings a key which signed nothing is refused', () => {
  const lines = { entries: linesOf(ledger.entries), checkpoints: linesOf(ledger.checkpoints) }
  const other = publicKeyOf(newKey())
  const brought = (ownKeys: KeyObject[]) =>
    verifyExport({ ...lines, ...keys(ownKeys, [ledger.publicKey, other]) }, sorter())
  expect(() => brought([ledger.publicKey, other])).toThrow('public-key.pem: its key 2 signed no checkpoint')
  expect(() => brought([other])).toThrow('public-key.pem: its key 1 signed no checkpoint')
  expect(brought([ledger.publicKey]).checkpoints).toBe(4)
})

test('of an export signed by two keys, both may be brought', () => {
  const later = newKey()
  const [a, b] = [publicKeyOf(key), publicKeyOf(later)]
  const { leaves, ...known } = seal({ number: 2, at: second.at, prevHash: statementHash(first), leaves: [] })
  const signature = sign('sha256', Buffer.from(signedText(known)), later).toString('base64')
  const checkpoints = linesOf([first, { ...known, signature, leaves }])
  const entries = linesOf(
    ledger.entries.filter(({ chain, seq }) =>
      first.leaves.some((leaf) => leaf.chain === chain && seq <= leaf.seq),
    ),
  )
  const given = { entries, checkpoints, keys: [a, b], ownKeys: [a, b], witnessed: [] }
  expect(verifyExport(given, sorter()).checkpoints).toBe(2)
})

test('a verification tells of each checkpoint', () => {
  const lines = { entries: linesOf(ledger.entries), checkpoints: linesOf(ledger.checkpoints) }
  const told: unknown[] = []
  verifyExport({ ...lines, ...keys([ledger.publicKey]) }, sorter(), (...given) => void told.push(given))
  expect(told).toEqual([1, 2, 3, 4].map((number) => ['checkpoints', number]))
})

test('every finding is one that names a place: nothing else is ever thrown', () => {
  const forged = { ...headOf(two), hash: 'f'.repeat(64) }
  const away = { ...headOf(one), chain: 'identity/u-2' }
  const found = [[forged], [headOf(one, 2), headOf(two, 1)], [headOf(one), headOf(two), away]].map(
    (heads) => {
      try {
        return walk([one, two], heads)
      } catch (error) {
        return error
      }
    },
  )
  for (const error of found) expect(error).toBeInstanceOf(Tampered)
})
