import { expect, test } from 'vitest'
import { pack, unpack } from '../../web/app/packed-texts.ts'
import { catalogue as ar } from '../../web/texts/ar.ts'
import { catalogue as en } from '../../web/texts/en.ts'

test('catalogues come out of their package as they went in', () => {
  expect(unpack(JSON.parse(JSON.stringify(pack([en, ar]))))).toEqual([en, ar])
  const quoted = { ...en, name: '"a\\b" $& \u{1f512} ß' }
  expect(unpack(pack([ar, quoted]))).toEqual([ar, quoted])
})

test('a text of two lines is not packed', () => {
  expect(() => pack([{ ...en, name: 'two\nlines' }])).toThrow('one line')
})
