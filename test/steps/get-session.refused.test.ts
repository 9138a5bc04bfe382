/** What is no live session. */
import { expect, test } from 'vitest'
import { answerOf, signIn } from '#test/support/sessions.ts'
import { withOutage } from '#test/support/sessions-faults.ts'
import { storedSessions } from '#test/support/sessions-stored.ts'
import { useWorld } from '#test/support/use-world.ts'

const world = useWorld()

const get = (authorization?: string) =>
  world.get('/api/auth/session', authorization === undefined ? {} : { headers: { authorization } })

test('a session ends after twelve hours, although its item is still stored', async () => {
  const identity = await world.identity()
  const token = await signIn(world, identity)
  await world.pass(12 * 3600 - 600)
  expect(answerOf(await get(`Bearer ${token}`))).toBe('200')
  await world.pass(600)
  expect(answerOf(await get(`Bearer ${token}`)), 'use does not lengthen it').toBe('401 SESSION_INVALID')
  expect(await storedSessions(identity.userId)).toHaveLength(1)
})

test('everything that is no token of a live session is one answer', async () => {
  const identity = await world.identity()
  const other = await world.identity()
  const token = await signIn(world, identity)
  const [userId = '', sessionId = '', secret = ''] = token.split('.')
  const flipped = `${secret.slice(0, -2)}${secret.endsWith('AA') ? 'BB' : 'AA'}`
  const given = [
    undefined,
    '',
    'Bearer',
    `Basic ${token}`,
    token,
    `Bearer ${token} x`,
    `Bearer ${userId}.${sessionId}`,
    `Bearer ${userId}.${sessionId}.${flipped}`,
    `Bearer ${userId}.${sessionId}.${secret}.${secret}`,
    `Bearer ${other.userId}.${sessionId}.${secret}`,
    `Bearer nobody.${sessionId}.${secret}`,
    `Bearer ~decoy.${sessionId}.${secret}`,
    `Bearer ${userId}.${'s'.repeat(65)}.${secret}`,
    `Bearer ${'A'.repeat(2000)}`,
  ]
  const replies = []
  for (const authorization of given) replies.push(await get(authorization))
  expect(replies.map(answerOf)).toEqual(given.map(() => '401 SESSION_INVALID'))
  expect(new Set(replies.map(({ body }) => JSON.stringify({ ...body, requestId: '' }))).size).toBe(1)
  expect(answerOf(await get(`Bearer ${token}`))).toBe('200')
})

test.each([
  [
    'a changed password hash',
    { passwordHash: '$2b$04$abcdefghijklmnopqrstuuE6hjV0tHQ3jp9kaJlJy0TjgfxYeTl2W' },
  ],
  ['a changed email', { email: 'moved-1@example.com' }],
  ['a changed username', { username: 'moved-1' }],
  ['a changed phone', { phone: '+201066666601' }],
  ['a changed second factor', { mfaEnabled: true }],
  ['a suspension', { status: 'suspended' }],
])('%s ends every session at the next call', async (_, change) => {
  const identity = await world.identity()
  const tokens = [await signIn(world, identity), await signIn(world, identity)]
  const changed = await world.put(`/admin/identities/${identity.userId}`, change)
  expect(answerOf(changed)).toBe('200')
  for (const token of tokens) expect(answerOf(await get(`Bearer ${token}`))).toBe('401 SESSION_INVALID')
})

test.each([
  ['the locale', { locale: 'ar' }],
  ['a consent', { consent: { document: 'terms', version: '1' } }],
  ['values it had already', { status: 'active', mfaEnabled: false }],
])('%s ends no session', async (_, change) => {
  const identity = await world.identity()
  const token = await signIn(world, identity)
  await world.put(`/admin/identities/${identity.userId}`, { ...change, email: identity.email.toUpperCase() })
  expect(answerOf(await get(`Bearer ${token}`))).toBe('200')
})

test('while sessions cannot be read the answer is UNAVAILABLE, never SESSION_INVALID', async () => {
  const token = await signIn(world, await world.identity())
  const outage = { service: 'dynamodb', operation: 'BatchGetItem', mode: 'fail-before' } as const
  const reply = await withOutage(world, 'get-session', outage, () => get(`Bearer ${token}`))
  expect(answerOf(reply)).toBe('503 UNAVAILABLE')
})
