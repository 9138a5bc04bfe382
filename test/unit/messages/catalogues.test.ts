import { describe, expect, test } from 'vitest'
import type { Catalogue } from '#shared/messages/catalogue.ts'
import { catalogues } from '#shared/messages/compose.ts'

/** Every text by its path, `notices.pinSet.sms` for one. */
function textsOf(value: object, path = ''): [string, string][] {
  return Object.entries(value).flatMap(([key, each]) =>
    typeof each === 'string' ? [[`${path}${key}`, each]] : textsOf(each, `${path}${key}.`),
  )
}
const placeholders = (text: string) => [...new Set(text.match(/\{[^}]*\}/g))].sort()
const shapeOf = (catalogue: Catalogue) =>
  Object.fromEntries(textsOf(catalogue).map(([path, text]) => [path, placeholders(text)]))

const english = catalogues.get('en')
const others = [...catalogues.values()].filter((each) => each !== english)

test('there are texts in English, Arabic and Hindi', () => {
  expect([...catalogues.keys()]).toEqual(['en', 'ar', 'hi'])
})

test.each([
  ['ar', /\p{Script=Arabic}/u],
  ['hi', /\p{Script=Devanagari}/u],
])('every text in %s is in its script, and says "PIN" where it means one', (language, script) => {
  const own = catalogues.get(language)
  for (const [path, text] of textsOf(own ?? {}).filter(([path]) => !/^(locale|direction)$/.test(path)))
    expect([path, script.test(text)]).toEqual([path, true])
  for (const kind of ['pinChanged', 'pinSet'] as const)
    for (const text of Object.values(own?.notices[kind] ?? {})) expect(text).toContain('PIN')
})

describe.each(others)('the texts in $locale', (catalogue) => {
  test('are the same as in English, with the same placeholders', () => {
    expect(shapeOf(catalogue)).toEqual(shapeOf(english ?? catalogue))
    expect(catalogue).not.toBe(english)
  })

  test('are all translated', () => {
    const own = new Map(textsOf(catalogue))
    for (const [path, text] of textsOf(english ?? catalogue))
      if (path !== 'direction') expect(own.get(path), path).not.toBe(text)
  })
})

test.each([...catalogues.values()])('the texts in $locale hold no link and no markup', (catalogue) => {
  for (const [path, text] of textsOf(catalogue))
    expect(text, path).not.toMatch(/https?:|www\.|<|>|@|\bclick\b/i)
})
