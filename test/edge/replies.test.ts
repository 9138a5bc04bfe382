/** What every reply has, whichever route and whatever the outcome. */
import { describe, expect, test } from 'vitest'
import { codes } from '#shared/contract/codes.ts'
import { codesOf, type RouteId, routeOf, routes } from '#shared/contract/routes.ts'
import { securityHeaders } from '#shared/edge/headers.ts'
import type { Envelope, Response } from '#test/support/reply.ts'
import { answerOf, signIn } from '#test/support/sessions.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp } from '#test/support/world.ts'

const world = useWorld()

function expectHeaders({ headers }: Response): void {
  for (const [name, value] of Object.entries(securityHeaders)) expect(headers.get(name), name).toBe(value)
  expect(headers.get('content-type')).toBe('application/json; charset=utf-8')
  expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  expect(headers.has('x-powered-by')).toBe(false)
  expect(headers.has('access-control-allow-origin'), 'no origin is allowed by default').toBe(false)
}

function expectRefusal({ status, body, headers }: Response<Envelope>): void {
  expect(body.success).toBe(false)
  expect(Object.keys(body).sort()).toEqual(['error', 'requestId', 'success'])
  const [ownStatus, sentence] = codes[body.error.code]
  expect(status).toBe(ownStatus)
  expect(body.error.message).toBe(sentence)
  expect(body.requestId).toBe(headers.get('x-request-id'))
  const known = ['code', 'message', 'details', 'retryAfterSeconds']
  expect(known).toEqual(expect.arrayContaining(Object.keys(body.error)))
  expect(headers.get('retry-after')).toBe(body.error.retryAfterSeconds?.toString() ?? null)
}

const withBody = (Object.keys(routes) as RouteId[]).filter((id) => routeOf(id).body !== undefined)
const pathOf = (id: RouteId) => routeOf(id).path.replace(/\{\w+\}/, 'u-nobody')
const send = (id: RouteId, body: string, headers: Record<string, string> = {}) =>
  ({
    PUT: () => world.put(pathOf(id), body, { headers }),
    DELETE: () => world.del(pathOf(id), { headers }, body),
    POST: () => world.post(pathOf(id), body, { headers }),
  })[routeOf(id).method as 'PUT' | 'DELETE' | 'POST']()

describe.each(withBody)('%s', (id) => {
  test('a refused body is answered in the envelope, with all headers', async () => {
    const replies = [
      await send(id, '{"unknown":1}'),
      await send(id, '{'),
      await send(id, '{"unknown":1}', { 'content-type': 'text/plain' }),
      await send(id, `{"unknown":"${'x'.repeat(10_300)}"}`),
    ]
    const isSession = routeOf(id).access === 'session'
    const first = isSession
      ? ['401 SESSION_INVALID', '401 SESSION_INVALID']
      : ['400 VALIDATION_FAILED', '400 MALFORMED_JSON']
    expect(replies.map(answerOf)).toEqual([...first, '415 UNSUPPORTED_MEDIA_TYPE', '413 BODY_TOO_LARGE'])
    for (const reply of replies) {
      expectHeaders(reply)
      expectRefusal(reply)
      expect(codesOf(routeOf(id))).toContain(reply.body.error.code)
    }
  })
})

test('a success is in the envelope, with all headers and without a requestId in the body', async () => {
  const token = await signIn(world, await world.identity())
  const { email } = await world.identity()
  const replies = [
    await world.get('/health'),
    await world.get('/api/auth/session', { token }),
    await world.get('/api/auth/sessions', { token }),
    await world.post('/api/auth/forgot-password', { email }, { ip: newIp() }),
    await world.get('/admin/identities/u-nobody/ledger'),
    await world.put('/admin/identities/u-envelope', {}),
  ]
  for (const reply of replies) {
    expectHeaders(reply)
    expect(reply.body.success).toBe(true)
    expect(Object.keys(reply.body).sort()).toEqual(['data', 'message', 'success'])
    expect(reply.headers.has('retry-after')).toBe(false)
  }
})

test('an outage is 503 in the envelope, with Retry-After', async () => {
  await world.post('/_local/faults', { service: 'dynamodb', mode: 'fail-before', count: 100 })
  const reply = await world.post('/api/auth/login', { identifier: 'a@example.com', password: 'x' })
  await world.post('/_local/faults', { count: 0 })
  expect(answerOf(reply)).toBe('503 UNAVAILABLE')
  expectHeaders(reply)
  expectRefusal(reply)
  expect(Number(reply.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
})

test('each request has an id of its own, and the client cannot choose it', async () => {
  const headers = { 'x-request-id': 'chosen', 'x-amzn-requestid': 'chosen', 'x-amzn-trace-id': 'chosen' }
  const ids = []
  for (let index = 0; index < 3; index += 1)
    ids.push((await world.get('/health', { headers })).headers.get('x-request-id'))
  expect(new Set(ids).size).toBe(3)
  expect(ids).not.toContain('chosen')
})
