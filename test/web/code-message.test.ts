import { expect, test } from 'vitest'
import { refAlphabet } from '#shared/contract/references.ts'
import { catalogues, composeEmail, composeSms } from '#shared/messages/compose.ts'
import { codeIn, referenceIn } from '../../web/parts/code-message.ts'

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
