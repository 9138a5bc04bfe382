/** docs/pages.md says of each text that was asked for what the pages say: it must be what they do say. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { catalogue } from '../../web/texts/en.ts'

const page = readFileSync(new URL('../../docs/pages.md', import.meta.url), 'utf8')
const rows = [...page.matchAll(/^\| `(\w+)\.(\w+)` \| (.*?) \| (.*?) \| (.*?)\|$/gm)].map(
  ([, group = '', key = '', asked = '', said = '', why = '']) => ({
    group,
    key,
    asked,
    said,
    why: why.trim(),
  }),
)
const texts = catalogue.texts as Readonly<Record<string, Readonly<Record<string, unknown>>>>

test('every text of the enterprise document is listed, and each of the two-factor document’s labels', () => {
  const listed = rows.filter(({ group }) => group === 'auth').map(({ key }) => key)
  expect([...new Set(listed)].sort()).toEqual(Object.keys(catalogue.texts.auth).sort())
  expect(rows.length).toBeGreaterThan(40)
})

test.each(rows)('$key ($group) is what the pages say, as asked for or with the reason beside it', (row) => {
  const { group, key, asked, said, why } = row
  expect(texts[group]?.[key]).toBe(said)
  const isAsAsked = asked.replace(/^• /, '') === said
  expect(isAsAsked || why !== '').toBe(true)
})
