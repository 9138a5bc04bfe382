/** The plain password reset, by the verification checklist of the document that asked for it. */
import { describe, expect, test } from 'vitest'
import { linesOf } from '#test/support/entries.ts'
import { holdEventsToSchemas } from '#test/support/published.ts'
import {
  askCode,
  passwordEmailBasic as flow,
  resetSecret,
  verifyCode,
  wrongCode,
} from '#test/support/recovery.ts'
import { sealOf } from '#test/support/stored.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp, type TestIdentity } from '#test/support/world.ts'

const world = useWorld()

const logIn = (person: TestIdentity, password: string) =>
  world.post('/api/auth/login', { identifier: person.email, password }, { ip: newIp() })

test('the whole flow: forgot, verify, reset with the same code, sign in', async () => {
  const person = await world.identity()
  const { code: otp } = await askCode(world, flow, person)
  expect((await verifyCode(world, flow, person, { otp })).body.success).toBe(true)
  expect((await resetSecret(world, flow, person, { otp })).body.success).toBe(true)
  expect((await logIn(person, flow.newSecret)).status).toBe(200)
  expect(await linesOf(world, person.userId)).toEqual([
    'CODE_REQUESTED success',
    'CODE_SENT success',
    'CODE_VERIFIED success',
    'PASSWORD_RESET success',
    'LOGIN success',
  ])
})

describe('checklist', () => {
  test('forgot-password sends an email with a code', async () => {
    const person = await world.identity()
    await world.post(flow.request, { email: person.email }, { ip: newIp() })
    expect(await world.lastCode(person.email)).toMatch(/^[0-9]{6}$/)
    expect(world.messages(person.email)).toMatchObject([
      { channel: 'email', html: expect.stringContaining('<') },
    ])
  })

  test('verify-reset-otp tells a right code from a wrong one, so that a page can go on', async () => {
    const person = await world.identity()
    const { code: otp } = await askCode(world, flow, person)
    expect((await verifyCode(world, flow, person, { otp: wrongCode(otp) })).body.success).toBe(false)
    const right = await verifyCode(world, flow, person, { otp })
    expect(right.body).toMatchObject({ success: true, data: { expiresInSeconds: 600 } })
    expect(right.body.token).toBeUndefined()
  })

  test('a new password is set only with the right code: verifying lets nobody in without it', async () => {
    const person = await world.identity()
    const { code: otp } = await askCode(world, flow, person)
    await verifyCode(world, flow, person, { otp })
    const wrong = await resetSecret(world, flow, person, { otp: wrongCode(otp) })
    expect(wrong.body.error.code).toBe('OTP_INVALID')
    const without = await resetSecret(world, flow, person, {})
    expect(without.body.error.code).toBe('VALIDATION_FAILED')
    expect((await logIn(person, person.password)).status).toBe(200)
  })

  test('reset-password stores a new hash, and the old password no longer works', async () => {
    const person = await world.identity()
    const before = await sealOf(person.userId, 'password')
    const { code: otp } = await askCode(world, flow, person)
    await resetSecret(world, flow, person, { otp })
    const after = await sealOf(person.userId, 'password')
    expect(after.mac).not.toBe(before.mac)
    expect((await logIn(person, flow.newSecret)).status).toBe(200)
    expect((await logIn(person, person.password)).body.error.code).toBe('CREDENTIALS_INVALID')
  })

  test('three wrong guesses end a code', async () => {
    const person = await world.identity()
    const { code: otp } = await askCode(world, flow, person)
    for (let wrong = 0; wrong < 3; wrong += 1) await verifyCode(world, flow, person, { otp: wrongCode(otp) })
    expect((await resetSecret(world, flow, person, { otp })).body.error.code).toBe('TRIES_EXHAUSTED')
    expect((await logIn(person, person.password)).status).toBe(200)
    expect((await linesOf(world, person.userId)).slice(2, 6)).toEqual([
      ...Array(3).fill('CODE_VERIFIED failure wrong_code'),
      'LIMIT_REACHED failure tries',
    ])
  })
})

holdEventsToSchemas(world)
