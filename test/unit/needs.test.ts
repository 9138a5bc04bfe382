/** What an action needs of a session, and what is missing of it. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Need, needs, unmet } from '#shared/domain/needs.ts'

const factors = {
  password: { group: 'KNOWLEDGE', method: 'password' },
  pin: { group: 'KNOWLEDGE', method: 'pin' },
  sms: { group: 'POSSESSION', method: 'sms-otp' },
  email: { group: 'POSSESSION', method: 'email-otp' },
} as const

test.each([
  [[], ['password'], []],
  [['POSSESSION'], ['password', 'pin'], ['POSSESSION']],
  [['POSSESSION'], ['email'], []],
  [['PIN'], ['password', 'sms'], ['PIN']],
  [['PIN'], ['password'], ['POSSESSION', 'PIN']],
  [['PIN'], ['pin', 'sms'], []],
] as const)('%j of %j lacks %j', (wanted, held, missing) => {
  expect(
    unmet(
      wanted,
      held.map((name) => factors[name]),
    ),
  ).toEqual(missing)
})

test('G15: whatever is needed and held, a PIN never stands alone', () => {
  const held = fc.subarray(Object.values(factors))
  fc.assert(
    fc.property(fc.subarray<Need>([...needs]), held, (wanted, proved) => {
      const alone = !proved.some(({ group }) => group === 'POSSESSION')
      if (wanted.length > 0 && alone) expect(unmet(wanted, proved)).not.toEqual([])
    }),
  )
})
