/** What the verifiers ask of JSON text before they believe their parser, against a writer that knows what it wrote. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hasRepeatedKey, isNestedDeeper } from '#shared/ledger/json-text.ts'

/** Characters that mean something to JSON, so that strings are full of what looks like structure. */
const tricky = fc.string({
  unit: fc.constantFrom('"', '\\', '{', '}', '[', ']', ',', ':', 'a', 'é', '\n', '😀'),
})

/** A value as its writer knows it: the text, how many brackets stand in one another, and whether a key is there twice. */
interface Written {
  readonly text: string
  readonly depth: number
  readonly repeats: boolean
}

const leaf = fc
  .oneof(tricky, fc.integer(), fc.boolean(), fc.constant(null))
  .map((value): Written => ({ text: JSON.stringify(value), depth: 0, repeats: false }))
const inside = (parts: readonly Written[]) => ({
  depth: 1 + Math.max(0, ...parts.map(({ depth }) => depth)),
  repeats: parts.some(({ repeats }) => repeats),
})
const gap = fc.constantFrom('', ' ', '\n\t')
const { written } = fc.letrec<{ written: Written }>((tie) => ({
  written: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    leaf,
    fc.tuple(gap, fc.array(tie('written'), { maxLength: 4 })).map(([space, parts]): Written => {
      const text = `[${space}${parts.map((part) => part.text).join(`${space},${space}`)}${space}]`
      return { text, ...inside(parts) }
    }),
    fc
      .tuple(gap, fc.array(fc.tuple(tricky, tie('written')), { maxLength: 4 }))
      .map(([space, members]): Written => {
        const text = members.map(
          ([key, { text: value }]) => `${space}${JSON.stringify(key)}${space}:${value}`,
        )
        const { depth, repeats } = inside(members.map(([, value]) => value))
        const twice = new Set(members.map(([key]) => key)).size < members.length
        return { text: `{${text.join(',')}${space}}`, depth, repeats: repeats || twice }
      }),
  ),
}))

test('whatever is written: as deep as it is and no deeper, a key twice where one is and nowhere else', () => {
  const seen = { deep: 0, repeated: 0 }
  fc.assert(
    fc.property(written, ({ text, depth, repeats }) => {
      JSON.parse(text)
      expect(isNestedDeeper(text, depth)).toBe(false)
      if (depth > 0) expect(isNestedDeeper(text, depth - 1)).toBe(true)
      expect(hasRepeatedKey(text)).toBe(repeats)
      seen.deep += Number(depth > 2)
      seen.repeated += Number(repeats)
    }),
    { numRuns: 500, seed: 20_261_127 },
  )
  expect(Math.min(seen.deep, seen.repeated)).toBeGreaterThan(5)
})

describe('a key is there twice', () => {
  test.each([
    ['in the outermost object', '{"a":1,"a":2}', true],
    ['spelled another way', '{"a":1,"\\u0061":2}', true],
    ['in one within a list', '[{"b":0},{"a":[1,2],"a":2}]', true],
    ['behind an object', '{"a":{"b":1},"a":2}', true],
    ['once in each of two objects', '[{"a":1},{"a":2}]', false],
    ['once outside and once inside', '{"a":{"a":1}}', false],
    ['once, and again as a value', '{"a":"a","b":["a","a"]}', false],
    ['once, and again in a text', '{"a":"\\",\\"a\\":","b":1}', false],
  ])('%s', (_, text, repeats) => {
    expect(hasRepeatedKey(text)).toBe(repeats)
  })
})

describe('what is no JSON has a depth all the same', () => {
  test.each([
    ['[['.repeat(20), 40],
    ['{'.repeat(7), 7],
    ['[{'.repeat(3), 6],
    ['"[[[[', 0],
    ['"\\"[[', 0],
    ['"\\\\"[[', 2],
    ['[]{}[]', 1],
    [']]][', 0],
  ])('%s', (text, depth) => {
    expect(isNestedDeeper(text, depth)).toBe(false)
    if (depth > 0) expect(isNestedDeeper(text, depth - 1)).toBe(true)
  })
})
