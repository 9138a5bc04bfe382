/** `latchkey console`: what it passes on, and to whom. */
import { afterAll, beforeAll, describe, expect, type MockInstance, test, vi } from 'vitest'
import { routes } from '#shared/contract/routes.ts'
import { supportPageRoutes } from '#shared/contract/support-routes.ts'
import { useWorld } from '#test/support/use-world.ts'
import { answering } from '../../cli/console/serve.ts'
import { people } from '../../infra/people-access.ts'
import { latchkey } from './command-line.ts'

const world = useWorld()
const token = 'T'.repeat(43)
const own = { host: '127.0.0.1:4711', 'x-latchkey-console': token }
let before: string | undefined
beforeAll(() => {
  before = process.env['API_URL']
  process.env['API_URL'] = world.url
})
afterAll(() => {
  if (before === undefined) delete process.env['API_URL']
  else process.env['API_URL'] = before
})

interface Asked {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly isLocal?: boolean
}

async function ask(target: string, { method = 'GET', headers = own, body, isLocal = true }: Asked = {}) {
  const answer = answering({ token, where: 'here, as me', isLocal })
  const reply = await answer({
    method,
    target,
    headers: Object.entries(headers),
    body: Buffer.from(body === undefined ? '' : JSON.stringify(body)),
    sourceIp: '127.0.0.1',
  })
  const text = String(reply.body)
  return {
    status: reply.status,
    headers: reply.headers,
    body: text.startsWith('{') ? JSON.parse(text) : text,
  }
}

describe('who may ask', () => {
  const { host } = own
  test.each([
    ['a page that was led here by DNS rebinding', { ...own, host: 'console.example:4711' }, 403],
    ['a page of another origin', { ...own, origin: 'https://page.example' }, 403],
    ['a page in a sandbox', { ...own, origin: 'null' }, 403],
    ['another user of the machine, without the token', { host }, 401],
    ['one who guesses at the token', { ...own, 'x-latchkey-console': `${token.slice(1)}U` }, 401],
    ['one with a cookie in its place', { host, cookie: `x-latchkey-console=${token}` }, 401],
  ])('not %s', async (_, headers, status) => {
    const { userId } = await world.identity()
    const reply = await ask(`/admin/identities/${userId}/suspend`, { method: 'POST', headers })
    expect(reply.status).toBe(status)
    expect(reply.body.error.message).toMatch(/\w+ .*\.?$/)
    expect((await ask(`/admin/identities/${userId}/state`)).body.data.status).toBe('active')
  })

  test('the page itself is anybody’s on this machine, holds no name, and lets nothing in from elsewhere', async () => {
    const { status, headers, body } = await ask('/', { headers: { host } })
    expect(status).toBe(200)
    expect(body).not.toContain('here, as me')
    expect(headers['Content-Security-Policy']).toContain("default-src 'none'; script-src 'self'")
    expect(headers['Cache-Control']).toBe('no-store')
    expect(headers).not.toHaveProperty('Set-Cookie')
    expect((await ask('/', { headers: { host: 'console.example' } })).status).toBe(403)
    expect((await ask('/about')).body).toEqual({ where: 'here, as me' })
  })
})

describe('what is passed on', () => {
  test('the routes of support alone: no PUT, no erasure, no token to look at', async () => {
    const { userId } = await world.identity()
    const paths = Object.entries(routes).map(([id, { method, path }]) => ({ id, method, path }))
    const others = paths.filter(({ id }) => !supportPageRoutes.some((own) => own === id))
    expect(others.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['putIdentity', 'getIdentity', 'deleteIdentity']),
    )
    for (const { method, path } of others) {
      const reply = await ask(path.replace('{userId}', userId), { method })
      expect([path, reply.status, reply.body.error.code]).toEqual([path, 404, 'NOT_FOUND'])
    }
    // Whose address a dot would lead to.
    await world.identity({ userId: 'state' })
    for (const path of [
      '/_local/environment',
      '/admin',
      '//127.0.0.1:1/admin/identities',
      '/admin/identities/%zz/state',
      '/admin/identities/./state',
      '/admin/identities/%2e/state',
      '/admin/identities/%2e%2e/state',
    ])
      expect((await ask(path)).status).toBe(404)
  })

  test('no more than the role may call, which may erase beside it', () => {
    expect(people.support.calls).toEqual([...supportPageRoutes, 'deleteIdentity'])
  })

  test('an act with its reason, and its answer with the request’s id', async () => {
    const { userId, email } = await world.identity()
    expect((await ask(`/admin/identities?email=${encodeURIComponent(email)}`)).body.data).toEqual({ userId })
    const done = await ask(`/admin/identities/${userId}/unlock`, {
      method: 'POST',
      body: { reason: 'ticket 4711' },
    })
    expect(done).toMatchObject({ status: 200, body: { success: true } })
    await world.idle()
    const { body } = await ask(`/admin/identities/${userId}/ledger`)
    expect(body.data.entries.at(-1)).toMatchObject({
      reason: 'unlocked',
      note: 'ticket 4711',
      requestId: done.headers['x-request-id'],
    })
  })

  test('a receipt is made here, of an entry that is covered, and by its token alone', async () => {
    const { userId } = await world.identity()
    await world.idle()
    const path = `/support/receipt?${new URLSearchParams({ userId, seq: '1' })}`
    expect((await ask(path, { headers: { host: own.host } })).status).toBe(401)
    expect((await ask(path)).body.error.message).toContain('No checkpoint covers this entry yet')
    await world.advance(301)
    expect((await ask(path)).body).toMatchObject({
      format: 'latchkey/receipt/v1',
      entries: [{ userId, seq: 1 }],
    })
    for (const seq of ['2', '0', 'x', '']) expect((await ask(path.replace(/1$/, seq))).status).toBe(404)
  })

  test('a body that is none is refused here, one too large as everywhere', async () => {
    const { userId } = await world.identity()
    const path = `/admin/identities/${userId}/unlock`
    for (const body of [[], 'text', null])
      expect((await ask(path, { method: 'POST', body })).body.error.code).toBe('MALFORMED_JSON')
    const large = { reason: 'x'.repeat(11_000) }
    expect((await ask(path, { method: 'POST', body: large })).body.error.code).toBe('BODY_TOO_LARGE')
  })
})

describe('on AWS', () => {
  let replied: MockInstance<typeof fetch>
  beforeAll(() => {
    replied = vi.spyOn(globalThis, 'fetch')
  })
  afterAll(() => replied.mockRestore())

  test('calls are signed by the caller’s credentials, and the token stays here', async () => {
    replied.mockResolvedValueOnce(new Response('{"success":true,"message":"Done.","data":{}}'))
    expect((await ask('/admin/identities?username=ann', { isLocal: false })).status).toBe(200)
    const [url, init] = replied.mock.lastCall ?? []
    expect(String(url)).toBe(`${world.url}/admin/identities?username=ann`)
    const headers = init?.headers as Record<string, string>
    expect(headers['authorization']).toMatch(/^AWS4-HMAC-SHA256 Credential=\S+\/execute-api\/aws4_request/)
    expect(JSON.stringify(headers)).not.toContain(token)
  })

  const refused = '{"error":{"code":"FORBIDDEN"}}'
  const asAnn = '<Arn>arn:aws:sts::111122223333:assumed-role/auditor/ann</Arn>'
  const offline = new TypeError('fetch failed', {
    cause: Object.assign(new Error('no'), { code: 'ENOTFOUND' }),
  })
  test.each([
    [
      'who lacks the right',
      403,
      (): string => refused,
      asAnn,
      /^arn:\S+\/auditor\/ann may not call GET \S+: it takes the role "support"/,
    ],
    [
      'whose credentials have ended',
      403,
      (): string => refused,
      'no',
      /^AWS does not know these credentials, or they have expired/,
    ],
    ['who is offline', 502, (): Promise<string> => Promise.reject(offline), '', /could not be reached/],
  ] as const)('%s is told so in words', async (_, status, api, sts, words) => {
    replied.mockImplementation(async (url) =>
      new URL(String(url)).pathname.startsWith('/admin')
        ? new Response(await api(), { status })
        : new Response(sts),
    )
    const reply = await ask('/admin/identities?username=ann', { isLocal: false })
    replied.mockReset()
    expect(reply.status).toBe(status)
    expect(reply.body.error.message).toMatch(words)
  })
})

test('a port that is none is refused before anything is asked', async () => {
  const ran = await latchkey(['console', '--port', 'x', '--local', new URL(world.url).port])
  expect(ran).toMatchObject({ code: 2, stderr: expect.stringContaining('--port: x is no port.') })
})
