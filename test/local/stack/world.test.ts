/** The words of the test world, each against the whole stack with the product's own functions. */
import { expect, test } from 'vitest'
import { useWorld } from '#test/support/use-world.ts'
import { newIp } from '#test/support/world.ts'

const world = useWorld({ report: () => undefined })

test('a forgotten password is reset from the first call to the last entry', async () => {
  const { userId, email, password } = await world.identity()
  const ip = newIp()
  const newPassword = 'Quiet-harbour-lamp-77'
  expect((await world.post('/auth/request-password-reset', { email }, { ip })).status).toBe(200)
  const otp = await world.lastCode(email)
  const verified = await world.post('/auth/verify-password-reset-otp', { email, otp })
  expect(verified.status).toBe(200)
  const { token } = verified.body
  expect((await world.post('/auth/reset-password', { email, token, newPassword })).status).toBe(200)
  expect((await world.post('/api/auth/login', { identifier: email, password })).status).toBe(401)
  const login = await world.post('/api/auth/login', { identifier: email, password: newPassword })
  expect(login.status).toBe(200)
  const session = await world.get('/api/auth/session', { token: login.body.data.accessToken })
  expect(session.body.data.userId).toBe(userId)
  const types = (await world.ledger(userId)).map((entry) => entry.type)
  expect(types).toEqual(expect.arrayContaining(['IDENTITY_CREATED', 'CODE_SENT', 'PASSWORD_RESET', 'LOGIN']))
})

test('the clock of the world makes a code too old', async () => {
  const { email } = await world.identity()
  await world.post('/auth/request-password-reset', { email }, { ip: newIp() })
  const otp = await world.lastCode(email)
  await world.advance(301)
  const { status, body } = await world.post('/auth/verify-password-reset-otp', { email, otp })
  expect([status, body.error.code]).toEqual([401, 'OTP_INVALID'])
})

test('each test can come from addresses of its own, also at once', async () => {
  const emails = await Promise.all(Array.from({ length: 4 }, async () => (await world.identity()).email))
  const replies = await Promise.all(
    emails.map((email) => world.post('/api/auth/forgot-password', { email }, { ip: newIp() })),
  )
  expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200])
})

test('an identity that is refused, and a code that was never sent, are said so', async () => {
  await expect(world.identity({ email: 'no address' })).rejects.toThrow('VALIDATION_FAILED')
  await expect(world.lastCode('nobody@example.com')).rejects.toThrow('No code was sent')
})
