/** PIN resets with a body that is not as it should be: no try is used up, no PIN changes. */
import { expect, test } from 'vitest'
import { codes } from '#shared/contract/codes.ts'
import { badBodies } from '#test/support/bad-bodies.ts'
import { linesOf } from '#test/support/entries.ts'
import { pinHolder } from '#test/support/pin-holder.ts'
import { askCode, pinReset, resetSecret } from '#test/support/recovery.ts'
import { storedChallenge, storedIdentity } from '#test/support/stored.ts'
import { useWorld } from '#test/support/use-world.ts'

const world = useWorld()

test('every bad body gets its code, and the code works afterwards', async () => {
  const person = await pinHolder(world)
  const { code: otp } = await askCode(world, pinReset, person)
  const stored = async () => [await storedChallenge(pinReset, person), await storedIdentity(person.userId)]
  const before = await stored()
  const entries = await linesOf(world, person.userId)
  for (const { what, body, code, headers } of badBodies({ phone: person.phone, otp, newPin: '482915' })) {
    const reply = await world.post(pinReset.reset, body, headers ? { headers } : {})
    expect([what, reply.status, reply.body.error?.code]).toEqual([what, codes[code][0], code])
  }
  expect(await stored()).toEqual(before)
  expect(await linesOf(world, person.userId)).toEqual(entries)
  expect((await resetSecret(world, pinReset, person, { otp })).status).toBe(200)
})

test('exactly one of userId and phone', async () => {
  const person = await pinHolder(world)
  const { code: otp } = await askCode(world, pinReset, person)
  const both = { userId: person.userId, phone: person.phone, otp, newPin: '482915' }
  const neither = { otp, newPin: '482915' }
  for (const body of [both, neither]) {
    const reply = await world.post(pinReset.reset, body)
    expect([reply.status, reply.body.error.code]).toEqual([400, 'VALIDATION_FAILED'])
  }
  expect((await resetSecret(world, pinReset, person, { otp })).status).toBe(200)
})

test.each([
  [{ id: 5 }],
  [{ id: 'x'.repeat(101) }],
  [{ id: 'a\u0007b' }],
  [{ serial: 'x' }],
  [['x']],
  ['x'],
  [null],
])('the device %j is refused', async (device) => {
  const person = await world.identity()
  const body = { phone: person.phone, otp: '135790', newPin: '482915', device }
  const reply = await world.post(pinReset.reset, body)
  expect([reply.status, reply.body.error.code]).toEqual([400, 'VALIDATION_FAILED'])
})
