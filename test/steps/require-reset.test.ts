/** Making a password unusable until its owner resets it. */

import { hash } from '@node-rs/argon2'
import { beforeAll, expect, test } from 'vitest'
import { seedPasswordHash } from '#local/seed.ts'
import { adminOf } from '#test/support/admin.ts'
import { entriesOf, storyOf } from '#test/support/entries.ts'
import { answerOf, resetByEmail, signIn } from '#test/support/sessions.ts'
import { withOutage } from '#test/support/sessions-faults.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp } from '#test/support/world.ts'

const world = useWorld()
let admin: ReturnType<typeof adminOf>
beforeAll(async () => {
  admin = adminOf(world)
})

const login = ({ email, password }: { email: string; password: string }) =>
  world.post('/api/auth/login', { identifier: email, password }, { ip: newIp() })

test('the password is refused and every session ends, until a reset; nobody learns a secret', async () => {
  const identity = await world.identity()
  const token = await signIn(world, identity)
  const reply = await admin.requireReset(identity.userId)
  expect(answerOf(reply)).toBe('200')
  expect(Object.keys(reply.body.data)).toEqual([])
  expect(answerOf(await login(identity))).toBe('401 CREDENTIALS_INVALID')
  expect(answerOf(await world.get('/api/auth/session', { token }))).toBe('401 SESSION_INVALID')
  expect((await admin.get(identity.userId)).body.data).toMatchObject({
    resetRequired: true,
    hasPassword: true,
  })
  await resetByEmail(world, identity, 'newpass123')
  expect(answerOf(await login({ ...identity, password: 'newpass123' }))).toBe('200')
  expect((await admin.get(identity.userId)).body.data).toMatchObject({ resetRequired: false })
})

test('the owner is told by email without a link, and the entry names the field', async () => {
  const { userId, email } = await world.identity()
  await admin.requireReset(userId)
  await world.idle()
  const messages = world.messages(email)
  expect(messages.map(({ subject }) => subject)).toEqual(['Latchkey: please reset your password'])
  expect(messages[0]?.text).not.toMatch(/https?:/)
  expect((await entriesOf(world, userId)).at(-1)).toMatchObject({
    reason: 'reset_required',
    fields: ['password'],
  })
})

test('the old password does not come back by the reset', async () => {
  const identity = await world.identity()
  const { userId, email } = identity
  await admin.requireReset(userId)
  await world.post('/api/auth/forgot-password', { email }, { ip: newIp() })
  const otp = await world.lastCode(email)
  const strong = await world.post('/api/auth/reset-password', { email, otp, newPassword: identity.password })
  expect(strong.status).toBe(400)
  expect(answerOf(await login(identity))).toBe('401 CREDENTIALS_INVALID')
})

test('a new hash from the backend lifts it, the one that was put last does not', async () => {
  const identity = await world.identity()
  await admin.requireReset(identity.userId)
  await admin.put(identity.userId, { passwordHash: seedPasswordHash })
  expect(answerOf(await login(identity))).toBe('401 CREDENTIALS_INVALID')
  const passwordHash = await hash(identity.password, { memoryCost: 8192, timeCost: 1, parallelism: 1 })
  await admin.put(identity.userId, { passwordHash })
  expect(answerOf(await login(identity))).toBe('200')
})

test('another change by the backend does not lift it', async () => {
  const identity = await world.identity()
  await admin.requireReset(identity.userId)
  await admin.put(identity.userId, { locale: 'ar' })
  await admin.unlock(identity.userId)
  expect(answerOf(await login(identity))).toBe('401 CREDENTIALS_INVALID')
})

test.each(['u-nobody', '~decoy'])('%s is NOT_FOUND', async (userId) => {
  expect(answerOf(await admin.requireReset(userId))).toBe('404 NOT_FOUND')
})

test.each(['fail-before', 'fail-after'] as const)('%s: all of it or nothing', async (mode) => {
  const identity = await world.identity()
  const token = await signIn(world, identity)
  const outage = { service: 'dynamodb', operation: 'TransactWriteItems', mode } as const
  const first = await withOutage(world, 'require-reset', outage, () => admin.requireReset(identity.userId))
  expect(answerOf(first)).toBe('503 UNAVAILABLE')
  const done = mode === 'fail-after'
  expect(answerOf(await world.get('/api/auth/session', { token }))).toBe(done ? '401 SESSION_INVALID' : '200')
  const story = await storyOf(world, identity.userId)
  expect(story.filter((line) => line.endsWith('reset_required'))).toHaveLength(done ? 1 : 0)
  expect(world.messages(identity.email)).toHaveLength(done ? 1 : 0)
})
