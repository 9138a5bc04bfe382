/** The words that a password may be made of, once what stands around them is taken off. */
import { describe, expect, test } from 'vitest'
import { stemsOf, withoutEnds } from '#shared/domain/password-forms.ts'

test.each([
  ['2026summer!!', 'summer'],
  ['12a34', 'a'],
  ['!!ab!!', 'ab'],
  ['7violet-harbour7', 'violet-harbour'],
  ['line\nbreak1', 'line\nbreak'],
  // An accent of its own belongs to the letter before it.
  ['1cafe\u03011', 'cafe\u0301'],
  ['1234-5678', ''],
  ['', ''],
])('%j without digits and signs at both ends is %j', (text, word) => {
  expect(withoutEnds(text)).toBe(word)
})

describe('a password may be made of', () => {
  test.each([
    ['Summer2026!', ['summer']],
    ['S@mm3r', ['sammer']],
    ['p0we5r', ['powesr']],
    ['pa$te', ['paste']],
    // A 1 is an i or an l.
    ['W1nter26', ['winter', 'wlnter']],
    ['We1come26', ['weicome', 'welcome']],
    // Each by itself.
    [
      'M1che11e',
      ['micheiie', 'micheile', 'michelie', 'michelle', 'mlcheiie', 'mlcheile', 'mlchelie', 'mlchelle'],
    ],
  ])('%s: a word, with signs within read as letters', (password, words) => {
    expect([...stemsOf(password)].sort()).toEqual(words)
  })

  test.each([
    ['$ummer26!', ['summer', 'ummer']],
    ['!$ummer', ['summer', 'ummer']],
    ['26summer$', ['summer', 'summers']],
    ['summer$!', ['summer', 'summers']],
    ['0live5', ['live', 'lives', 'olive', 'olives']],
    ['summer!$', ['summer']],
    ['$!ummer', ['ummer']],
    ['$$ummer', ['ssummer', 'summer', 'ummer']],
    ['hell00', ['hell', 'hello', 'helloo']],
  ])('%s: a word with or without the signs right beside it', (password, words) => {
    expect([...stemsOf(password)].sort()).toEqual(words)
  })

  test.each([
    ['@0$$ummer', ['0$$ummer', '$$ummer', '$ummer', 'ummer']],
    ['summer$$0@', ['summer', 'summer$', 'summer$$', 'summer$$0']],
  ])('%s: at each end no more than three of them', (password, words) => {
    const read = words.map((word) => word.replaceAll('$', 's').replaceAll('0', 'o'))
    expect(stemsOf(password)).toEqual(new Set(read))
  })

  test('of a word with many of them no more than 16 readings', () => {
    const readings = stemsOf(`a${'1'.repeat(62)}b`)
    expect(readings.size).toBe(16)
    expect(readings).toContain(`alili${'i'.repeat(58)}b`)
  })

  test('of a word that is too long for any list or name there is itself alone', () => {
    const long = `a${'1'.repeat(63)}b`
    expect(stemsOf(`$${long}5`)).toEqual(new Set([long]))
  })

  test.each(['', '12345!', '0', '@5$0'])('no word, where there is no letter: %j', (password) => {
    expect(stemsOf(password).size).toBe(0)
  })
})
