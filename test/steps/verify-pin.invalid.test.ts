/** Bodies of the PIN routes that are not as they should be. */
import { beforeAll, expect, test } from 'vitest'
import { answerOf, goodPin, withPin } from '#test/support/sessions.ts'
import { useWorld } from '#test/support/use-world.ts'
import type { TestIdentity } from '#test/support/world.ts'

const world = useWorld()
let token: string
let identity: TestIdentity
beforeAll(async () => {
  ;({ identity, token } = await withPin(world))
})

test('a malformed proof uses up no try', async () => {
  const malformed = [
    {},
    { pin: 482915 },
    { pin: [goodPin] },
    { pin: null },
    { pin: goodPin, more: 1 },
    [goodPin],
  ]
  for (const body of [...malformed, ...malformed])
    expect(answerOf(await world.post('/api/pin/verify', body, { token }))).toBe('400 VALIDATION_FAILED')
  expect(answerOf(await world.post('/api/pin/verify', { pin: goodPin }, { token }))).toBe('200')
})

test('setting needs exactly one of userId and phone, and no unknown key', async () => {
  const { userId, phone } = identity
  const malformed = [
    { pin: goodPin },
    { userId, phone, pin: goodPin },
    { userId: [userId], pin: goodPin },
    { userId: 'with space', pin: goodPin },
    { phone: '12345', pin: goodPin },
    { userId, pin: 482915 },
    { userId, pin: goodPin, otp: '123456' },
    { userId, pin: goodPin, device: 'phone' },
    { userId, pin: '4829\u00001' },
  ]
  for (const body of malformed)
    expect(answerOf(await world.post('/api/pin/set', body, { token }))).toBe('400 VALIDATION_FAILED')
})
