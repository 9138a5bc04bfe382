import { expect, test } from 'vitest'
import { pack, unpack } from '../../web/app/packed-texts.ts'
import { catalogue as ar } from '../../web/texts/ar.ts'
import { catalogue as en } from '../../web/texts/en.ts'
import { catalogue as hi } from '../../web/texts/hi.ts'

test('a catalogue comes out of its package as it went in', () => {
  const quoted = { ...en, name: '"a\\b" $& \u{1f512} ß' }
  for (const catalogue of [en, ar, hi, quoted])
    expect(unpack(JSON.parse(JSON.stringify(pack(catalogue))))).toEqual(catalogue)
})

test('a text of two lines is not packed', () => {
  expect(() => pack({ ...en, name: 'two\nlines' })).toThrow('one line')
})
