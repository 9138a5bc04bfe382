/** The examples' own lines, over a real server and the local stack: the frameworks themselves are not needed for that. */
import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { useWorld } from '#test/support/use-world.ts'
import { type Guarded, guarded as withExpress } from '../../examples/express/guarded.ts'
import { guarded as withHono } from '../../examples/hono/guarded.ts'
import { type Check, type GuardedSession, guard, type Need } from '../../guard/guard.ts'

const needsOf = (url: string | undefined): Need[] => (url === '/transfers' ? ['POSSESSION', 'PIN'] : [])

/** As Express runs a middleware before a handler. */
const expressStyle =
  (check: Check): RequestListener =>
  (request: Guarded, response) => {
    const next = (error?: unknown) => {
      response.writeHead(error === undefined ? 200 : 500, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ userId: request.latchkey?.userId }))
    }
    void withExpress(check, ...needsOf(request.url))(request, response, next)
  }

/** As Hono hands a web-standard request through its middleware, and its answer back. */
const honoStyle =
  (check: Check): RequestListener =>
  async (incoming, outgoing) => {
    const headers = Object.entries(incoming.headers).map(([name, value]): [string, string] => [
      name,
      `${value}`,
    ])
    const raw = new Request(new URL(incoming.url ?? '/', 'http://api.invalid'), {
      method: incoming.method ?? 'GET',
      headers,
    })
    let session: GuardedSession | undefined
    const context = {
      req: { raw },
      set: (_name: 'session', given: GuardedSession) => {
        session = given
      },
    }
    const refused = await withHono(check, ...needsOf(incoming.url))(context, async () => undefined)
    const answer = refused ?? Response.json({ userId: session?.userId })
    outgoing.writeHead(answer.status, Object.fromEntries(answer.headers))
    outgoing.end(await answer.text())
  }

const world = useWorld()
const servers: Server[] = []
const urls: Record<string, string> = {}
beforeAll(async () => {
  const check = guard({ url: world.url })
  for (const [name, listener] of Object.entries({ express: expressStyle(check), hono: honoStyle(check) })) {
    const server = createServer(listener).listen(0, '127.0.0.1')
    await once(server, 'listening')
    servers.push(server)
    urls[name] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }
})
afterAll(async () => {
  for (const server of servers) server.close()
})

afterEach(() => vi.unstubAllGlobals())

interface Answer {
  readonly userId?: string
  readonly error?: { readonly code: string }
}
async function ask(style: string, path: string, token?: string, method = 'GET'): Promise<string> {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const reply = await fetch(`${urls[style]}${path}`, { method, headers })
  const { userId, error } = (await reply.json()) as Answer
  return `${reply.status} ${error?.code ?? userId}`
}
async function made(userId: string, session: readonly string[]) {
  const body = { userId, email: `${userId}@example.com`, password: 'a', pin: '482915', session }
  return (await world.post<{ token: string }>('/_local/identities', body)).body.token
}

describe.each(['express', 'hono'])('in the style of %s', (style) => {
  test('a session goes through to what it needs nothing more for', async () => {
    const token = await made(`${style}-plain`, [])
    expect(await ask(style, '/account', token)).toBe(`200 ${style}-plain`)
    expect(await ask(style, '/transfers', token, 'POST')).toBe('403 SECOND_FACTOR_REQUIRED')
  })

  test('with possession and PIN it goes through to all, until they are over', async () => {
    const token = await made(`${style}-proved`, ['POSSESSION', 'PIN'])
    expect(await ask(style, '/transfers', token, 'POST')).toBe(`200 ${style}-proved`)
    await world.advance(5 * 60)
    expect(await ask(style, '/transfers', token, 'POST')).toBe('403 SECOND_FACTOR_REQUIRED')
    expect(await ask(style, '/account', token)).toBe(`200 ${style}-proved`)
  })

  test('nobody does without a session where the server has a Response of its own, as Hono’s has', async () => {
    const Native = globalThis.Response
    vi.stubGlobal('Response', class extends Native {})
    expect(Response.json({}) instanceof Response).toBe(false)
    expect(await ask(style, '/account')).toBe('401 SESSION_INVALID')
    expect(await ask(style, '/transfers', 'a.b.c', 'POST')).toBe('401 SESSION_INVALID')
  })

  test('nobody else does', async () => {
    expect(await ask(style, '/account')).toBe('401 SESSION_INVALID')
    expect(await ask(style, '/account', 'a.b.c')).toBe('401 SESSION_INVALID')
    const token = await made(`${style}-gone`, ['POSSESSION', 'PIN'])
    await world.put(`/admin/identities/${style}-gone`, { status: 'suspended' })
    expect(await ask(style, '/account', token)).toBe('401 SESSION_INVALID')
  })
})
