/** `POST /_local/reset`: the stack as it was when it said `ready`, and as good as a new one. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { seedIdentities, seedPassword } from '#local/seed.ts'
import { answerOf, resetByEmail, signIn, strongPassword } from '#test/support/sessions.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp, type TestIdentity } from '#test/support/world.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'latchkey-reset-'))
// Added before the world's own end, and so run after it: the stack writes there until it is closed.
afterAll(() => rmSync(dataDir, { recursive: true, force: true }))
const world = useWorld({ seed: true, dataDir })

const priya: TestIdentity = { userId: 'u-priya', password: seedPassword, ...seedIdentities['u-priya'] }
const reset = async () => expect((await world.post('/_local/reset')).status).toBe(200)

test('takes away people, sessions, changes, messages, calls, faults, limits and the moved clock', async () => {
  const other = await world.identity()
  const token = await signIn(world, priya)
  await resetByEmail(world, priya, 'newpass123')
  await world.advance(30 * 86_400)
  await world.put('/_local/source-ip', { ip: '203.0.113.77' })
  await world.post('/_local/throttle', { enabled: true })
  const asked = await world.post('/api/auth/forgot-password', { email: priya.email })
  await world.post('/_local/faults', { service: 'dynamodb', mode: 'fail-before', count: 1000 })
  const before = (await world.get<unknown[]>('/_local/messages')).body.length
  expect(before).toBeGreaterThan(0)
  await reset()
  expect((await world.get('/_local/messages')).body).toEqual([])
  const requestId = asked.headers.get('x-request-id')
  expect((await world.get(`/_local/calls?requestId=${requestId}`)).body).toEqual([])
  expect((await world.get('/_local/dead-letters')).body).toEqual([])
  expect(Math.abs(world.stack.clock.offsetSeconds())).toBe(0)
  expect((await world.get(`/admin/identities/${other.userId}`)).status).toBe(404)
  expect(answerOf(await world.get('/api/auth/session', { token }))).toBe('401 SESSION_INVALID')
  expect(answerOf(await world.post('/api/auth/forgot-password', { email: priya.email }))).toBe('200')
  await signIn(world, priya)
})

test('leaves the test accounts as at the start, with a ledger that begins anew and is whole', async () => {
  await signIn(world, priya)
  await world.ledger('u-priya')
  await reset()
  for (const [userId, { username }] of Object.entries(seedIdentities)) {
    expect((await world.get(`/admin/identities/${userId}`)).body.data).toMatchObject({ username })
    expect((await world.ledger(userId)).map(({ type, seq }) => [type, seq])).toEqual([
      ['IDENTITY_CREATED', 1],
    ])
  }
  await signIn(world, priya)
  const entries = await world.ledger('u-priya')
  expect(entries.map(({ type, seq }) => [type, seq])).toEqual([
    ['IDENTITY_CREATED', 1],
    ['LOGIN', 2],
  ])
  expect(entries[1]?.prevHash).toBe(entries[0]?.hash)
})

test('can be done again and again, and in the middle of requests', async () => {
  for (let turn = 0; turn < 3; turn += 1) {
    const email = `turn-${turn}@example.com`
    const registered = await world.post<{ identity: object }>('/_local/identities', {
      userId: 'u-same',
      email,
    })
    expect(registered.body.identity).toMatchObject({ email })
    const asking = Array.from({ length: 5 }, () =>
      world.post(
        '/api/auth/forgot-password',
        { email: priya.email },
        { headers: { 'x-latchkey-source-ip': newIp() } },
      ),
    )
    await reset()
    for (const { status } of await Promise.all(asking)) expect(status).toBeLessThan(500)
  }
  await resetByEmail(world, { ...priya, ...seedIdentities['u-rahul'], userId: 'u-rahul' }, strongPassword)
})

test('takes no body but an empty one, and no page of another origin', async () => {
  expect((await world.post('/_local/reset', { keep: 'all' })).status).toBe(400)
  const headers = { origin: 'https://page.example' }
  expect((await world.post('/_local/reset', undefined, { headers })).status).toBe(403)
})

test('empties what the data folder keeps: inbox, dead letters and the moved clock', async () => {
  await world.advance(3600)
  world.stack.services.inbox.add({
    channel: 'sms',
    to: '+201000000009',
    subject: null,
    text: 'x',
    html: null,
  })
  await reset()
  expect(readFileSync(join(dataDir, 'inbox.ndjson'), 'utf8')).toBe('')
  expect(existsSync(join(dataDir, 'dead-letters.ndjson'))).toBe(false)
  expect(JSON.parse(readFileSync(join(dataDir, 'clock.json'), 'utf8'))).toEqual({ offsetMs: 0 })
})
