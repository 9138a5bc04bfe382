/** A suspended identity is answered like one that nobody knows. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { adminOf } from '#test/support/admin.ts'
import { answerOf, goodPin, signIn, withPin } from '#test/support/sessions.ts'
import { entriesOf } from '#test/support/sessions-ledger.ts'
import { createWorld, newIp, type World } from '#test/support/world.ts'

let world: World
let admin: ReturnType<typeof adminOf>
beforeAll(async () => {
  world = await createWorld()
  admin = adminOf(world)
})
afterAll(() => world.close())

const requests = [
  ['/auth/request-password-reset', 'email'],
  ['/api/auth/forgot-password', 'email'],
  ['/api/password-reset/request', 'pair'],
  ['/api/password-reset/verify-identity', 'pair'],
  ['/api/pin/reset/request', 'phone'],
  ['/api/auth/login', 'login'],
] as const

const unlike = /"flowId":"[^"]*"|"requestId":"[^"]*"|"masked\w+":"[^"]*"/g

test.each(requests)('%s: the same answer, and nothing is sent', async (path, kind) => {
  const suspended = await world.identity({ status: 'suspended' })
  const unknown = { email: `no-${suspended.email}`, phone: '+201099999998' }
  const bodyFor = ({ email, phone }: typeof unknown) =>
    ({
      email: { email },
      phone: { phone },
      pair: { identifier: email, phone },
      login: { identifier: email, password: suspended.password },
    })[kind]
  const replies = []
  for (const person of [suspended, unknown])
    replies.push(await world.post(path, bodyFor(person), { ip: newIp() }))
  const [first, second] = replies
  expect(first?.status).toBe(second?.status)
  expect(JSON.stringify(first?.body).replaceAll(unlike, '')).toBe(
    JSON.stringify(second?.body).replaceAll(unlike, ''),
  )
  await world.idle()
  expect(world.messages(suspended.email)).toEqual([])
  expect(world.messages(suspended.phone)).toEqual([])
})

test('a code that was sent before the suspension is dead', async () => {
  const identity = await world.identity()
  const { email, userId } = identity
  await world.post('/api/auth/forgot-password', { email }, { ip: newIp() })
  const otp = await world.lastCode(email)
  await admin.put(userId, { status: 'suspended' })
  const body = { email, otp, newPassword: 'newpass123' }
  expect(answerOf(await world.post('/api/auth/reset-password', body))).toBe('401 OTP_INVALID')
  await admin.put(userId, { status: 'active' })
  expect(answerOf(await world.post('/api/auth/reset-password', body))).toBe('401 OTP_INVALID')
  const reasons = (await entriesOf(world, userId)).filter(({ type }) => type === 'PASSWORD_RESET')
  expect(reasons.map(({ reason }) => reason)).toEqual(['stale_epoch', 'stale_epoch'])
})

test('old sessions and their PIN factor do not revive on reactivation; the password and the PIN do', async () => {
  const { identity, token } = await withPin(world)
  await admin.put(identity.userId, { status: 'suspended' })
  expect(answerOf(await world.get('/api/auth/session', { token }))).toBe('401 SESSION_INVALID')
  await admin.put(identity.userId, { status: 'active' })
  expect(answerOf(await world.get('/api/auth/session', { token }))).toBe('401 SESSION_INVALID')
  expect(answerOf(await world.post('/api/pin/verify', { pin: goodPin }, { token }))).toBe(
    '401 SESSION_INVALID',
  )
  const next = await signIn(world, identity)
  expect(answerOf(await world.get('/api/auth/session', { token: next }))).toBe('200')
})
