/** "Forgot PIN", by the acceptance criteria of the document that asked for it. */
import { describe, expect, test } from 'vitest'
import { entriesOf, linesOf } from '#test/support/entries.ts'
import { earnPin, firstPin, type PinHolder, pinHolder, signInWithPhone } from '#test/support/pin-holder.ts'
import { holdEventsToSchemas } from '#test/support/published.ts'
import { askCode, pinReset, resetSecret, wrongCode } from '#test/support/recovery.ts'
import { signIn } from '#test/support/sessions.ts'
import { sealOf } from '#test/support/stored.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp } from '#test/support/world.ts'

const world = useWorld()

test('the whole flow: ask, receive, reset, sign in, prove the new PIN', async () => {
  const person = await earnPin(world)
  const { code: otp, flowId } = await askCode(world, pinReset, person)
  const reset = await resetSecret(world, pinReset, person, { otp, flowId })
  expect(reset.status).toBe(200)
  await world.advance(60)
  const token = await signInWithPhone(world, person)
  expect((await world.post('/api/pin/verify', { pin: pinReset.newSecret }, { token })).status).toBe(200)
  expect(await linesOf(world, person.userId)).toEqual([
    'LOGIN success',
    'CODE_REQUESTED success',
    'CODE_SENT success',
    'STEP_UP_VERIFIED success',
    'PIN_SET success',
    'CODE_REQUESTED success',
    'CODE_SENT success',
    'PIN_RESET success',
    'LOGIN success',
    'CODE_REQUESTED success',
    'CODE_SENT success',
    'STEP_UP_VERIFIED success',
    'PIN_VERIFIED success',
  ])
})

describe('acceptance criteria', () => {
  const send = (person: PinHolder, body: Record<string, unknown>) =>
    world.post(pinReset.reset, { phone: person.phone, ...body })

  test('the request must include a user id or phone, a code and a new PIN', async () => {
    const person = await pinHolder(world)
    const whole = { phone: person.phone, otp: '135790', newPin: '482915' }
    for (const missing of ['phone', 'otp', 'newPin'] as const) {
      const { [missing]: _, ...body } = whole
      const reply = await world.post(pinReset.reset, body)
      expect([missing, reply.status, reply.body.error.code]).toEqual([missing, 400, 'VALIDATION_FAILED'])
    }
  })

  test('the code must be the one that was issued to the phone of the identity', async () => {
    const [person, other] = [await pinHolder(world), await pinHolder(world)]
    const { code: others } = await askCode(world, pinReset, other)
    const { code: otp } = await askCode(world, pinReset, person)
    const otp2 = others === otp ? wrongCode(otp) : others
    expect((await send(person, { otp: otp2, newPin: '482915' })).body.error.code).toBe('OTP_INVALID')
    expect((await send(person, { otp, newPin: '482915' })).status).toBe(200)
  })

  test('the new PIN must be numeric and exactly six digits', async () => {
    const person = await pinHolder(world)
    const { code: otp } = await askCode(world, pinReset, person)
    for (const newPin of ['12345', '1234567', 'abcdef', '48 915'])
      expect((await send(person, { otp, newPin })).body.error.code).toBe('PIN_FORMAT')
    expect((await send(person, { otp, newPin: '482915' })).status).toBe(200)
  })

  test('the new hash overwrites the old one: argon2id under a key', async () => {
    const person = await pinHolder(world)
    const before = await sealOf(person.userId, 'pin')
    const { code: otp } = await askCode(world, pinReset, person)
    await send(person, { otp, newPin: '482915' })
    const after = await sealOf(person.userId, 'pin')
    expect(after.scheme.algorithm).toBe('argon2id')
    expect(after.mac).not.toBe(before.mac)
  })

  test('an expired code is an error', async () => {
    const person = await pinHolder(world)
    const { code: otp } = await askCode(world, pinReset, person)
    await world.advance(300)
    const reply = await send(person, { otp, newPin: '482915' })
    expect([reply.status, reply.body.error.code]).toEqual([401, 'OTP_INVALID'])
    expect(await linesOf(world, person.userId)).toContain('PIN_RESET failure expired')
  })

  test('a user who does not exist is an error like a wrong code; one without a PIN is told so after the right code', async () => {
    const person = await world.identity()
    const nobody = await world.post(pinReset.reset, { userId: 'nobody', otp: '135790', newPin: '482915' })
    expect([nobody.status, nobody.body.error.code]).toEqual([401, 'OTP_INVALID'])
    const { code: otp } = await askCode(world, pinReset, person)
    const without = await resetSecret(world, pinReset, person, { otp })
    expect([without.status, without.body.error.code]).toEqual([403, 'NOT_ELIGIBLE'])
  })

  test('attempts are limited: three guesses a code, five codes an hour', async () => {
    const person = await pinHolder(world)
    let answered = 0
    for (let codes = 0; codes < 6; codes += 1) {
      const asked = await world.post(pinReset.request, { phone: person.phone }, { ip: newIp() })
      if (codes === 5) expect([asked.status, asked.body.error.code]).toEqual([429, 'RATE_LIMITED'])
      await world.idle()
      for (let guess = 0; guess < 4; guess += 1) {
        const reply = await send(person, { otp: '135791', newPin: '482915' })
        if (reply.body.error.code === 'OTP_INVALID') answered += 1
      }
      await world.advance(60)
    }
    expect(answered).toBe(15)
    const lines = await linesOf(world, person.userId)
    expect(lines.filter((line) => line === 'PIN_RESET failure wrong_code')).toHaveLength(15)
    expect(lines).not.toContain('PIN_RESET success')
  })

  test('no session of any device outlives the reset', async () => {
    const person = await pinHolder(world)
    const tokens = [person.accessToken, await signIn(world, person)]
    const { code: otp } = await askCode(world, pinReset, person)
    await send(person, { otp, newPin: '482915' })
    for (const token of tokens) expect((await world.get('/api/auth/session', { token })).status).toBe(401)
    expect(
      (await world.post('/api/pin/verify', { pin: '482915' }, { token: person.accessToken })).status,
    ).toBe(401)
  })

  test('the ledger says who, when, whether the code was verified, and how it ended; never PIN, code or hash', async () => {
    const person = await pinHolder(world)
    const { code: otp } = await askCode(world, pinReset, person)
    const wrong = wrongCode(otp)
    const from = Date.now()
    await send(person, { otp: wrong, newPin: '482915' })
    await send(person, { otp, newPin: '482915' })
    const entries = (await entriesOf(world, person.userId)).filter(({ type }) => type === 'PIN_RESET')
    expect(entries).toMatchObject([
      { userId: person.userId, otpVerified: false, outcome: 'failure', reason: 'wrong_code' },
      { userId: person.userId, otpVerified: true, outcome: 'success' },
    ])
    for (const { time } of entries) expect(time >= from && time <= Date.now()).toBe(true)
    const { mac } = await sealOf(person.userId, 'pin')
    const values = entries.flatMap((entry) => Object.values(entry).map(String))
    for (const secret of [otp, wrong, '482915', firstPin, mac]) expect(values).not.toContain(secret)
  })
})

holdEventsToSchemas(world)
