/** Patterns that a password must not be: repetitions, and runs along the keys of the keyboards that people have. */
import { describe, expect, test } from 'vitest'
import { isTrivial } from '#shared/domain/trivial.ts'

const keyboards: Readonly<Record<string, readonly string[]>> = {
  'the alphabet': ['abcdefghijklmnopqrstuvwxyz'],
  digits: ['0123456789', '1234567890'],
  'a keyboard with its signs': ['`1234567890-=', '!@#$%^&*()', 'qwertyuiop[]\\', "asdfghjkl;'", 'zxcvbnm,./'],
  'a keyboard with Shift held': ['~!@#$%^&*()_+', 'qwertyuiop{}|', 'asdfghjkl:"', 'zxcvbnm<>?'],
  'the signs of other countries': ['!"£$%^&*()', '!"§$%&/()=', '&é"\'(-è_çà)='],
  QWERTY: ['qwertyuiop', 'asdfghjkl', 'zxcvbnm'],
  QWERTZ: ['qwertzuiop', 'asdfghjkl', 'yxcvbnm'],
  AZERTY: ['azertyuiop', 'qsdfghjklm', 'wxcvbn'],
  Arabic: ['ضصثقفغعهخحجد', 'شسيبلاتنمكط', 'ئءؤرلاىةوزظ'],
  Persian: ['ضصثقفغعهخحجچ', 'شسیبلاتنمکگ', 'ظطزرذدپو'],
  Russian: ['йцукенгшщзхъ', 'фывапролджэ', 'ячсмитьбю'],
}

describe.each(Object.entries(keyboards))('a run along %s', (_, rows) => {
  test.each(rows)('%s is trivial from any key, forward and backward, and over the end', (row) => {
    const keys = [...row]
    for (const start of keys.keys()) {
      const run = [...keys.slice(start), ...keys.slice(0, start)]
      for (const typed of [run.join(''), run.toReversed().join('')])
        expect([typed, isTrivial(typed)]).toEqual([typed, true])
    }
  })
})

test.each([
  'asdfzxcv',
  'qwertasdfg',
  'qwertyqwertz',
  'йцукфыва',
  'abcdabce',
  '12345687',
  'qazwsxed',
  '🦉abcdefg',
])('%s leaves its row or its order, and is no run', (text) => {
  expect(isTrivial(text)).toBe(false)
})

test.each(['aaaaaaaa', 'abababab', 'abcabcab', 'abcdabcdab', '🦉🐦🦉🐦🦉'])(
  '%s is a block over and over',
  (text) => {
    expect(isTrivial(text)).toBe(true)
  },
)

test.each(['xaaaaaaa', 'aaaaaaax', 'xabababab', 'xyabcabcabc', 'hkdbahkdba', 'axbxcxdx'])(
  '%s is not the same block from beginning to end, or has too long a one',
  (text) => {
    expect(isTrivial(text)).toBe(false)
  },
)

test.each([
  ['abc', false],
  ['111', false],
  ['ewq', false],
  ['', false],
  ['abcd', true],
  ['1111', true],
  ['rewq', true],
  ['αβγδ', true],
  ['δγβα', true],
])('a pattern has four characters or more: %j %s', (text, isOne) => {
  expect(isTrivial(text)).toBe(isOne)
})
