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

test('there are texts in English and Arabic', () => {
  expect([...catalogues.keys()]).toEqual(expect.arrayContaining(['en', 'ar']))
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
