/** Signing out. */
import { expect, test } from 'vitest'
import { storyOf } from '#test/support/entries.ts'
import { wrongCode } from '#test/support/recovery.ts'
import { answerOf, signIn } from '#test/support/sessions.ts'
import { withOutage } from '#test/support/sessions-faults.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp } from '#test/support/world.ts'

const world = useWorld()

const logout = (token: string, body?: unknown) => world.post('/api/auth/logout', body, { token })
const alive = async (token: string) => answerOf(await world.get('/api/auth/session', { token }))

test.each([undefined, {}, { everywhere: false }])('%j ends this session alone', async (body) => {
  const identity = await world.identity()
  const token = await signIn(world, identity)
  const other = await signIn(world, identity)
  expect(answerOf(await logout(token, body))).toBe('200')
  expect(await alive(token)).toBe('401 SESSION_INVALID')
  expect(await alive(other)).toBe('200')
  expect((await storyOf(world, identity.userId)).at(-1)).toBe('LOGOUT success this_session')
})

test('everywhere ends all sessions of the identity, and of no one else', async () => {
  const identity = await world.identity()
  const tokens = [await signIn(world, identity), await signIn(world, identity), await signIn(world, identity)]
  const stranger = await signIn(world, await world.identity())
  expect(answerOf(await logout(tokens[1] ?? '', { everywhere: true }))).toBe('200')
  for (const token of tokens) expect(await alive(token)).toBe('401 SESSION_INVALID')
  expect(await alive(stranger)).toBe('200')
  expect(await alive(await signIn(world, identity)), 'a new login works').toBe('200')
  expect((await storyOf(world, identity.userId)).filter((line) => line.startsWith('LOGOUT'))).toEqual([
    'LOGOUT success everywhere',
  ])
})

test('signing out everywhere does not kill a reset that is under way', async () => {
  const identity = await world.identity()
  const { email } = identity
  const token = await signIn(world, identity)
  await world.post('/api/auth/forgot-password', { email }, { ip: newIp() })
  const otp = await world.lastCode(email)
  await logout(token, { everywhere: true })
  const wrong = await world.post('/api/auth/reset-password', {
    email,
    otp: wrongCode(otp),
    newPassword: 'newpass123',
  })
  expect(answerOf(wrong)).toBe('401 OTP_INVALID')
  const reset = await world.post('/api/auth/reset-password', { email, otp, newPassword: 'newpass123' })
  expect(answerOf(reset)).toBe('200')
})

test('a second sign-out with the same token is SESSION_INVALID', async () => {
  const token = await signIn(world, await world.identity())
  const answers = await Promise.all([logout(token), logout(token), logout(token)])
  expect(answers.map(answerOf).sort()).toEqual(['200', '401 SESSION_INVALID', '401 SESSION_INVALID'])
})

test.each([
  ['fail-before', '200', '200'],
  ['fail-after', '401 SESSION_INVALID', '401 SESSION_INVALID'],
] as const)('%s: signed out with one entry, or not at all', async (mode, between, again) => {
  const identity = await world.identity()
  const token = await signIn(world, identity)
  const outage = { service: 'dynamodb', operation: 'TransactWriteItems', mode } as const
  expect(answerOf(await withOutage(world, 'logout', outage, () => logout(token)))).toBe('503 UNAVAILABLE')
  expect(await alive(token)).toBe(between)
  expect(answerOf(await logout(token))).toBe(again)
  expect((await storyOf(world, identity.userId)).filter((line) => line.startsWith('LOGOUT'))).toHaveLength(1)
})

test.each([{ everywhere: 'yes' }, { all: true }, [], 'null', '"everywhere"'])(
  '%j is refused and ends nothing',
  async (body) => {
    const token = await signIn(world, await world.identity())
    expect(answerOf(await logout(token, body))).toBe('400 VALIDATION_FAILED')
    expect(await alive(token)).toBe('200')
  },
)
