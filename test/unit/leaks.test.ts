/** The search behind G10 finds what is planted: a search that finds nothing proves nothing. */
import { describe, expect, test } from 'vitest'
import { leaksIn } from '#test/support/leaks.ts'

const secrets = ['Plum-Harbour-72-Väne', 'Quiet "Harbour" 71\\', 'a+b/c d=e&f', '482915']
const around = { before: '{"level":"INFO","x":"', after: '"}' }
const within = (encoding: 'base64' | 'base64url', before: string) => (value: string) =>
  Buffer.from(`${before}${value}","more":1}`).toString(encoding)

const forms: readonly (readonly [string, (value: string) => string])[] = [
  ['in clear', (value) => value],
  ['escaped as JSON', (value) => JSON.stringify(value)],
  ['escaped as JSON twice', (value) => JSON.stringify(JSON.stringify(value))],
  ['encoded as part of a URL', encodeURIComponent],
  ['encoded as a form', (value) => new URLSearchParams({ value }).toString()],
  ['in hex', (value) => Buffer.from(value).toString('hex')],
  ['in hex of capitals', (value) => Buffer.from(value).toString('hex').toUpperCase()],
  ['in base64', (value) => Buffer.from(value).toString('base64')],
  ['in base64url', (value) => Buffer.from(value).toString('base64url')],
]

describe.each(secrets)('%s', (secret) => {
  test.each(forms)('%s', (_, write) => {
    const text = `${around.before}${write(secret)}${around.after}`
    expect(leaksIn({ log: text }, secrets)).toHaveLength(1)
  })
})

test.each(['{"a":"', '{"ab":"', '{"abc":"'])('within a longer text in base64, after %s', (before) => {
  const [secret = ''] = secrets
  for (const encoding of ['base64', 'base64url'] as const)
    expect(leaksIn({ log: within(encoding, before)(secret) }, [secret])).toHaveLength(1)
})

test('what only looks alike is no leak', () => {
  const texts = ['Plum-Harbour-72-Vane', '1482915', 'id-482915', '"time":1795482915123', 'x482915y']
  expect(leaksIn({ log: texts.join('\n') }, secrets)).toEqual([])
})
