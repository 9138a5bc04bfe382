/** Senders in the header of a mail: what people write, as RFC 5322 and RFC 2047 have it. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mailboxHeader } from '#shared/domain/mailbox.ts'

const address = 'no-reply@example.com'

test.each([
  [address, address],
  [`<${address}>`, `<${address}>`],
  [`Latchkey <${address}>`, `Latchkey <${address}>`],
  [`Acme Pay & Go <${address}>`, `Acme Pay & Go <${address}>`],
  [`Acme, Inc. <${address}>`, `"Acme, Inc." <${address}>`],
  [`"Acme, Inc." <${address}>`, `"Acme, Inc." <${address}>`],
  [`Acme "Go" <${address}>`, `"Acme \\"Go\\"" <${address}>`],
  [`"Acme \\"Go\\"" <${address}>`, `"Acme \\"Go\\"" <${address}>`],
  [`"Acme" Go <${address}>`, `"\\"Acme\\" Go" <${address}>`],
  [`Acme (Help) <${address}>`, `"Acme (Help)" <${address}>`],
  [`Ünï <${address}>`, `=?UTF-8?B?w5xuw68=?= <${address}>`],
  [`"Ünï" <${address}>`, `=?UTF-8?B?w5xuw68=?= <${address}>`],
  [`=?UTF-8?B?w5xuw68=?= <${address}>`, `=?UTF-8?B?w5xuw68=?= <${address}>`],
])('%s is sent as %s', (sender, header) => {
  expect(mailboxHeader(sender)).toBe(header)
})

test('a word is as long as it may be', () => {
  const full = `é${'a'.repeat(43)}`
  const word = `=?UTF-8?B?${Buffer.from(full).toString('base64')}?=`
  expect(word).toHaveLength(72)
  expect(mailboxHeader(`${full} <${address}>`)).toBe(`${word} <${address}>`)
  expect(mailboxHeader(`${full}b <${address}>`)).toBe(`${word} =?UTF-8?B?Yg==?= <${address}>`)
})

test('a name in any letters stands in words of 75 characters at most, which give it back', () => {
  const letters = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
  const name = letters.map((text) => `م${text.replace(/[<>"\\\p{Cc}]/gu, '').trim()}`)
  fc.assert(
    fc.property(name, (given) => {
      const header = mailboxHeader(`${given} <${address}>`)
      expect(header).toMatch(/^\p{ASCII}+$/u)
      const words = header.replace(` <${address}>`, '').split(' ')
      for (const word of words) expect(word.length).toBeLessThanOrEqual(75)
      const read = words.map((word) =>
        new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(word.slice(10, -2), 'base64')),
      )
      expect(read.join('')).toBe(given.trim())
    }),
  )
})
