import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fromWire, toWire } from '#shared/stores/wire-item.ts'

describe('an item of the wire', () => {
  test('comes back as it went, with every number that JavaScript holds exactly', () => {
    const safe = fc.oneof(fc.maxSafeInteger(), fc.constantFrom(0.5, -1.25, Number.MAX_SAFE_INTEGER))
    fc.assert(
      fc.property(safe, (number) => {
        expect(fromWire(toWire({ number }))).toEqual({ number })
      }),
    )
  })

  test.each([
    '9007199254740993',
    '1152921504606846977',
    '-9007199254740993',
    '0.10000000000000000001',
    '1e400',
  ])('keeps %s, which a number would change, as text', (text) =>
    expect(fromWire({ seq: { N: text } })).toEqual({ seq: text }),
  )
})
