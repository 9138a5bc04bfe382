import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { codes } from '#shared/contract/codes.ts'
import { catalogues } from '#shared/messages/compose.ts'
import { catalogue as ar } from '../../web/texts/ar.ts'
import { catalogue as en } from '../../web/texts/en.ts'
import { catalogue as hi } from '../../web/texts/hi.ts'

/** All texts by their path. */
function flat(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]]
  return Object.entries(value as object).flatMap(([key, each]) => flat(each, `${path}.${key}`))
}

const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort()

test('every language is tested here', () => {
  const files = readdirSync(new URL('../../web/texts', import.meta.url))
  expect(files.sort()).toEqual(['ar.ts', 'catalogue.ts', 'en.ts', 'hi.ts'])
})

test.each([ar, hi])('$locale: each text has the same placeholders as in English', ({ texts }) => {
  const translated = new Map(flat(texts))
  const english = flat(en.texts)
  expect([...translated.keys()].sort()).toEqual(english.map(([path]) => path).sort())
  // A number may be a word.
  for (const [path, text] of english.filter(([each]) => !each.startsWith('.code.triesLeft')))
    expect([path, placeholders(translated.get(path) ?? '')]).toEqual([path, placeholders(text)])
})

test.each([en, ar, hi])('$locale: every refusal has a sentence and a next step', ({ errors }) => {
  expect(Object.keys(errors).sort()).toEqual([...Object.keys(codes), 'OFFLINE', 'TIMED_OUT'].sort())
  for (const [sentence, nextStep] of Object.values(errors)) {
    expect(sentence).toMatch(/[.\u0964]$/)
    expect(nextStep).toMatch(/[.\u0964]$/)
  }
})

/** Written as it is everywhere. */
const sameEverywhere = ['.common.pageTitle', '.account.pin', '.factor.pin']

test.each([
  [ar, /\p{Script=Arabic}/u],
  [hi, /\p{Script=Devanagari}/u],
] as const)('$0.locale: texts are in its script', ({ texts }, script) => {
  for (const [path, text] of flat(texts).filter(([each]) => !sameEverywhere.includes(each)))
    expect([path, script.test(text)]).toEqual([path, true])
})

test.each([en, ar, hi])('$locale: the button of a mail is named as the page that it opens', (catalogue) => {
  expect(catalogues.get(catalogue.locale)?.disown).toBe(catalogue.texts.notMe.title)
})
