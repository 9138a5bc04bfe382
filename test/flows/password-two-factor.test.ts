/** The two-factor password reset, by the scenarios and accounts of the document that asked for it. */
import { describe, expect, test } from 'vitest'
import { seedIdentities, seedPassword } from '#local/seed.ts'
import { linesOf } from '#test/support/entries.ts'
import { mismatchSentence, requestForPairPath, verifyIdentityPath } from '#test/support/pairs.ts'
import { holdEventsToSchemas } from '#test/support/published.ts'
import { resetByEmail, resetBySms, signIn } from '#test/support/sessions.ts'
import { useWorld } from '#test/support/use-world.ts'
import { sampleOf } from '#test/support/whole.ts'
import { newIp } from '#test/support/world.ts'

const world = useWorld({ seed: true })

const priya = { identifier: 'priyasharma', phone: '+919876543210' }
const logIn = (identifier: string, password: string) =>
  world.post('/api/auth/login', { identifier, password }, { ip: newIp() })

test('the accounts of the document sign in with their password, by email, username and phone', async () => {
  for (const userId of ['u-priya', 'u-rahul', 'u-ananya'] as const) {
    const { email, username, phone } = seedIdentities[userId]
    for (const identifier of [email, username, phone])
      expect([identifier, (await logIn(identifier, seedPassword)).status]).toEqual([identifier, 200])
  }
})

test('five accounts are there', () => {
  expect(Object.keys(seedIdentities)).toHaveLength(5)
})

test('scenario 1: a successful reset', async () => {
  const identity = await world.post(verifyIdentityPath, priya, { ip: newIp() })
  expect(identity.body).toEqual({
    success: true,
    message: 'Identity verified. You can now request OTP.',
    data: { identifier: 'priyasharma', maskedPhone: '+91****3210' },
  })
  const asked = await world.post(requestForPairPath, priya, { ip: newIp() })
  expect(asked.body.data.maskedPhone).toBe('+91****3210')
  const otp = await world.lastCode(priya.phone)
  const verified = await world.post('/api/password-reset/verify-otp', { ...priya, otp })
  const { resetToken } = verified.body
  expect(resetToken).toBe(verified.body.data.resetToken)
  const reset = await world.post('/api/password-reset/reset', {
    ...priya,
    resetToken,
    newPassword: 'newpass123',
  })
  expect([reset.status, reset.body.success]).toEqual([200, true])
  expect((await logIn('priyasharma', 'newpass123')).status).toBe(200)
  expect((await logIn('priyasharma', seedPassword)).status).toBe(401)
  expect((await linesOf(world, 'u-priya')).filter((line) => !line.startsWith('LOGIN'))).toEqual([
    'IDENTITY_VERIFIED success',
    'CODE_REQUESTED success',
    'CODE_SENT success',
    'CODE_VERIFIED success',
    'PASSWORD_RESET success',
  ])
})

describe.each([verifyIdentityPath, requestForPairPath])('%s', (path) => {
  test.each([
    ['scenario 2: a wrong phone', 'priyasharma', '+919876543211'],
    ['scenario 3: an email with the phone of another', 'priya.sharma@example.com', '+919876543211'],
    ['scenario 4: a user who does not exist', 'nonexistent@example.com', '+919876543210'],
  ])('%s cannot go on, and is not told why', async (_, identifier, phone) => {
    const before = world.stack.services.inbox.messages().length
    const reply = await world.post(path, { identifier, phone }, { ip: newIp() })
    expect(reply.status).toBe(401)
    expect(reply.body).toEqual({
      success: false,
      error: { code: 'CREDENTIALS_INVALID', message: mismatchSentence },
      requestId: expect.any(String),
    })
    const otp = await world.post('/api/password-reset/verify-otp', { identifier, phone, otp: '123456' })
    expect([otp.status, otp.body.error.code]).toEqual([401, 'OTP_INVALID'])
    const body = { identifier, phone, resetToken: 'abc123xyz', newPassword: 'newpass123' }
    const reset = await world.post('/api/password-reset/reset', body)
    expect([reset.status, reset.body.error.code]).toEqual([401, 'TOKEN_INVALID'])
    await world.idle()
    expect(world.stack.services.inbox.messages()).toHaveLength(before)
  })
})

test('every step checks identifier and phone again', async () => {
  const rahul = { identifier: 'rahulkumar', phone: '+919876543211' }
  const mixed = { identifier: 'rahulkumar', phone: '+919876543212' }
  await world.post(requestForPairPath, rahul, { ip: newIp() })
  const otp = await world.lastCode(rahul.phone)
  expect((await world.post('/api/password-reset/verify-otp', { ...mixed, otp })).body.error.code).toBe(
    'OTP_INVALID',
  )
  const { resetToken } = (await world.post('/api/password-reset/verify-otp', { ...rahul, otp })).body
  const newPassword = 'newpass123'
  const wrong = await world.post('/api/password-reset/reset', { ...mixed, resetToken, newPassword })
  expect(wrong.body.error.code).toBe('TOKEN_INVALID')
  expect((await world.post('/api/password-reset/reset', { ...rahul, resetToken, newPassword })).status).toBe(
    200,
  )
  expect(await linesOf(world, 'u-rahul')).toContain('PASSWORD_RESET failure unknown_token')
})

test('the code lives ten minutes, and the phone must match with its country code', async () => {
  const ananya = { identifier: 'ananyapatel', phone: '+919876543212' }
  const national = await world.post(verifyIdentityPath, { ...ananya, phone: '9876543212' }, { ip: newIp() })
  expect(national.body.error.code).toBe('VALIDATION_FAILED')
  const asked = await world.post(requestForPairPath, ananya, { ip: newIp() })
  expect(asked.body.data.expiresInSeconds).toBe(600)
  const otp = await world.lastCode(ananya.phone)
  await world.pass(600)
  const late = await world.post('/api/password-reset/verify-otp', { ...ananya, otp })
  expect(late.body.error.code).toBe('OTP_INVALID')
})

test('after a reset by SMS the sign-in code of one who needs it goes by email, until one sign-in succeeds', async () => {
  const { email, phone, username } = seedIdentities['u-vikram']
  const vikram = { identifier: username, phone }
  await world.post(requestForPairPath, vikram, { ip: newIp() })
  const otp = await world.lastCode(phone)
  const { resetToken } = (await world.post('/api/password-reset/verify-otp', { ...vikram, otp })).body
  await world.post('/api/password-reset/reset', { ...vikram, resetToken, newPassword: 'newpass123' })
  await world.idle()
  for (const channel of ['email', 'phone'] as const) {
    const { challengeId } = (await logIn(username, 'newpass123')).body.data
    const code = await world.lastCode(channel === 'email' ? email : phone)
    const verified = await world.post('/api/auth/login/verify', { challengeId, otp: code })
    expect([channel, verified.status]).toEqual([channel, 200])
  }
})

/** Signs in, and tells which way the code went. */
async function wayOfCode(person: { email: string; phone: string }, password: string) {
  await world.idle()
  const before = { email: world.messages(person.email).length, phone: world.messages(person.phone).length }
  const { challengeId } = (await logIn(person.email, password)).body.data
  await world.idle()
  const way = world.messages(person.email).length > before.email ? 'email' : 'phone'
  return { way, challengeId, otp: await world.lastCode(person[way]) }
}

const resets = { email: resetByEmail, phone: resetBySms }
const other = { email: 'phone', phone: 'email' } as const

test('after a reset by SMS and then one by email the sign-in code goes by SMS: never by the channel of the last reset', async () => {
  const orders = [
    ['phone', 'email'],
    ['email', 'phone'],
    ['phone', 'email', 'phone'],
    ['phone', 'phone', 'email', 'email'],
  ] as const
  for (const order of sampleOf(orders, 1)) {
    const person = await world.identity({ mfaEnabled: true })
    for (const [place, channel] of order.entries()) {
      const password = `${order.join(' ')} reset ${place}`
      await resets[channel](world, person, password)
      await world.pass(1200)
      const { way } = await wayOfCode(person, password)
      expect(way, `${order.slice(0, place + 1).join(', ')}`).toBe(other[channel])
    }
  }
})

test('a sign-in that succeeds ends that: the next code goes by SMS, as ever', async () => {
  const person = await world.identity({ mfaEnabled: true })
  await resetBySms(world, person, 'reset by the phone')
  const first = await wayOfCode(person, 'reset by the phone')
  expect(first.way).toBe('email')
  // A sign-in that goes no further than the password ends nothing.
  expect((await wayOfCode(person, 'reset by the phone')).way).toBe('email')
  const { challengeId, otp } = first
  expect((await world.post('/api/auth/login/verify', { challengeId, otp })).status).toBe(200)
  expect((await wayOfCode(person, 'reset by the phone')).way).toBe('phone')
})

test('a sign-in without MFA ends it too', async () => {
  const person = await world.identity()
  await resetBySms(world, person, 'reset by the phone')
  await signIn(world, { ...person, password: 'reset by the phone' })
  await world.put(`/admin/identities/${person.userId}`, { mfaEnabled: true })
  expect((await wayOfCode(person, 'reset by the phone')).way).toBe('phone')
})

holdEventsToSchemas(world)
