/** Lines of an export: what a verifier takes for an entry or a checkpoint, and what it says of anything else. */
import { describe, expect, test } from 'vitest'
import { canonical } from '#shared/ledger/canonical.ts'
import { Tampered, Unusable } from '#shared/ledger/findings.ts'
import { parseCheckpoint, parseEntry, parseStatement } from '#shared/ledger/lines.ts'
import { sampleLedger } from './forge.ts'

const { checkpoints, entries } = sampleLedger()
const [checkpoint] = checkpoints
const [entry] = entries
if (checkpoint === undefined || entry === undefined) throw new Error('no ledger')
const [leaf] = checkpoint.leaves
const hex = 'a'.repeat(64)

const thrown = (run: () => unknown) => {
  try {
    return run()
  } catch (error) {
    return error
  }
}
const malformed = (field: string) => new Tampered('here', `the field ${field} is missing or malformed`)

test.each([5, null, 'text', []])('%j is not an object', (value) => {
  const found = thrown(() => parseEntry(JSON.stringify(value), 'here'))
  expect(found).toEqual(new Tampered('here', 'it is not an object'))
  expect(found).toMatchObject({ name: 'Tampered', where: 'here' })
})

test('what is not JSON is no export', () => {
  const found = thrown(() => parseEntry('{', 'here'))
  expect(found).toBeInstanceOf(Unusable)
  expect(found).toMatchObject({ name: 'Unusable', message: 'here is not JSON' })
})

test('what a parser gives up on is told by its depth', () => {
  for (const [text, problem] of [
    ['['.repeat(33), new Tampered('here', 'it is nested too deep')],
    ['['.repeat(32), new Unusable('here is not JSON')],
  ] as const)
    expect(thrown(() => parseEntry(text, 'here'))).toEqual(problem)
})

describe('an entry', () => {
  test.each([
    ['seq', 0],
    ['seq', -1],
    ['writtenAt', -1],
    ['chain', 'a b'],
    ['chain', 5],
    ['hash', 5],
    ['prevHash', true],
  ])('with %s of %j is refused', (field, value) => {
    const text = canonical({ ...entry, [field]: value })
    expect(thrown(() => parseEntry(text, 'here'))).toEqual(malformed(field))
  })

  test('may be the first, and of the first moment', () => {
    expect(parseEntry(canonical({ ...entry, seq: 1, writtenAt: 0 }), 'here')).toMatchObject({ writtenAt: 0 })
  })
})

describe('a statement', () => {
  test.each([
    ['number', 0],
    ['at', -1],
    ['at', '5'],
    ['count', -1],
    ['root', `${hex}a`],
    ['root', `a${hex}`],
    ['root', `z${hex.slice(1)}`],
    ['root', [hex]],
    ['prevHash', hex.toUpperCase()],
    ['keyId', 5],
    ['signature', ''],
    ['signature', 5],
    ['signature', ['QUJD']],
    ['signature', 'QUJD\n'],
    ['signature', '.QUJD'],
    ['signature', 'QUJDQ'],
    ['signature', 'QUJDQQ='],
  ])('with %s of %j is refused', (field, value) => {
    const text = canonical({ ...checkpoint, [field]: value })
    expect(thrown(() => parseStatement(text, 'here'))).toEqual(malformed(field))
  })

  test.each(['QUJD', 'QUJDQUI=', 'QUJDQQ=='])('signed %j is read', (signature) => {
    expect(parseStatement(canonical({ ...checkpoint, signature }), 'here')).toMatchObject({ signature })
  })
})

describe('a checkpoint', () => {
  const read = (leaves: unknown) => thrown(() => parseCheckpoint(canonical({ ...checkpoint, leaves }), 7))
  const where = 'checkpoints.ndjson line 7'

  test('is read with its leaves', () => {
    expect(parseCheckpoint(canonical(checkpoint), 7)).toEqual(checkpoint)
  })

  test('without leaves is refused', () => {
    expect(read({})).toEqual(new Tampered(where, 'the field leaves is missing or malformed'))
  })

  test.each([5, 'leaf', null, {}, { ...leaf, seq: 0 }, { ...leaf, hash: 'x' }, { ...leaf, chain: '' }])(
    'with the leaf %j is refused',
    (bad) => {
      expect(read([leaf, bad])).toEqual(new Tampered(where, 'a leaf is malformed'))
    },
  )

  test('with a leaf that says more is refused: nothing proves it', () => {
    expect(read([{ ...leaf, more: 1 }])).toEqual(new Tampered(where, 'a leaf has fields that nothing proves'))
  })
})
