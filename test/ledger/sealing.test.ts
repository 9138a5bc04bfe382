/** Which heads a checkpoint seals and how it is dated; the names and digests that go into one. */
import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { identityChain, systemChain } from '#shared/ledger/chains.ts'
import { byChain, isSigned, signedText, statementDigest, statementHash } from '#shared/ledger/checkpoint.ts'
import { chooseLeaves, leavesPerCheckpoint } from '#shared/ledger/sealing.ts'
import { newKey, publicKeyOf, sampleLedger } from './forge.ts'

const moved = [
  { chain: 'c', seq: 3, hash: 'h3', since: 300 },
  { chain: 'a', seq: 1, hash: 'h1', since: 100 },
  { chain: 'b', seq: 2, hash: 'h2', since: 200 },
]
const leaf = ({ chain, seq, hash }: (typeof moved)[number]) => ({ chain, seq, hash })
const [c, a, b] = moved.map(leaf)

test('all heads that moved are sealed, sorted by chain, as of the moment they were read', () => {
  expect(chooseLeaves(moved, 1000, 0)).toEqual({ leaves: [a, b, c], at: 1000, left: 0 })
  expect(chooseLeaves(moved, 1000, 0, 3)).toEqual({ leaves: [a, b, c], at: 1000, left: 0 })
  expect(chooseLeaves([], 1000, 0)).toEqual({ leaves: [], at: 1000, left: 0 })
})

test('of too many the longest waiting are taken, and the date is before what is left over', () => {
  expect(chooseLeaves(moved, 1000, 0, 2)).toEqual({ leaves: [a, b], at: 299, left: 1 })
  expect(chooseLeaves(moved, 1000, 0, 1)).toEqual({ leaves: [a], at: 199, left: 2 })
  expect(chooseLeaves(moved, 150, 0, 1).at).toBe(150)
})

test('dates never go back', () => {
  expect(chooseLeaves(moved, 1000, 2000).at).toBe(2000)
  expect(chooseLeaves(moved, 1000, 250, 1).at).toBe(250)
})

test('a checkpoint of the usual size takes fifty thousand', () => {
  expect(leavesPerCheckpoint).toBe(50_000)
})

test('chains have the names that the format publishes', () => {
  expect(identityChain('u-1')).toBe('identity/u-1')
  expect(systemChain).toBe('system')
  expect(byChain({ chain: 'a' }, { chain: 'a' })).toBe(0)
  expect(byChain({ chain: 'b' }, { chain: 'a' })).toBe(1)
  expect(byChain({ chain: 'a' }, { chain: 'b' })).toBe(-1)
})

test('a statement has the digest and the name that the format publishes', () => {
  const key = newKey()
  const [statement] = sampleLedger(key).checkpoints
  if (statement === undefined) throw new Error('no checkpoint')
  const text = signedText(statement)
  const sha256 = (...parts: string[]) => createHash('sha256').update(parts.join(''))
  expect(statementDigest(statement)).toEqual(sha256(text).digest())
  expect(statementHash(statement)).toBe(sha256('latchkey/checkpoint/v1\n', text).digest('hex'))
  // A key that was replaced stays good for what it signed.
  expect(isSigned(statement, [publicKeyOf(newKey()), publicKeyOf(key)])).toBe(true)
  expect(isSigned(statement, [publicKeyOf(newKey())])).toBe(false)
})
