import { expect, test } from 'vitest'
import { disownedBy } from '#shared/domain/not-me.ts'

test.each([
  ['passwordChanged', 'password'],
  ['pinChanged', 'pin'],
  ['pinSet', 'pin'],
  ['addressChanged', 'none'],
  ['mfaChanged', 'none'],
  ['changeDisowned', undefined],
  ['resetRequired', undefined],
] as const)('a link in the message %s disowns %s', (template, disowned) => {
  expect(disownedBy(template)).toBe(disowned)
})
