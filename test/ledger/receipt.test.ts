import { describe, expect, test } from 'vitest'
import type { Checkpoint } from '#shared/ledger/checkpoint.ts'
import { entryHash } from '#shared/ledger/entry.ts'
import { makeReceipt, parseReceipt, type Receipt, verifyReceipt } from '#shared/ledger/receipt.ts'
import { newKey, publicKeyOf, sampleLedger } from './forge.ts'

const key = newKey()
const publicKey = publicKeyOf(key)
const pem = publicKey.export({ format: 'pem', type: 'spki' }).toString()
const ledger = sampleLedger(key)
const [sealing] = ledger.checkpoints as [Checkpoint]
const chain = ledger.entries.filter((entry) => entry.chain === 'identity/u-1')
const receiptOf = (seq: number) => makeReceipt(chain.slice(seq - 1, 3), sealing, pem)
const read = (receipt: object) => parseReceipt(JSON.stringify(receipt))
const check = (receipt: object) => verifyReceipt(read(receipt), [publicKey])

describe('a receipt', () => {
  test.each([1, 2, 3])('proves entry %i by the checkpoint that sealed its chain', (seq) => {
    expect(check(receiptOf(seq))).toEqual(chain[seq - 1])
  })

  test('is proved for every leaf of the checkpoint', () => {
    for (const leaf of sealing.leaves) {
      const entries = ledger.entries.filter((entry) => entry.chain === leaf.chain && entry.seq <= leaf.seq)
      expect(check(makeReceipt(entries, sealing, pem)).seq).toBe(1)
    }
  })

  test('shows no leaf of anyone else', () => {
    expect(JSON.stringify(receiptOf(1))).not.toContain('u-2')
  })

  test('is made only of entries that end at the leaf', () => {
    const unsealed = ledger.entries.filter((entry) => entry.chain === 'identity/u-4')
    expect(() => makeReceipt(chain.slice(0, 2), sealing, pem)).toThrow('do not end at a leaf')
    expect(() => makeReceipt(unsealed, sealing, pem)).toThrow('do not end at a leaf')
  })

  const receipt: Receipt = receiptOf(1)
  const [first, second, third] = receipt.entries
  test.each<[string, object, string]>([
    [
      'entry',
      { entries: [{ ...first, outcome: 'failure' }, second, third] },
      'identity/u-1 seq 1: its content',
    ],
    ['missing entry between', { entries: [first, third] }, 'identity/u-1 seq 3: it does not follow'],
    ['end before the leaf', { entries: [first, second] }, 'checkpoint 1: the path does not lead'],
    ['entry of none', { entries: [] }, 'it holds no entry'],
    ['place', { index: receipt.index + 1 }, 'checkpoint 1: the path does not lead'],
    ['path', { path: receipt.path.toReversed() }, 'checkpoint 1: the path does not lead'],
    ['count', { checkpoint: { ...receipt.checkpoint, count: 100 } }, 'checkpoint 1: the path does not lead'],
    ['date', { checkpoint: { ...receipt.checkpoint, at: 1 } }, 'checkpoint 1: its signature'],
    ['checkpoint', { checkpoint: undefined }, 'receipt: a part of it is missing'],
    ['hash', { entries: [{ ...first, hash: 5 }] }, 'the field hash is missing or malformed'],
  ])('with another %s is refused', (_, change, finding) => {
    expect(() => check({ ...receipt, ...change })).toThrow(finding)
  })

  test('of another key is refused by the key from outside', () => {
    expect(() => verifyReceipt(read(receipt), [publicKeyOf(newKey())])).toThrow('signature')
  })

  test.each([[[pem]], [7], [undefined]])('has no key where %j stands for it', (named) => {
    expect(read({ ...receipt, publicKey: named }).publicKey).toBe('')
    expect(read(receipt).publicKey).toBe(pem)
  })

  test('whose text says one thing to one parser and another to the next is refused', () => {
    const text = JSON.stringify(receipt)
    const twice = text.replace('"index":', '"index":7,"index":')
    expect(() => parseReceipt(twice)).toThrow('receipt: a key stands twice in an object')
    for (const deep of ['['.repeat(101), `${'['.repeat(101)}${']'.repeat(101)}`])
      expect(() => parseReceipt(deep)).toThrow('receipt: it is nested too deep')
    expect(() => parseReceipt(`${'['.repeat(100)}${']'.repeat(100)}`)).toThrow('no receipt of the format')
  })

  test.each(['', 'null', '[]', '{}', '{"format":"latchkey/receipt/v2"}'])('is not: %s', (text) => {
    expect(() => parseReceipt(text)).toThrow(/not JSON|no receipt of the format/)
  })
})

describe('an entry that does not follow the one before', () => {
  const [first, second] = receiptOf(1).entries
  const cut = (changes: object) => {
    if (first === undefined || second === undefined) throw new Error('no entries')
    const { hash: _hash, ...rest } = { ...second, ...changes }
    const receipt = receiptOf(1)
    return check({ ...receipt, entries: [first, { ...rest, hash: entryHash(rest) }] })
  }
  test.each([{ chain: 'identity/u-9' }, { seq: 7 }, { prevHash: 'f'.repeat(64) }])(
    'by its own hash, but with %j, is refused',
    (changes) => {
      expect(() => cut(changes)).toThrow('it does not follow the entry before it')
    },
  )
})

test('what is wrong with a receipt is said where it is', () => {
  const receipt = receiptOf(1)
  expect(receipt.format).toBe('latchkey/receipt/v1')
  const [first, second] = receipt.entries
  expect(() => check({ ...receipt, entries: [first, { ...second, seq: 0 }] })).toThrow('receipt entry 2:')
  const checkpoint = { ...receipt.checkpoint, at: -1 }
  expect(() => check({ ...receipt, checkpoint })).toThrow('receipt checkpoint:')
  expect(() => check({ ...receipt, entries: [] })).toThrow('receipt: it holds no entry')
  expect(() => parseReceipt('{')).toThrow('The receipt is not JSON')
  const { publicKey: _none, ...keyless } = receipt
  expect(read(keyless).publicKey).toBe('')
})

test('a receipt is made only of what the checkpoint sealed', () => {
  expect(() => makeReceipt([], sealing, pem)).toThrow('do not end at a leaf')
  const [entry] = chain.slice(2, 3)
  if (entry === undefined) throw new Error('no entry')
  expect(() => makeReceipt([{ ...entry, hash: 'f'.repeat(64) }], sealing, pem)).toThrow(
    'do not end at a leaf',
  )
})
