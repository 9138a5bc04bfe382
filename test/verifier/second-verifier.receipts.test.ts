import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { Tampered, Unusable } from '#shared/ledger/findings.ts'
import { makeReceipt, parseReceipt, type Receipt, verifyReceipt } from '#shared/ledger/receipt.ts'
import { latchkey } from '#test/ledger/command-line.ts'
import { newKey, publicKeyOf, sampleLedger } from '#test/ledger/forge.ts'
import { sized } from '#test/support/whole.ts'
import { keysIn } from '../../cli/export-files.ts'
import { missingCommands, secondVerifier } from './verifiers.ts'

const missing = missingCommands()
const folder = mkdtempSync(join(tmpdir(), 'latchkey-receipts-'))
afterAll(() => rmSync(folder, { recursive: true }))

const key = newKey()
const pemOf = (one: typeof key) => publicKeyOf(one).export({ format: 'pem', type: 'spki' }).toString()
const pem = pemOf(key)
const { entries, checkpoints } = sampleLedger(key)

/** Of each entry that a checkpoint seals, by the first one that does. */
const receipts: Receipt[] = entries.flatMap((entry) => {
  const sealing = checkpoints.find(({ leaves }) =>
    leaves.some(({ chain, seq }) => chain === entry.chain && seq >= entry.seq),
  )
  const leaf = sealing?.leaves.find(({ chain }) => chain === entry.chain)
  if (sealing === undefined || leaf === undefined) return []
  const upToLeaf = entries.filter(
    ({ chain, seq }) => chain === entry.chain && seq >= entry.seq && seq <= leaf.seq,
  )
  return [makeReceipt(upToLeaf, sealing, pem)]
})

type Json = null | boolean | number | string | Json[] | { [name: string]: Json }

/** Every place in the value, from the whole of it down to each letter's text. */
const placesIn = (value: Json): string[][] =>
  typeof value !== 'object' || value === null
    ? [[]]
    : [[], ...Object.entries(value).flatMap(([name, part]) => placesIn(part).map((rest) => [name, ...rest]))]

const edits: Readonly<Record<string, (part: Json, pick: number) => Json | undefined>> = {
  removed: () => undefined,
  'another type': (part) => (typeof part === 'string' ? [part] : 'text'),
  'one more': (part) => (typeof part === 'number' ? part + 1 : Array.isArray(part) ? [...part, 'x'] : null),
  doubled: (part) => (Array.isArray(part) ? [...part, ...part.slice(-1)] : null),
  reversed: (part) => (Array.isArray(part) ? part.toReversed() : false),
  'another letter': (part, pick) => {
    if (typeof part !== 'string' || part === '') return -1
    const at = pick % part.length
    return `${part.slice(0, at)}${part[at] === 'a' ? 'b' : 'a'}${part.slice(at + 1)}`
  },
  'too large': () => 2 ** 53,
  'a field more': (part) =>
    typeof part === 'object' && part !== null && !Array.isArray(part) ? { ...part, more: 1 } : 0,
}

function edited(
  whole: Json,
  place: readonly string[],
  edit: (part: Json) => Json | undefined,
): Json | undefined {
  const [name, ...rest] = place
  if (name === undefined) return edit(whole)
  const copy = structuredClone(whole) as { [name: string]: Json }
  const part = edited(copy[name] ?? null, rest, edit)
  if (part !== undefined) copy[name] = part
  else if (Array.isArray(copy)) copy.splice(Number(name), 1)
  else delete copy[name]
  return copy
}

/** As the command line judges it. @returns its exit code, and what it proves */
function firstVerdict(text: string, outside: string | undefined): { code: number; proves?: string } {
  try {
    const receipt = parseReceipt(text)
    const entry = verifyReceipt(receipt, keysIn(outside ?? receipt.publicKey, 'receipt'))
    return { code: 0, proves: entry.hash }
  } catch (error) {
    if (error instanceof Tampered) return { code: 1 }
    if (error instanceof Unusable) return { code: 2 }
    throw error
  }
}

/** Of many receipts at once. */
function secondVerdicts(texts: readonly string[], outside: string | undefined) {
  const given = join(folder, 'given.pem')
  if (outside !== undefined) writeFileSync(given, outside)
  const verdicts = secondVerifier(
    texts.map((text, place) => {
      const path = join(folder, `receipt-${place}.json`)
      writeFileSync(path, text)
      return ['--receipt', path, ...(outside === undefined ? [] : ['--public-key', given])]
    }),
  )
  return verdicts.map(({ code, said }) => {
    const [, proves] = /^proves: \S+ seq \d+ ([0-9a-f]{64})/.exec(said) ?? []
    return { code, ...(proves !== undefined && { proves }) }
  })
}

describe.skipIf(missing.length > 0)('the second verifier', () => {
  test('proves every sealed entry by its receipt, as the first one does', () => {
    const texts = receipts.map((receipt) => JSON.stringify(receipt, null, 2))
    const proved = receipts.map(({ entries: [first] }) => ({ code: 0, proves: first?.hash }))
    expect(receipts.length).toBeGreaterThan(5)
    for (const outside of [undefined, pem]) {
      expect(texts.map((text) => firstVerdict(text, outside))).toEqual(proved)
      expect(secondVerdicts(texts, outside)).toEqual(proved)
    }
    const another = receipts.map(() => ({ code: 1 }))
    expect(secondVerdicts(texts, pemOf(newKey()))).toEqual(another)
  })

  test('takes an integer for one however it is written, as the first one does', () => {
    const text = JSON.stringify(receipts.find(({ index, entries }) => index === 0 && entries[0]?.seq === 1))
    const written = ['"index":0.0', '"index":-0e1', '"index":0.5', '"index":1e999'].map((index) =>
      text.replace('"index":0', index),
    )
    const texts = [...written, text.replaceAll('"seq":1,', '"seq":10e-1,')]
    const verdicts = secondVerdicts(texts, undefined)
    expect(verdicts).toEqual(texts.map((each) => firstVerdict(each, undefined)))
    expect(verdicts.map(({ code }) => code)).toEqual([0, 0, 1, 1, 0])
  })

  test('refuses a key that stands twice and nesting beyond a hundred levels, as the first one does', () => {
    const text = JSON.stringify(receipts[0])
    const nested = (levels: number, inner = '1') => '['.repeat(levels) + inner + ']'.repeat(levels)
    const more = (value: string) => text.replace(/}$/, `,"more":${value}}`)
    const inEntry = text.replace('"entries":[{', '"entries":[{"seq":1,')
    const cases: readonly (readonly [string, string, number])[] = [
      ['99 levels of arrays in its own object', more(nested(99)), 0],
      ['100 of them', more(nested(100)), 1],
      ['60,000 of them', more(nested(60_000)), 1],
      ['60,000 objects', more(`${'{"a":'.repeat(60_000)}1${'}'.repeat(60_000)}`), 1],
      ['brackets in a string', more(`"${'['.repeat(200)}\\"${'{'.repeat(200)}"`), 0],
      ['60,000 brackets and no end', '['.repeat(60_000), 1],
      ['brackets in a string without an end', `"${'['.repeat(200)}`, 2],
      ['a key twice in the receipt', text.replace('{', '{"index":7,'), 1],
      ['a key twice, once escaped', text.replace('{', '{"\\u0069ndex":0,'), 1],
      ['a key twice in an entry', inEntry, 1],
      ['a key twice in what is not proved', more('[{"a":1,"b":{"a":2},"a":1}]'), 1],
      ['a key twice that no object has of itself', more('{"__proto__":1,"__proto__":1}'), 1],
      ['a key in each of two objects', more('[{"a":{"a":[{"a":"a"},{"a":"a"}]},"b":"a"}]'), 0],
      ['a key twice in no JSON', more('{"a":1,"a":2'), 2],
      ['many escapes', more(`"${'\\\\\\"'.repeat(500_000)}"`), 0],
      ['nothing', '', 2],
    ]
    const texts = cases.map(([, each]) => each)
    const second = secondVerdicts(texts, undefined)
    for (const [place, [name, each, code]] of cases.entries())
      expect([name, firstVerdict(each, undefined).code, second[place]?.code]).toEqual([name, code, code])
  })

  test('takes a file that is no UTF-8 for no receipt, as the first one does', async () => {
    const path = join(folder, 'latin1.json')
    const [receipt] = receipts
    writeFileSync(path, Buffer.from(JSON.stringify({ ...receipt, more: 'caf\u00e9' }), 'latin1'))
    const { code } = await latchkey(['ledger', 'verify-receipt', path])
    expect([code, secondVerifier([['--receipt', path]])[0]?.code]).toEqual([2, 2])
  })

  test('judges edited receipts as the first one does, and neither takes one for proof of anything else', () => {
    const change = fc.tuple(fc.nat(), fc.nat(), fc.constantFrom(...Object.keys(edits)), fc.nat())
    const cases = fc.sample(change, { numRuns: sized(100, 400), seed: 9 }).map(([one, where, name, pick]) => {
      const receipt = receipts[one % receipts.length] as unknown as { [name: string]: Json }
      const places = placesIn(receipt)
      const place = places[where % places.length] ?? []
      const changed = edited(receipt, place, (part) => edits[name]?.(part, pick))
      return { name: `${place.join('.')}: ${name}`, receipt, text: JSON.stringify(changed) ?? '' }
    })
    for (const outside of [undefined, pem]) {
      const second = secondVerdicts(
        cases.map(({ text }) => text),
        outside,
      )
      const judged = cases.map(({ name, text, receipt }, place) => ({
        name,
        first: firstVerdict(text, outside),
        second: second[place],
        honest: (receipt as unknown as Receipt).entries.map(({ hash }) => hash),
      }))
      for (const { name, first, second: other, honest } of judged) {
        expect([name, other]).toEqual([name, first])
        if (first.code === 0) expect(honest).toContain(first.proves)
      }
      expect(judged.filter(({ first }) => first.code === 1).length).toBeGreaterThan(cases.length / 2)
    }
  })
})
