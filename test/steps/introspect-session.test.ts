/** What a team's own backend is told of a token. */
import { describe, expect, test } from 'vitest'
import { answerOf, consent, signIn, stepUp, withPin } from '#test/support/sessions.ts'
import { withOutage } from '#test/support/sessions-faults.ts'
import { storedSessions } from '#test/support/sessions-stored.ts'
import { useWorld } from '#test/support/use-world.ts'

const world = useWorld()

const ask = (token: unknown) => world.post('/admin/sessions/introspect', { token })
const told = async (token: unknown) => {
  const { status, body } = await ask(token)
  expect([status, body.success]).toEqual([200, true])
  return body.data
}

test('of a live session: whose it is, what was proved, and until when, as the session itself sees it', async () => {
  const identity = await world.identity()
  const token = await signIn(world, identity, { device: { model: 'Pixel 12' } })
  await consent(world, token)
  await stepUp(world, identity, token)
  const { createdAt: _, ...seen } = (await world.get('/api/auth/session', { token })).body.data
  expect(await told(token)).toEqual({ ...seen, active: true })
  expect(seen.factors.map(({ method }) => method)).toEqual(['password', 'sms-otp'])
  expect(seen.device).toEqual({ model: 'Pixel 12' })
})

test('a factor is told of until the moment it ends', async () => {
  const { token } = await withPin(world)
  const methods = async () => (await told(token)).factors.map(({ method }) => method)
  expect(await methods()).toContain('sms-otp')
  await world.pass(15 * 60)
  expect(await methods()).toEqual(['password'])
})

describe('a token that opens no session is inactive, and nothing else is said of it', () => {
  test.each(['', 'x', 'a.b', 'u-nobody.s.s', 'a.b.c.d', '~.s.s', 'u|x.s.s', 'é.ü.ß', 'a'.repeat(1000)])(
    '%j',
    async (token) => {
      expect(await told(token)).toEqual({ active: false })
    },
  )

  test('a secret of another session, another person, or none', async () => {
    const [one, other] = [await world.identity(), await world.identity()]
    const token = await signIn(world, one)
    const [, sessionId = '', secret = ''] = token.split('.')
    for (const wrong of [
      `${other.userId}.${sessionId}.${secret}`,
      `${one.userId}.${sessionId}.${secret.slice(1)}x`,
      `~decoy.${sessionId}.${secret}`,
    ])
      expect(await told(wrong)).toEqual({ active: false })
    expect((await told(token)).active).toBe(true)
  })
})

test('what is no text, too long for any token, or too much is refused', async () => {
  for (const token of [undefined, null, 7, {}, ['a'], 'a'.repeat(1001), 'a\u0000b'])
    expect(answerOf(await ask(token))).toBe('400 VALIDATION_FAILED')
  const more = await world.post('/admin/sessions/introspect', { token: 'x', userId: 'u' })
  expect(answerOf(more)).toBe('400 VALIDATION_FAILED')
})

test('no table is asked about what is no token, and of any other both tables once', async () => {
  const callsOf = async (token: string) => {
    const id = (await ask(token)).headers.get('x-request-id')
    return (await world.get<{ operation: string }[]>(`/_local/calls?requestId=${id}`)).body
  }
  expect(await callsOf('no token')).toEqual([])
  const live = await signIn(world, await world.identity())
  const calls = await callsOf(live)
  expect(calls.map(({ operation }) => operation)).toEqual(['BatchGetItem'])
  expect(await callsOf('u-nobody.s.s')).toEqual(calls)
})

test('each of these is inactive at the next question', async () => {
  const open = async () => {
    const identity = await world.identity()
    const token = await signIn(world, identity)
    expect((await told(token)).active).toBe(true)
    return { identity, token }
  }
  const ends: ((given: Awaited<ReturnType<typeof open>>) => Promise<unknown>)[] = [
    ({ token }) => world.post('/api/auth/logout', undefined, { token }),
    ({ identity }) => world.put(`/admin/identities/${identity.userId}`, { status: 'suspended' }),
    ({ identity }) => world.post(`/admin/identities/${identity.userId}/require-reset`),
    ({ identity }) => world.del(`/admin/identities/${identity.userId}`),
    () => world.pass(12 * 3600),
  ]
  for (const end of ends) {
    const given = await open()
    await end(given)
    expect(await told(given.token)).toEqual({ active: false })
  }
})

test('a question is a use of the session', async () => {
  const identity = await world.identity()
  const token = await signIn(world, identity)
  const lastUse = async () => (await storedSessions(identity.userId))[0]?.lastUsedAt ?? 0
  const before = await lastUse()
  await world.pass(120)
  await told(token)
  expect((await lastUse()) - before).toBeGreaterThanOrEqual(120_000)
})

test('while sessions cannot be read it is UNAVAILABLE, never inactive', async () => {
  const token = await signIn(world, await world.identity())
  const outage = { service: 'dynamodb', operation: 'BatchGetItem', mode: 'fail-before' } as const
  expect(answerOf(await withOutage(world, 'introspect-session', outage, () => ask(token)))).toBe(
    '503 UNAVAILABLE',
  )
})

test('a page of another origin learns nothing', async () => {
  const token = await signIn(world, await world.identity())
  const headers = { origin: 'https://page.example' }
  const reply = await world.post('/admin/sessions/introspect', { token }, { headers })
  expect(answerOf(reply)).toBe('403 FORBIDDEN')
})
