import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonical, isCanonical } from '#shared/ledger/canonical.ts'

const parsed = (text: string) => JSON.parse(text) as object

describe('canonical JSON', () => {
  test('is what RFC 8785 gives for keys, strings and control characters', () => {
    const value = {
      '\u20ac': 'Euro',
      '\r': 'CR',
      '\u0080': '\u0080',
      1: 'One',
      '\ud83d\ude00': 'Smile',
      '"': '\b\t\u001f/\u007f',
    }
    expect(canonical(value)).toBe(
      '{"\\r":"CR","\\"":"\\b\\t\\u001f/\u007f","1":"One","\u0080":"\u0080","\u20ac":"Euro","\ud83d\ude00":"Smile"}',
    )
  })

  test.each([
    ['white space', '{"a": 1}'],
    ['keys out of order', '{"b":1,"a":1}'],
    ['keys out of order deeper down', '{"a":[{"c":1,"b":1}]}'],
    ['a key twice', '{"a":1,"a":1}'],
    ['a needless escape', '{"a":"\\u0062"}'],
    ['an escaped slash', '{"a":"\\/"}'],
    ['upper-case hex', '{"a":"\\u001F"}'],
    ['a fraction', '{"a":1.5}'],
    ['an integer with a point', '{"a":1.0}'],
    ['an exponent', '{"a":1e3}'],
    ['minus nought', '{"a":-0}'],
    ['an integer that a double cannot hold', '{"a":9007199254740993}'],
    ['a lone surrogate', '{"a":"\\ud800"}'],
    ['a lone surrogate as a key', '{"\\udc00":1}'],
  ])('a line with %s is not canonical', (_, text) => {
    expect(isCanonical(parsed(text), text)).toBe(false)
  })

  test('keys that look like indices are in code unit order all the same', () => {
    const text = '{"10":1,"9":1,"a":1}'
    expect(isCanonical(parsed(text), text)).toBe(true)
    expect(isCanonical(parsed('{"9":1,"10":1,"a":1}'), '{"9":1,"10":1,"a":1}')).toBe(false)
  })

  test('the quick test agrees with the serialiser, whatever the value', () => {
    const leaf = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.maxSafeInteger(),
      fc.boolean(),
      fc.constant(null),
    )
    const { tree } = fc.letrec((tie) => ({
      tree: fc.dictionary(fc.string(), tie('value'), { maxKeys: 5 }),
      value: fc.oneof({ maxDepth: 3 }, leaf, fc.array(leaf, { maxLength: 3 }), tie('tree')),
    }))
    fc.assert(
      fc.property(tree, (value) => {
        const text = canonical(value as object)
        expect(isCanonical(parsed(text), text)).toBe(true)
        expect(isCanonical(parsed(text), `${text} `)).toBe(false)
      }),
    )
  })

  test('a value nested without end is refused, not a crash', () => {
    const text = `{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`
    expect(() => isCanonical(parsed(text), text)).not.toThrow()
  })

  test.each(['a', '1'])('a value may be nested 32 levels deep and no deeper, with the key %s', (key) => {
    const nested = (levels: number) => `{"${key}":${'['.repeat(levels - 1)}1${']'.repeat(levels - 1)}}`
    expect(isCanonical(parsed(nested(32)), nested(32))).toBe(true)
    expect(isCanonical(parsed(nested(33)), nested(33))).toBe(false)
  })
})

test('what has no JSON form says so', () => {
  expect(() => canonical((() => 1) as unknown as object)).toThrow('cannot be part of the ledger')
})

test.each([
  ['{"a":[1,"x",null,true]}', true],
  ['{"a":[1,1.5]}', false],
  ['{"10":1,"9":2}', true],
  ['{"10":null,"9":"x"}', true],
  ['{"10":[1.5],"9":2}', false],
  ['{"9":2,"10":1}', false],
  ['{"b":1,"a":2}', false],
  ['{"a":{"c":1,"b":2}}', false],
  ['{"a":"\\ud800"}', false],
  ['{"":1}', true],
])('%s is canonical: %s', (text, is) => {
  expect(isCanonical(parsed(text), text)).toBe(is)
})
