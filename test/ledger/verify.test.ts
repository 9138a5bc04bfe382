import { describe, expect, test } from 'vitest'
import { statementHash } from '#shared/ledger/checkpoint.ts'
import type { Entry } from '#shared/ledger/entry.ts'
import {
  linesOf,
  makeLedger,
  newKey,
  relink,
  sampleLedger,
  signCheckpoint,
  sorted,
  verify,
  verifyLedger,
} from './forge.ts'

const key = newKey()
const ledger = sampleLedger(key)
const of = (chain: string) => ledger.entries.filter((entry) => entry.chain === chain)
const others = (chain: string) => ledger.entries.filter((entry) => entry.chain !== chain)
const withChain = (chain: string, entries: readonly Entry[]) => ({
  ...ledger,
  entries: sorted([...others(chain), ...relink(entries, chain)]),
})
const withEntries = (entries: readonly Entry[]) => ({ ...ledger, entries: [...entries] })
const at = (entries: readonly Entry[], place: number) => entries.at(place) as Entry

describe('a ledger as it was sealed', () => {
  test('verifies, with the counts and the entries that no checkpoint covers', () => {
    expect(verifyLedger(ledger)).toEqual({ entries: 15, chains: 5, uncovered: 2, checkpoints: 4, leaves: 6 })
  })

  test('verifies against every checkpoint that was kept outside', () => {
    for (const kept of ledger.checkpoints) expect(verifyLedger(ledger, [kept]).checkpoints).toBe(4)
  })

  test('a head that was sealed twice is no fault: a sealer that died leaves it for the next one', () => {
    const [first] = ledger.checkpoints
    if (!first) throw new Error('no checkpoint')
    const again = signCheckpoint(
      { number: 2, at: first.at + 1, prevHash: statementHash(first), leaves: first.leaves },
      key,
    )
    const entries = ledger.entries.filter((entry) =>
      first.leaves.some((leaf) => leaf.chain === entry.chain && entry.seq <= leaf.seq),
    )
    expect(verifyLedger({ ...ledger, entries, checkpoints: [first, again] }).leaves).toBe(6)
  })
})

describe('entries', () => {
  test('a changed field is named', () => {
    const entries = ledger.entries.map((entry) =>
      entry.chain === 'identity/u-2' && entry.seq === 2 ? { ...entry, outcome: 'failure' as const } : entry,
    )
    expect(() => verifyLedger(withEntries(entries))).toThrow(
      'identity/u-2 seq 2: its content does not have its hash',
    )
  })

  test('an added field is named', () => {
    const entries = ledger.entries.with(0, { ...at(ledger.entries, 0), late: true })
    expect(() => verifyLedger(withEntries(entries))).toThrow('identity/u-1 seq 1: its content')
  })

  test('a deleted entry is named by the gap it leaves', () => {
    expect(() => verifyLedger(withEntries(ledger.entries.toSpliced(1, 1)))).toThrow(
      'identity/u-1 seq 3: entries before it are missing: it stands after seq 1',
    )
  })

  test('a deleted first entry is named', () => {
    expect(() => verifyLedger(withEntries(ledger.entries.slice(1)))).toThrow(
      'identity/u-1 seq 2: entries before it are missing',
    )
  })

  test('a chain rewritten with new hashes is named at the leaf that knew the old one', () => {
    const chain = of('identity/u-1')
    const forged = withChain('identity/u-1', chain.with(1, { ...at(chain, 1), outcome: 'failure' }))
    expect(() => verifyLedger(forged)).toThrow(
      'identity/u-1 seq 3: its hash is not the one that checkpoint 1 sealed: the chain was rewritten between seq 1 and here',
    )
  })

  test('an entry slipped in with all later hashes made anew is named', () => {
    const chain = of('identity/u-1')
    const forged = withChain('identity/u-1', chain.toSpliced(4, 0, { ...at(chain, 3), id: 'slipped in' }))
    expect(() => verifyLedger(forged)).toThrow(
      'identity/u-1 seq 5: its hash is not the one that checkpoint 2 sealed',
    )
  })

  test('two that changed places are named', () => {
    const entries = ledger.entries.with(0, at(ledger.entries, 1)).with(1, at(ledger.entries, 0))
    expect(() => verifyLedger(withEntries(entries))).toThrow(
      'identity/u-1 seq 2: entries before it are missing',
    )
  })

  test('one that stands there twice is named', () => {
    const entries = ledger.entries.toSpliced(1, 0, at(ledger.entries, 0))
    expect(() => verifyLedger(withEntries(entries))).toThrow(
      'identity/u-1 seq 1: it is out of order or there twice',
    )
  })

  test('a chain cut below its last leaf is named with both ends', () => {
    const entries = ledger.entries.filter((entry) => entry.chain !== 'identity/u-3' || entry.seq < 3)
    expect(() => verifyLedger(withEntries(entries))).toThrow(
      'identity/u-3 seq 4: the chain is cut: it ends at 2, but checkpoint 4 sealed seq 4',
    )
  })

  test.each(['identity/u-1', 'identity/u-2', 'unknown/03'])('a missing chain is named: %s', (chain) => {
    expect(() => verifyLedger(withEntries(others(chain)))).toThrow(
      `${chain}: the chain is missing: checkpoint 1 sealed it`,
    )
  })

  test('chains that changed names are named', () => {
    const entries = [
      ...relink(of('identity/u-2'), 'identity/u-1'),
      ...relink(of('identity/u-1'), 'identity/u-2'),
    ]
    const rest = others('identity/u-1').filter((entry) => entry.chain !== 'identity/u-2')
    expect(() => verifyLedger(withEntries(sorted([...entries, ...rest])))).toThrow('identity/u-1 seq 3')
  })

  test('chains out of order are named', () => {
    const entries = [...others('identity/u-1'), ...of('identity/u-1')]
    expect(() => verifyLedger(withEntries(entries))).toThrow('identity/u-1')
  })

  test('a whole chain slipped in and never sealed is named once two checkpoints have passed it by', () => {
    const old = of('identity/u-2').slice(0, 1)
    const forged = withEntries(sorted([...ledger.entries, ...relink(old, 'identity/u-9')]))
    expect(() => verifyLedger(forged)).toThrow(
      'identity/u-9 seq 1: it was never sealed, although it is older',
    )
  })

  test('an old entry added behind the last leaf of its chain is named', () => {
    const chain = of('identity/u-2')
    const forged = withChain('identity/u-2', [...chain, { ...at(chain, 0), id: 'added' }])
    expect(() => verifyLedger(forged)).toThrow('identity/u-2 seq 4: it was never sealed')
  })

  test('an event that was entered a second time is named, though all of it is linked and sealed', () => {
    const chain = of('identity/u-2')
    const again = { ...at(chain, 0), writtenAt: at(ledger.entries, -1).writtenAt + 3_600_000 }
    const doubled = withChain('identity/u-2', [...chain, again])
    const last = at(
      doubled.entries.filter((entry) => entry.chain === 'identity/u-2'),
      -1,
    )
    const before = ledger.checkpoints.at(-1)
    if (!before) throw new Error('no checkpoint')
    const sealing = signCheckpoint(
      {
        number: before.number + 1,
        at: last.writtenAt + 1,
        prevHash: statementHash(before),
        leaves: [{ chain: last.chain, seq: last.seq, hash: last.hash }],
      },
      key,
    )
    const sealed = { ...doubled, checkpoints: [...ledger.checkpoints, sealing] }
    expect(() => verifyLedger(sealed)).toThrow(
      'identity/u-2 seq 4: its id stands in the chain before: one event was entered a second time',
    )
  })

  test('an export without entries is no export', () => {
    expect(() => verifyLedger(withEntries([]))).toThrow('entries.ndjson is empty, but the checkpoints sealed')
  })
})

describe('checkpoints', () => {
  const withCheckpoints = (checkpoints: typeof ledger.checkpoints) => ({ ...ledger, checkpoints })
  const checkpoint = (number: number) => {
    const found = ledger.checkpoints[number - 1]
    if (!found) throw new Error('no such checkpoint')
    return found
  }

  test.each([
    ['at', { at: 1 }],
    ['keyId', { keyId: 'another' }],
    ['root', { root: 'f'.repeat(64) }],
    ['an unknown field', { note: 'added' }],
  ])('a changed %s is named', (_, change) => {
    const forged = withCheckpoints(ledger.checkpoints.with(1, { ...checkpoint(2), ...change }))
    expect(() => verifyLedger(forged)).toThrow('checkpoint 2: its signature was not made by this public key')
  })

  test('a changed leaf is named, although the signature does not cover leaves', () => {
    const [leaf, ...rest] = checkpoint(1).leaves
    if (!leaf) throw new Error('no leaf')
    const leaves = [{ ...leaf, seq: leaf.seq - 1 }, ...rest]
    const forged = withCheckpoints(ledger.checkpoints.with(0, { ...checkpoint(1), leaves }))
    expect(() => verifyLedger(forged)).toThrow('checkpoint 1: its root is not that of its leaves')
  })

  test('a dropped leaf is named', () => {
    const leaves = checkpoint(1).leaves.slice(1)
    const forged = withCheckpoints(ledger.checkpoints.with(0, { ...checkpoint(1), leaves }))
    expect(() => verifyLedger(forged)).toThrow('checkpoint 1: it has 2 leaves, but its count is 3')
  })

  test.each([1, 2, 3])('a dropped one is named: %i', (number) => {
    const forged = withCheckpoints(ledger.checkpoints.toSpliced(number - 1, 1))
    expect(() => verifyLedger(forged)).toThrow(
      `checkpoint ${number + 1}: checkpoint ${number} should stand here`,
    )
  })

  test('those of another key are named', () => {
    expect(() => verifyLedger({ ...ledger, publicKey: sampleLedger().publicKey })).toThrow(
      'checkpoint 1: its signature',
    )
  })

  test('one that does not follow the one before it is named', () => {
    const forged = withCheckpoints(
      ledger.checkpoints.with(1, signCheckpoint({ ...checkpoint(2), prevHash: 'a'.repeat(64) }, key)),
    )
    expect(() => verifyLedger(forged)).toThrow('checkpoint 2: its prevHash is not')
  })

  test('one that seals a chain below an earlier leaf is named', () => {
    const [first] = of('identity/u-1')
    if (!first) throw new Error('no entry')
    const before = checkpoint(4)
    const leaves = [{ chain: first.chain, seq: first.seq, hash: first.hash }]
    const back = signCheckpoint(
      { number: 5, at: before.at + 1, prevHash: statementHash(before), leaves },
      key,
    )
    expect(() => verifyLedger(withCheckpoints([...ledger.checkpoints, back]))).toThrow(
      'checkpoint 5: it sealed identity/u-1 below',
    )
  })

  test('an export without any is no export: nothing in it is signed', () => {
    expect(() => verifyLedger(withCheckpoints([]))).toThrow('checkpoints.ndjson is empty')
  })
})

describe('what an export alone cannot prove', () => {
  const newest = ledger.checkpoints.slice(-1)

  test('a dropped newest checkpoint is found with one kept outside', () => {
    const rolledBack = { ...ledger, checkpoints: ledger.checkpoints.slice(0, -1), entries: ledger.entries }
    expect(verifyLedger(rolledBack).checkpoints).toBe(3)
    expect(() => verifyLedger(rolledBack, newest)).toThrow('checkpoint 4: it is missing')
  })

  test('entries newer than the last checkpoint can go', () => {
    const cut = ledger.entries.filter((entry) => entry.chain !== 'identity/u-4')
    expect(verifyLedger(withEntries(cut)).uncovered).toBe(1)
  })

  test('a ledger made anew under another key is found with the old key, or a checkpoint kept outside', () => {
    const forged = makeLedger([
      { appended: { 'identity/u-1': 5 } },
      { appended: {} },
      { appended: {} },
      { appended: {} },
    ])
    expect(verifyLedger(forged).entries).toBe(5)
    expect(() => verifyLedger({ ...forged, publicKey: ledger.publicKey })).toThrow(
      'checkpoint 1: its signature',
    )
    expect(() => verifyLedger(forged, newest)).toThrow(
      'checkpoint 4: the one kept outside was not signed by this public key',
    )
  })

  test('a log forked under the same key is found with a checkpoint kept outside', () => {
    const [first, second] = [checkpointOf(1), checkpointOf(2)]
    const fork = signCheckpoint({ number: 2, at: second.at, prevHash: statementHash(first), leaves: [] }, key)
    const entries = ledger.entries.filter((entry) => entry.writtenAt <= first.at)
    const forged = { ...ledger, entries, checkpoints: [first, fork] }
    expect(verifyLedger(forged).checkpoints).toBe(2)
    expect(() => verifyLedger(forged, [second])).toThrow(
      'checkpoint 2: it is not the one that was kept outside',
    )
  })

  function checkpointOf(number: number) {
    const found = ledger.checkpoints[number - 1]
    if (!found) throw new Error('no such checkpoint')
    return found
  }
})

describe('lines', () => {
  const lines = { entries: linesOf(ledger.entries), checkpoints: linesOf(ledger.checkpoints) }
  const withLine = (place: number, line: string) => ({ ...lines, entries: lines.entries.with(place, line) })

  test.each([
    ['a space', (line: string) => line.replace('":', '": '), 'line 1: it is not in canonical form'],
    [
      'a field twice',
      (line: string) => line.replace('{', '{"actor":"admin",'),
      'line 1: it is not in canonical form',
    ],
    ['an array', (line: string) => `[${line}]`, 'line 1: it is not an object'],
    [
      'seq as text',
      (line: string) => line.replace('"seq":1', '"seq":"1"'),
      'line 1: the field seq is missing or malformed',
    ],
    [
      'no writtenAt',
      (line: string) => line.replace(/,"writtenAt":[0-9]+/, ''),
      'line 1: the field writtenAt',
    ],
    [
      'a chain of other characters',
      (line: string) => line.replace('identity/u-1', 'identity/ü-1'),
      'line 1: the field chain',
    ],
  ])('with %s are named', (_, change, finding) => {
    expect(() => verify(withLine(0, change(lines.entries[0] ?? '')), ledger.publicKey)).toThrow(finding)
  })

  test('that are not JSON make the export unusable', () => {
    for (const line of ['', '{', 'nonsense', (lines.entries[0] ?? '').slice(0, -9)])
      expect(() => verify(withLine(0, line), ledger.publicKey)).toThrow('entries.ndjson line 1 is not JSON')
  })
})
