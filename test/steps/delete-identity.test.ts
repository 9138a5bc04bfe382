/** Erasing the personal data of an identity. */
import { beforeAll, expect, test } from 'vitest'
import { seedPasswordHash } from '#local/seed.ts'
import { adminOf } from '#test/support/admin.ts'
import { entriesOf, storyOf } from '#test/support/entries.ts'
import { answerOf, signIn, withPin } from '#test/support/sessions.ts'
import { withOutage } from '#test/support/sessions-faults.ts'
import { itemsOf, storedSessions } from '#test/support/sessions-stored.ts'
import { storedIdentity } from '#test/support/stored.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp } from '#test/support/world.ts'

const world = useWorld()
let admin: ReturnType<typeof adminOf>
beforeAll(async () => {
  admin = adminOf(world)
})

test('the record, its identifiers, its sessions and its challenges are gone; the ledger stays, without personal data', async () => {
  const { identity } = await withPin(world)
  const { userId, email, username, phone } = identity
  await world.post('/api/auth/forgot-password', { email }, { ip: newIp() })
  await world.post('/api/auth/login', { identifier: email, password: 'not-it' }, { ip: newIp() })
  await world.idle()
  const recorded = await entriesOf(world, userId)
  expect(answerOf(await admin.erase(userId))).toBe('200')
  expect(answerOf(await admin.get(userId))).toBe('404 NOT_FOUND')
  const entries = await entriesOf(world, userId)
  expect(entries.slice(0, -1)).toEqual(recorded)
  expect(entries.at(-1)).toMatchObject({ type: 'IDENTITY_CHANGED', outcome: 'success', reason: 'erased' })
  expect(await storedSessions(userId)).toEqual([])
  for (const table of ['identities', 'challenges', 'sessions', 'outbox', 'ledger'] as const) {
    // A link to disown a change goes on naming the opaque userId until it is over, and reaches nobody (ADR 0030).
    const items = (await itemsOf(table)).filter((item) => !('pk' in item && String(item.pk).startsWith('R#')))
    const text = JSON.stringify(items)
    for (const personal of [email, username, phone]) expect(text, table).not.toContain(personal)
    if (table !== 'ledger') expect(text, table).not.toContain(userId)
  }
})

test('its identifiers are free for someone else', async () => {
  const { userId, email, username, phone } = await world.identity()
  await admin.erase(userId)
  expect(answerOf(await admin.put('u-next', { email, username, phone }))).toBe('201')
})

test('registering the same userId again revives nothing: no session, code, token, PIN or consent', async () => {
  const { identity, token } = await withPin(world)
  const { userId, email, username, phone } = identity
  await world.post('/auth/request-password-reset', { email }, { ip: newIp() })
  const otp = await world.lastCode(email)
  const verified = await world.post('/auth/verify-password-reset-otp', { email, otp })
  await world.post('/api/auth/forgot-password', { email }, { ip: newIp() })
  const basic = await world.lastCode(email)
  await admin.erase(userId)
  expect(answerOf(await world.get('/api/auth/session', { token }))).toBe('401 SESSION_INVALID')
  expect(answerOf(await admin.put(userId, { email, username, phone, passwordHash: seedPasswordHash }))).toBe(
    '201',
  )
  expect(answerOf(await world.get('/api/auth/session', { token }))).toBe('401 SESSION_INVALID')
  const newPassword = 'Quiet-Harbour-71'
  const byToken = { email, token: verified.body.token, newPassword }
  expect(answerOf(await world.post('/auth/reset-password', byToken))).toBe('401 TOKEN_INVALID')
  expect(answerOf(await world.post('/api/auth/reset-password', { email, otp: basic, newPassword }))).toBe(
    '401 OTP_INVALID',
  )
  const { data } = (await admin.get(userId)).body
  expect(data).toMatchObject({ hasPin: false, consent: null })
  await signIn(world, identity)
})

test('limits of the erased person do not follow whoever comes next', async () => {
  const { userId, email } = await world.identity()
  const login = (password: string) =>
    world.post('/api/auth/login', { identifier: email, password }, { ip: newIp() })
  for (let index = 0; index < 10; index += 1) await login('not-it')
  expect(answerOf(await login('password123'))).toBe('429 RATE_LIMITED')
  await admin.erase(userId)
  await admin.put('u-after', { email, passwordHash: seedPasswordHash })
  expect(answerOf(await login('password123'))).toBe('200')
})

test.each(['u-nobody', '~decoy', 'a'.repeat(65)])('%s is NOT_FOUND', async (userId) => {
  expect(answerOf(await admin.erase(userId))).toBe('404 NOT_FOUND')
})

test('of two at once one erases', async () => {
  const { userId } = await world.identity()
  const answers = await Promise.all([admin.erase(userId), admin.erase(userId)])
  expect(answers.map(answerOf).sort()).toEqual(['200', '404 NOT_FOUND'])
  expect(await storyOf(world, userId)).toEqual([
    'IDENTITY_CREATED success',
    'IDENTITY_CHANGED success erased',
  ])
})

test('what a call leaves over that was cut off after its commit, the retry erases', async () => {
  const identity = await world.identity()
  const { userId, email } = identity
  await signIn(world, identity, { device: { model: 'Pixel 12' } })
  await world.post('/api/auth/forgot-password', { email }, { ip: newIp() })
  await world.idle()
  const outage = { service: 'dynamodb', operation: 'Query', mode: 'fail-before' } as const
  const cut = await withOutage(world, 'delete-identity', outage, () => admin.erase(userId))
  expect(answerOf(cut)).toBe('503 UNAVAILABLE')
  expect(JSON.stringify(await itemsOf('challenges'))).not.toContain(email)
  expect(await storedSessions(userId)).toHaveLength(1)
  expect(answerOf(await admin.erase(userId))).toBe('404 NOT_FOUND')
  expect(await storedSessions(userId)).toEqual([])
})

test.each([
  ['fail-before', '200', '200'],
  ['fail-after', '404 NOT_FOUND', '404 NOT_FOUND'],
] as const)('%s: erased with its entry, or not at all', async (mode, between, again) => {
  const { userId } = await world.identity()
  const outage = { service: 'dynamodb', operation: 'TransactWriteItems', mode } as const
  expect(answerOf(await withOutage(world, 'delete-identity', outage, () => admin.erase(userId)))).toBe(
    '503 UNAVAILABLE',
  )
  expect(answerOf(await admin.get(userId))).toBe(between)
  expect((await storedIdentity(userId)) === undefined).toBe(mode === 'fail-after')
  expect(answerOf(await admin.erase(userId))).toBe(again)
  expect(await storyOf(world, userId)).toEqual([
    'IDENTITY_CREATED success',
    'IDENTITY_CHANGED success erased',
  ])
})
