import { fileURLToPath } from 'node:url'
import { createContext, runInContext } from 'node:vm'
import { build } from 'esbuild'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { routes } from '#shared/contract/routes.ts'
import { createClient } from '../../web/client.ts'
import { clientRoutes } from '../../web/routes.ts'

/** Answers each call alike, and keeps what was asked. */
function answering(response: () => Response | Promise<Response>) {
  const asked: Request[] = []
  const fetch = async (input: string | URL | Request, init?: RequestInit) => {
    asked.push(new Request(input, init))
    return response()
  }
  return { asked, client: createClient({ origin: 'https://api.example.com', fetch }) }
}

const refused = (status: number, error: unknown, headers: Record<string, string> = {}) =>
  Response.json({ success: false, error, requestId: 'r-1' }, { status, headers })

test('method, path and access are those of the table of routes', () => {
  const table = Object.entries(routes)
    .filter(([, route]) => route.access !== 'admin')
    .map(([id, { method, path, access }]) => [id, [method, path, access]])
  expect(Object.entries(clientRoutes).sort()).toEqual(table.sort())
})

test('a body goes as JSON, without cookies', async () => {
  const { asked, client } = answering(() =>
    Response.json({ success: true, message: 'Sent.', data: { flowId: 'f' } }),
  )
  const result = await client.call('requestPasswordReset', { body: { email: 'a@example.com' } })
  expect(result).toEqual({ ok: true, message: 'Sent.', data: { flowId: 'f' } })
  const [request] = asked
  expect(request).toMatchObject({
    url: 'https://api.example.com/auth/request-password-reset',
    method: 'POST',
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
  })
  expect(request?.headers.get('content-type')).toBe('application/json')
  expect(await request?.json()).toEqual({ email: 'a@example.com' })
})

test('a reference goes with the code it was read beside', async () => {
  const { asked, client } = answering(() => Response.json({ success: true, message: '', data: {} }))
  const typed = { email: 'a@example.com', otp: '042917', ref: 'K7QX' }
  await client.call('verifyPasswordResetOtp', { body: typed })
  await client.call('verifyStepUp', { token: 't', body: { otp: '042917', ref: 'K7QX' } })
  expect(await asked[0]?.json()).toEqual(typed)
  expect(await asked[1]?.json()).toMatchObject({ ref: 'K7QX' })
})

test('a session token goes in the header, a part of the path in the path, escaped', async () => {
  const { asked, client } = answering(() => Response.json({ success: true, message: '', data: {} }))
  await client.call('endSession', { token: 't', path: { id: 'a/../b' } })
  expect(asked[0]?.url).toBe('https://api.example.com/api/auth/sessions/a%2F..%2Fb')
  expect(asked[0]?.method).toBe('DELETE')
  expect(asked[0]?.headers.get('authorization')).toBe('Bearer t')
  expect(await asked[0]?.text()).toBe('')
})

test('a refusal is a value: code, details, time to wait, request', async () => {
  const details = [{ field: 'newPassword', message: 'must have 12 to 128 characters' }]
  const error = { code: 'PASSWORD_WEAK', message: 'No.', details }
  const { client } = answering(() => refused(400, error))
  expect(await client.call('login', { body: { identifier: 'a', password: 'b' } })).toEqual({
    ok: false,
    code: 'PASSWORD_WEAK',
    message: 'No.',
    details,
    retryAfterSeconds: undefined,
    requestId: 'r-1',
  })
})

test('the time to wait comes from the body, else from the header', async () => {
  const { client: body } = answering(() => refused(429, { code: 'RATE_LIMITED', retryAfterSeconds: 7 }))
  expect(await body.call('health', {})).toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: 7 })
  const { client: header } = answering(() => refused(429, { code: 'RATE_LIMITED' }, { 'Retry-After': '9' }))
  expect(await header.call('health', {})).toMatchObject({ retryAfterSeconds: 9 })
})

test.each([
  [502, '<html>Bad gateway</html>', 'UNAVAILABLE'],
  [429, 'slow down', 'RATE_LIMITED'],
  [200, 'null', 'UNAVAILABLE'],
  [200, '{"success":true}', 'UNAVAILABLE'],
])('what no service of ours wrote (%i %s) is %s', async (status, text, code) => {
  const { client } = answering(() => new Response(text, { status }))
  expect(await client.call('health', {})).toMatchObject({ ok: false, code })
})

test('without a connection a call is OFFLINE, not an exception', async () => {
  const { client } = answering(() => Promise.reject(new TypeError('fetch failed')))
  expect(await client.call('health', {})).toMatchObject({ ok: false, code: 'OFFLINE' })
})

/** Answers only to being given up. */
const silent = (_: unknown, init?: RequestInit) =>
  new Promise<Response>((_resolve, reject) => {
    init?.signal?.addEventListener('abort', () => reject(init.signal?.reason))
  })

test('a call that is never answered is TIMED_OUT', async () => {
  const client = createClient({ fetch: silent, timeoutMs: 1 })
  expect(await client.call('health', {})).toMatchObject({ ok: false, code: 'TIMED_OUT' })
})

test('a call that its caller gave up before rejects with the reason', async () => {
  const caller = new AbortController()
  caller.abort(new Error('left'))
  const { asked, client } = answering(() => Response.json({}))
  await expect(client.call('health', { signal: caller.signal })).rejects.toThrow('left')
  expect(asked).toEqual([])
})

test('a call that its caller gives up while it runs rejects with the reason', async () => {
  const caller = new AbortController()
  const call = createClient({ fetch: silent }).call('health', { signal: caller.signal })
  caller.abort(new Error('left'))
  await expect(call).rejects.toThrow('left')
})

describe('without AbortSignal.any, as in Firefox 113', () => {
  beforeEach(() => {
    vi.stubGlobal('AbortSignal', Object.assign(Object.create(AbortSignal), { any: undefined }))
  })
  afterEach(() => vi.unstubAllGlobals())
  const signal = new AbortController().signal

  test('a call is answered', async () => {
    const { client } = answering(() => Response.json({ success: true, data: {} }))
    expect(await client.call('health', { signal })).toMatchObject({ ok: true })
  })

  test('a call that is never answered is TIMED_OUT', async () => {
    const client = createClient({ fetch: silent, timeoutMs: 1 })
    expect(await client.call('health', { signal })).toMatchObject({ code: 'TIMED_OUT' })
  })
})

test('nothing is left of a call that was answered: no timer, no listener', async () => {
  const { signal } = new AbortController()
  const [add, remove] = [vi.spyOn(signal, 'addEventListener'), vi.spyOn(signal, 'removeEventListener')]
  vi.useFakeTimers()
  const send = async () => Response.json({ success: true, data: {} })
  await createClient({ fetch: send }).call('health', { signal })
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
  expect(remove.mock.calls).toEqual(add.mock.calls)
})

test('it needs fetch, timers and AbortController of where it runs, and nothing else: a phone has those', async () => {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('../../web/client.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'latchkey',
    logLevel: 'silent',
  })
  const fetch = async () => Response.json({ success: true, message: '', data: { flowId: 'f' } })
  const phone = createContext({ fetch, setTimeout, clearTimeout, AbortController })
  runInContext(outputFiles[0]?.text ?? '', phone)
  const call = `latchkey.createClient({ origin: 'https://api.example.com' }).call('forgotPassword', { body: { email: 'a@example.com' } })`
  expect(await runInContext(call, phone)).toMatchObject({ ok: true, data: { flowId: 'f' } })
})
