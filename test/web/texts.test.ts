import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { codes } from '#shared/contract/codes.ts'
import { catalogue as ar } from '../../web/texts/ar.ts'
import { catalogue as en } from '../../web/texts/en.ts'

/** All texts by their path. */
function flat(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]]
  return Object.entries(value as object).flatMap(([key, each]) => flat(each, `${path}.${key}`))
}

const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort()

test('every language is tested here', () => {
  const files = readdirSync(new URL('../../web/texts', import.meta.url))
  expect(files.sort()).toEqual(['ar.ts', 'catalogue.ts', 'en.ts'])
})

test('each text has the same placeholders in every language', () => {
  const translated = new Map(flat(ar.texts))
  const english = flat(en.texts)
  expect([...translated.keys()].sort()).toEqual(english.map(([path]) => path).sort())
  // A dual may leave its number out.
  for (const [path, text] of english.filter(([each]) => !each.startsWith('.code.triesLeft')))
    expect([path, placeholders(translated.get(path) ?? '')]).toEqual([path, placeholders(text)])
})

test.each([en, ar])('$locale: every refusal has a sentence and a next step', ({ errors }) => {
  expect(Object.keys(errors).sort()).toEqual([...Object.keys(codes), 'OFFLINE', 'TIMED_OUT'].sort())
  for (const [sentence, nextStep] of Object.values(errors)) {
    expect(sentence).toMatch(/\.$/)
    expect(nextStep).toMatch(/\.$/)
  }
})

test('Arabic texts are in Arabic', () => {
  for (const [path, text] of flat(ar.texts).filter(([each]) => each !== '.common.pageTitle'))
    expect([path, /[\u0600-\u06ff]/.test(text)]).toEqual([path, true])
})
