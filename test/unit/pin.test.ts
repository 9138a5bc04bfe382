import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkPin } from '#shared/domain/pin.ts'

const allPins = Array.from({ length: 1_000_000 }, (_, n) => String(n).padStart(6, '0'))

test('of all million PINs exactly 2,100 are refused: 10 repeats, 20 runs, 90 pairs, 990 triples, 990 doubles', () => {
  const refused = allPins.filter((pin) => checkPin(pin) !== undefined)
  expect(refused).toHaveLength(10 + 20 + 90 + 990 + 990)
  expect(new Set(refused.map(checkPin))).toEqual(new Set(['PIN_TRIVIAL']))
})

test.each([
  ...['000000', '777777'],
  ...['123456', '012345', '456789', '987654', '543210'],
  ...['567890', '890123', '098765', '210987'],
  ...['121212', '909090'],
  ...['123123', '112112', '900900'],
  ...['112233', '998811', '001100', '113322'],
])('the PIN %s is trivial', (pin) => {
  expect(checkPin(pin)).toBe('PIN_TRIVIAL')
})

test.each(['123457', '135790', '121213', '123124', '112234', '480913', '000001', '246802', '123321'])(
  'the PIN %s may be used',
  (pin) => {
    expect(checkPin(pin)).toBeUndefined()
  },
)

test.each([
  '',
  '48091',
  '4809131',
  ' 480913',
  '480913\n',
  '48091a',
  '-48091',
  '4.8091',
  '٤٨٠٩١٣',
  '４８０９１３',
  '4８0913',
])('%j is not a PIN', (text) => {
  expect(checkPin(text)).toBe('PIN_FORMAT')
})

test('no text but six ASCII digits is ever taken for a PIN', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 12 }), (text) => {
      fc.pre(!(text.length === 6 && [...text].every((each) => '0123456789'.includes(each))))
      expect(checkPin(text)).toBe('PIN_FORMAT')
    }),
  )
})
