/** What makes tests of a team short: people with sessions, waiting for a message, an address a request, everything as at the start. */
import { beforeAll, describe, expect, test } from 'vitest'
import { seedIdentities, seedPassword } from '#local/seed.ts'
import type { InboxMessage } from '#local/services/inbox.ts'
import { hashQuickly } from '#test/support/quick-hashes.ts'
import { answerOf } from '#test/support/sessions.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp } from '#test/support/world.ts'

const world = useWorld({ seed: true })
// A password in clear is hashed by the library itself.
beforeAll(() => hashQuickly(false))

interface Made {
  readonly userId: string
  readonly identity: { readonly userId: string; readonly hasPin: boolean; readonly hasPassword: boolean }
  readonly token?: string
  readonly error: string
}
const make = (body: unknown, headers = {}) => world.post<Made>('/_local/identities', body, { headers })
const login = (identifier: string, password: string) =>
  world.post('/api/auth/login', { identifier, password }, { ip: newIp() })

describe('POST /_local/identities', () => {
  test('makes a person with password, PIN and a session that has the factors asked for', async () => {
    const { status, body } = await make({
      ...{ userId: 'u-made', email: 'Made@example.com', phone: '+201012345678', locale: 'ar' },
      ...{ password: 'any old thing', pin: '482915', session: ['POSSESSION', 'PIN'] },
    })
    expect(status).toBe(200)
    expect(body.identity).toMatchObject({
      ...{ userId: 'u-made', email: 'made@example.com', phone: '+201012345678', locale: 'ar' },
      ...{ hasPin: true, hasPassword: true },
    })
    const token = body.token ?? ''
    const { factors } = (await world.get('/api/auth/session', { token })).body.data
    expect(factors.map(({ method }) => method)).toEqual(['password', 'sms-otp', 'pin'])
    expect(answerOf(await world.post('/api/pin/verify', { pin: '482915' }, { token }))).toBe('200')
    expect(answerOf(await login('made@example.com', 'any old thing'))).toBe('200')
    const types = (await world.ledger('u-made')).map(({ type }) => type)
    expect(types.slice(0, 2)).toEqual(['IDENTITY_CREATED', 'PIN_SET'])
    expect(world.messages('made@example.com'), 'nobody is told').toEqual([])
  })

  test('makes up a userId, and no session where none was asked for', async () => {
    const { body } = await make({ email: 'nameless@example.com' })
    expect(body.identity.userId).toMatch(/^u-[\w-]{22}$/)
    expect(body.userId).toBe(body.identity.userId)
    expect(body).not.toHaveProperty('token')
    expect(body.identity).toMatchObject({ hasPin: false, hasPassword: false })
  })

  test('gives somebody who is there already a session, and leaves what was not named', async () => {
    const { body } = await make({ userId: 'u-priya', session: [] })
    const { factors } = (await world.get('/api/auth/session', { token: body.token ?? '' })).body.data
    expect(factors.map(({ method }) => method)).toEqual(['password'])
    expect(answerOf(await login('priyasharma', seedPassword))).toBe('200')
  })

  test.each([
    ['a PIN alone', { email: 'a@example.com', pin: '482915', session: ['PIN'] }, /^session: .*POSSESSION/],
    [
      'a PIN factor without a PIN',
      { email: 'a@example.com', session: ['POSSESSION', 'PIN'] },
      /^session: PIN/,
    ],
    ['an unknown factor', { email: 'a@example.com', session: ['PRESENCE'] }, /^session/],
    ['a session that is no list', { email: 'a@example.com', session: true }, /^session: /],
    ['a trivial PIN', { email: 'a@example.com', pin: '123456' }, /^pin: /],
    ['a PIN that is no PIN', { email: 'a@example.com', pin: 482915 }, /^pin: /],
    ['two passwords', { password: 'x', passwordHash: '$2b$10$' }, /^password: /],
    ['an empty password', { email: 'a@example.com', password: '' }, /^password: /],
    ['a wrong userId', { userId: 'a b' }, /^userId: /],
    ['a field that is none', { email: 'a@example.com', emial: 'x' }, /emial/],
    ['an email that is none', { email: 'x' }, /^email: must be an email address/],
    ['an email of somebody else', { email: seedIdentities['u-priya'].email }, /^email: belongs/],
    ['a suspended person with a session', { status: 'suspended', session: [] }, /^session: /],
    ['a list', [], /^body: /],
    ['no JSON', '{', /JSON/],
  ])('%s is a 400 that says what is wrong, and makes nobody', async (_, body, problem) => {
    const named = typeof body === 'string' || Array.isArray(body) ? body : { userId: 'u-refused', ...body }
    const { status, body: reply } = await make(named)
    expect(status).toBe(400)
    expect(reply.error).toMatch(problem)
    expect((await world.get('/admin/identities/u-refused')).status).toBe(404)
  })

  test('is closed to pages of other origins', async () => {
    expect((await make({ email: 'b@example.com' }, { origin: 'https://page.example' })).status).toBe(403)
  })
})

describe('GET /_local/messages', () => {
  const add = (to: string, text: string) =>
    world.stack.services.inbox.add({ channel: 'sms', to, subject: null, text, html: null })
  const get = async (query: string) => {
    const { status, body } = await world.get<InboxMessage[]>(`/_local/messages?${query}`)
    expect(status).toBe(200)
    return body.map(({ text }) => text)
  }

  test('gives what was sent after a message, to one address or to all', async () => {
    const to = '+201000000001'
    const first = add(to, 'one')
    add('+201000000002', 'other')
    add(to, 'two')
    expect(await get(`to=${to}&after=${first.id}`)).toEqual(['two'])
    expect(await get(`after=${first.id}`)).toEqual(['other', 'two'])
    expect(await get(`to=${to}&after=`)).toEqual(['one', 'two'])
  })

  test('waits for the next, and no longer than it takes', async () => {
    const to = '+201000000003'
    const first = add(to, 'one')
    const waiting = get(`to=${to}&after=${first.id}&wait=30`)
    add('+201000000004', 'for somebody else')
    add(to, 'two')
    expect(await waiting).toEqual(['two'])
    expect(await get(`to=${to}&wait=30`), 'what is there is not waited for').toEqual(['one', 'two'])
  })

  test('waits for the code that was just asked for', async () => {
    const { email } = await world.identity()
    await world.post('/api/auth/forgot-password', { email }, { ip: newIp() })
    const [text = ''] = await get(`to=${email}&wait=20`)
    expect(text).toMatch(/\b[0-9]{6}\b/)
  })

  test('gives nothing once the time is over', async () => {
    const began = performance.now()
    expect(await get('to=nobody@example.com&wait=0.3')).toEqual([])
    expect(performance.now() - began).toBeGreaterThanOrEqual(290)
  })

  test.each([
    ['wait=soon', /^wait: /],
    ['wait=-1', /^wait: /],
    ['wait=3600', /^wait: /],
    ['after=no-such-id', /^after: /],
  ])('%s is a 400 that says so', async (query, problem) => {
    const { status, body } = await world.get<{ error: string }>(`/_local/messages?${query}`)
    expect(status).toBe(400)
    expect(body.error).toMatch(problem)
  })
})

describe('x-latchkey-source-ip', () => {
  const ask = (email: string, headers: Record<string, string>) =>
    world.post('/api/auth/forgot-password', { email }, { headers })

  test('gives one request its address, whatever the others have', async () => {
    await world.put('/_local/source-ip', { ip: '203.0.113.40' })
    const from = (ip: string) =>
      Promise.all(
        Array.from({ length: 4 }, (_, index) =>
          ask(`source-${index}-${ip.length}@example.net`, { 'X-Latchkey-Source-Ip': ip }),
        ),
      )
    const [one, other] = await Promise.all([from('203.0.113.41'), from('2001:db8:7:7::1')])
    for (const replies of [one, other])
      expect(replies.map(answerOf).sort()).toEqual(['200', '200', '200', '429 RATE_LIMITED'])
    expect(answerOf(await ask('source-9@example.net', {}))).toBe('200')
  })

  test.each(['', 'here', '203.0.113.1, 203.0.113.2', '203.0.113.1:80'])(
    '%j is refused by name',
    async (ip) => {
      const { status, body } = await ask('source@example.net', { 'x-latchkey-source-ip': ip })
      expect([status, body.error.code]).toEqual([400, 'VALIDATION_FAILED'])
      expect(body.error.details).toMatchObject([{ field: 'x-latchkey-source-ip' }])
    },
  )
})

test('a slash behind a path changes nothing', async () => {
  expect((await world.get('/_local/messages/')).status).toBe(200)
  expect((await world.get<string>('/_local/')).body).toContain('<title>Inbox')
})
