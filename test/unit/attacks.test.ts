/** The table of naive versions follows the source: the proof itself takes minutes, `npm run prove -- attacks`. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { edited } from '../../prove/attacks/copy.ts'
import { patternOf } from '../../prove/attacks/run-tests.ts'
import { attacks, honest } from '../../prove/attacks/table.ts'

const textOf = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')

describe.each(attacks)('$name', ({ edits, tests }) => {
  test('what the naive version changes is in the source, once', () => {
    const texts = new Map<string, string>()
    for (const edit of edits) texts.set(edit.file, edited(texts.get(edit.file) ?? textOf(edit.file), edit))
    for (const [file, text] of texts) expect(text).not.toBe(textOf(file))
  })

  test('its tests are there', () => {
    expect(tests.length).toBeGreaterThan(0)
    for (const { file, title } of [honest, ...tests]) expect(textOf(file)).toContain(title)
  })
})

test('an edit that is not there, or is there twice, is an error', () => {
  const edit = { file: 'a.ts', search: 'x', replace: 'y' }
  expect(edited('axb', edit)).toBe('ayb')
  expect(() => edited('ab', edit)).toThrow('0 times')
  expect(() => edited('axbx', edit)).toThrow('2 times')
})

test('a title finds its test, whatever stands in its placeholders', () => {
  const pattern = new RegExp(`^${patternOf({ file: '', title: 'a (b) of %s, $id' })}$`)
  expect(pattern.test('a (b) of email, 7')).toBe(true)
  expect(pattern.test('a b of email, 7')).toBe(false)
})
