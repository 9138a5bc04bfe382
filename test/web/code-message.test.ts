import { expect, test } from 'vitest'
import { refAlphabet, referenceIn } from '#shared/contract/references.ts'
import { catalogues, composeEmail, composeSms } from '#shared/messages/compose.ts'
import { codeIn } from '../../web/parts/code-message.ts'

const purposes = ['password', 'pin', 'signIn'] as const

test.each([...catalogues.keys()])('%s: every message with a code gives code and reference', (locale) => {
  const context = { locale, defaultLocale: 'en', product: 'CDFG Bank 24', host: 'accounts.example.com' }
  for (const purpose of purposes)
    for (const ref of refAlphabet.match(/.{4}/g) ?? []) {
      const message = { template: 'code', code: '042917', ref, minutes: 5, purpose } as const
      const email = composeEmail(message, context)
      for (const text of [email.text, composeSms(message, context)])
        expect([codeIn(text), referenceIn(text)]).toEqual(['042917', ref])
    }
})

test('a code alone is itself, however it is parted and whatever its digits, and has no reference', () => {
  for (const text of ['042917', '042 917', '042-917', 'G-042917']) {
    expect(codeIn(text).replace(/\D/g, '')).toBe('042917')
    expect(referenceIn(text)).toBeUndefined()
  }
  expect(codeIn('٠٤٢٩١٧')).toBe('042917')
})

test.each([
  ['Latchkey 2026: code 123456', '123456'],
  ['Latchkey 2026: code 123 456', '123456'],
  ['Your code of 27.11.2026, 10:42 is १२३४५६.', '123456'],
  ['123456 is your code; ends in 123456', '123456'],
  ['12 34 56', '123456'],
  ['12', '12'],
  ['Latchkey 202611: code 123456', ''],
  ['Call +20 100 123 4567', ''],
  ['Order 20261127', ''],
  ['Sent on 27 Nov, 10:42', ''],
  ['no digits', ''],
])('of %s the code is taken, and nothing where it cannot be told', (text, code) => {
  expect(codeIn(text)).toBe(code)
})
