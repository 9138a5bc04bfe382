/** Setting a new PIN with a code by SMS. */
import { expect, test } from 'vitest'
import { entriesOf, linesOf } from '#test/support/entries.ts'
import { firstPin, pinHolder, signInWithPhone } from '#test/support/pin-holder.ts'
import { askCode, pinReset, resetSecret } from '#test/support/recovery.ts'
import { epochOf, storedChallenge, storedIdentity } from '#test/support/stored.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp } from '#test/support/world.ts'

const world = useWorld()

test('the new PIN counts and the old one does not', async () => {
  const person = await pinHolder(world)
  const { code: otp } = await askCode(world, pinReset, person)
  const reply = await resetSecret(world, pinReset, person, { otp })
  expect(reply.status).toBe(200)
  expect(reply.body).toEqual({ success: true, message: expect.stringMatching(/PIN/), data: {} })
  await world.pass(60)
  const token = await signInWithPhone(world, person)
  expect((await world.post('/api/pin/verify', { pin: firstPin }, { token })).body.error.code).toBe(
    'PIN_INVALID',
  )
  expect((await world.post('/api/pin/verify', { pin: pinReset.newSecret }, { token })).status).toBe(200)
})

test('every session ends, the challenge is consumed and the epoch is one higher', async () => {
  const person = await pinHolder(world)
  const epoch = await epochOf(person.userId)
  const { code: otp, flowId } = await askCode(world, pinReset, person)
  expect((await resetSecret(world, pinReset, person, { otp, flowId })).status).toBe(200)
  const session = await world.get('/api/auth/session', { token: person.accessToken })
  expect([session.status, session.body.error.code]).toEqual([401, 'SESSION_INVALID'])
  expect(await storedChallenge(pinReset, person)).toMatchObject({ state: 'CONSUMED', triesFlow: 0 })
  expect(await epochOf(person.userId)).toBe(epoch + 1)
})

test('the entry names the factor, the outcome of the code and the device, and holds no secret', async () => {
  const person = await pinHolder(world)
  const { code: otp } = await askCode(world, pinReset, person)
  const device = { id: 'd-1', model: 'Phone 9', os: 'Android', osVersion: '17', appVersion: '4.2' }
  const body = { phone: person.phone, otp, newPin: pinReset.newSecret, device }
  const reply = await world.post(pinReset.reset, body, { ip: newIp(), headers: { 'user-agent': 'app/4.2' } })
  expect(reply.status).toBe(200)
  const entry = (await entriesOf(world, person.userId)).at(-1)
  expect(entry).toMatchObject({
    type: 'PIN_RESET',
    outcome: 'success',
    userId: person.userId,
    flow: 'pin-reset',
    otpVerified: true,
    factors: [{ group: 'POSSESSION', method: 'sms-otp' }],
    device,
    userAgent: 'app/4.2',
  })
  const texts = Object.values(entry ?? {}).filter((value) => typeof value === 'string')
  expect(texts.filter((text) => text === otp || text === pinReset.newSecret)).toEqual([])
})

test('the change is confirmed by email, and nothing but the code went by SMS', async () => {
  const person = await pinHolder(world)
  const { code: otp } = await askCode(world, pinReset, person)
  const before = world.messages(person.phone).length
  await resetSecret(world, pinReset, person, { otp })
  await world.idle()
  expect(world.messages(person.email).at(-1)?.subject).toMatch(/PIN/)
  expect(world.messages(person.phone)).toHaveLength(before)
})

test('the userId does as well as the phone', async () => {
  const person = await pinHolder(world)
  const { userId } = person
  const before = world.messages(person.phone).length
  await world.post(pinReset.request, { userId }, { ip: newIp() })
  const otp = await world.lastCode(person.phone)
  expect(world.messages(person.phone)).toHaveLength(before + 1)
  const reply = await world.post(pinReset.reset, { userId, otp, newPin: pinReset.newSecret })
  expect(reply.status).toBe(200)
  expect((await linesOf(world, userId)).slice(-3)).toEqual([
    'CODE_REQUESTED success',
    'CODE_SENT success',
    'PIN_RESET success',
  ])
})

test('a locked PIN is open again', async () => {
  const person = await pinHolder(world)
  for (let wrong = 0; wrong < 10; wrong += 1)
    await world.post('/api/pin/verify', { pin: '555123' }, { token: person.accessToken })
  const locked = await world.post('/api/pin/verify', { pin: firstPin }, { token: person.accessToken })
  expect(locked.body.error.code).toBe('PIN_LOCKED')
  const { code: otp } = await askCode(world, pinReset, person)
  expect((await resetSecret(world, pinReset, person, { otp })).status).toBe(200)
  await world.pass(60)
  const token = await signInWithPhone(world, person)
  expect((await world.post('/api/pin/verify', { pin: pinReset.newSecret }, { token })).status).toBe(200)
})

test('what is stored of the PIN is its seal: no digits, no hash', async () => {
  const person = await pinHolder(world)
  const { code: otp } = await askCode(world, pinReset, person)
  await resetSecret(world, pinReset, person, { otp })
  const pin = (await storedIdentity(person.userId))?.['pin'] as Record<string, unknown>
  expect(Object.keys(pin).toSorted()).toEqual(['keyId', 'mac', 'scheme'])
  expect(JSON.stringify(pin)).not.toContain(pinReset.newSecret)
})
