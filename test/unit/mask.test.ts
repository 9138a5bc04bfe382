/** Masks: enough to recognise one's own address. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { maskEmail, maskPhone } from '#shared/domain/mask.ts'

test.each([
  ['john@gmail.com', 'j***@gmail.com'],
  ['j@gmail.com', 'j***@gmail.com'],
  ['😀smile@example.com', '😀***@example.com'],
])('the email %s is shown as %s', (email, mask) => {
  expect(maskEmail(email)).toBe(mask)
})

test.each([
  ['+919876543210', '91', '+91****3210'],
  ['+201001234567', '20', '+20****4567'],
])('the phone %s is shown as %s', (phone, code, mask) => {
  expect(maskPhone(phone, code)).toBe(mask)
})

test('the length of the local part does not show', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z]{1,40}$/), fc.stringMatching(/^[a-z]{1,40}$/), (a, b) => {
      expect(maskEmail(`x${a}@example.com`)).toBe(maskEmail(`x${b}@example.com`))
    }),
  )
})
