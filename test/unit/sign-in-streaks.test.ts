import { expect, test } from 'vitest'
import { mayStandAgainstSignIn } from '#shared/domain/sign-in-streaks.ts'

const now = 1_790_000_000_000
const minute = 60_000
const settled = { updatedAt: now - 17 * minute }

test('nothing stands against a sign-in where no failure is in a row and none can count any more', () => {
  for (const row of [undefined, {}, { fails: 0 }, { fails: 0, wrongCodes: 0, lastFailAt: now - 16 * minute }])
    expect(mayStandAgainstSignIn(row, settled, now)).toBe(false)
})

test.each([
  ['a wrong password in a row, however long ago', { fails: 1, lastFailAt: now - 9e9 }],
  ['a hundred of them', { fails: 100 }],
  ['a wrong sign-in code', { wrongCodes: 1 }],
  ['a lock that was told of', { notedLock: 'locked' }],
  [
    'a failure that may count at an identifier, though a right password came after it',
    { fails: 0, lastFailAt: now - 15 * minute },
  ],
  ['one by a clock that is behind', { lastFailAt: now - 16 * minute + 1 }],
])('%s may stand against it', (_, row) => {
  expect(mayStandAgainstSignIn(row, settled, now)).toBe(true)
})

test('an identity that changed just now may have an identifier at which others failed before', () => {
  expect(mayStandAgainstSignIn({}, { updatedAt: now - 15 * minute }, now)).toBe(true)
  expect(mayStandAgainstSignIn(undefined, { updatedAt: now }, now)).toBe(true)
})
