/** The gateway's own answers, with fake functions behind it. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { APIGatewayProxyEvent } from 'aws-lambda'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createDispatch } from '#local/gateway/dispatch.ts'
import { type GatewayServer, startServer } from '#local/gateway/server.ts'
import { Throttle } from '#local/gateway/throttle.ts'
import { securityHeaders } from '#shared/edge/headers.ts'

const json = { 'content-type': 'application/json' }
const login = '/api/auth/login'
const events: APIGatewayProxyEvent[] = []
const replied: string[] = []
const problems: string[] = []
const throttle = new Throttle(false)
let server: GatewayServer
let sourceIp: string | undefined

const answers = (event: APIGatewayProxyEvent) => {
  events.push(event)
  return Promise.resolve({ statusCode: 200, headers: { 'x-from': 'step' }, body: '{"success":true}' })
}

beforeAll(async () => {
  const dispatch = createDispatch({
    steps: {
      login: answers,
      health: answers,
      'put-identity': answers,
      'end-session': answers,
      'read-ledger': answers,
      'set-pin': () => Promise.reject(new Error('crash')),
      'verify-pin': () => new Promise(() => undefined),
      logout: () => Promise.resolve('no response'),
    } as never,
    throttle,
    allowedOrigins: ['https://app.example.com'],
    replied: (requestId) => replied.push(requestId),
    report: () => undefined,
    stepTimeoutMs: 50,
  })
  server = await startServer({
    port: 0,
    sourceIp: (address) => sourceIp ?? address,
    answer: (request) =>
      request.target === '/defect' ? Promise.reject(new TypeError('x')) : dispatch(request),
    report: (problem) => problems.push(problem),
  })
})
afterAll(() => server.close())
beforeEach(() => {
  events.length = 0
  problems.length = 0
  sourceIp = undefined
  throttle.enabled = false
})

const call = (method: string, path: string, init: RequestInit = {}) =>
  fetch(server.url + path, { method, ...init })

async function errorOf(response: Response) {
  const body = (await response.json()) as { success: boolean; error: { code: string }; requestId: string }
  expect(body.success).toBe(false)
  expect(body.requestId).toBe(response.headers.get('x-request-id'))
  for (const [name, value] of Object.entries(securityHeaders)) expect(response.headers.get(name)).toBe(value)
  return body.error
}

/** Sends bytes as they are, and reads the reply, which is whole once its body is as long as it says. */
function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1', () => socket.write(text))
    let reply = ''
    socket.on('data', (chunk) => {
      reply += chunk.toString()
      const [head = '', body = ''] = reply.split('\r\n\r\n')
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1])
      if (body.length >= length) socket.destroy()
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(reply))
  })
}

describe('what the gateway answers by itself, in the envelope', () => {
  test.each([
    '/nothing',
    '/api/auth/login/',
    '//api/auth/login',
    '/api/auth/sessions/',
    '/api/%61uth/login',
    '/constructor',
  ])('an unknown path is NOT_FOUND: %s', async (path) => {
    const response = await call('POST', path, { headers: json, body: '{}' })
    expect(response.status).toBe(404)
    expect((await errorOf(response)).code).toBe('NOT_FOUND')
  })

  test('a path parameter that cannot be decoded is NOT_FOUND, and no function runs', async () => {
    const reply = await raw('GET /admin/identities/%zz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    expect(reply).toMatch(/^HTTP\/1.1 404 /)
    expect(events).toEqual([])
  })

  test.each(['GET', 'PUT', 'DELETE', 'PATCH'])(
    'a method that a path does not take is named: %s',
    async (method) => {
      const response = await call(method, login)
      expect(response.status).toBe(405)
      expect(response.headers.get('allow')).toBe('POST, OPTIONS')
      expect((await errorOf(response)).code).toBe('METHOD_NOT_ALLOWED')
    },
  )

  test.each(['HEAD', 'TRACE', 'PROPFIND', 'CONNECT', 'BREW'])(
    'an odd method gets 405: %s',
    async (method) => {
      const reply = await raw(`${method} /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)
      expect(reply).toMatch(/^HTTP\/1.1 405 /)
      expect(reply).toMatch(/\r\nAllow: GET, OPTIONS\r\n/)
      expect(reply).toMatch(/\r\nx-request-id: /)
      expect(events).toEqual([])
    },
  )

  test.each([
    ['Host: rebound.example', 403],
    ['Host: rebound.example:3000', 403],
    ['Host: 127.0.0.1.rebound.example', 403],
    ['Host: localhost\r\nOrigin: https://page.example', 403],
    ['Host: localhost\r\nOrigin: null', 403],
    ['Host: localhost:3000\r\nOrigin: http://localhost:5173', 200],
    ['Host: [::1]:3000', 200],
    ['Host: 127.0.0.1', 200],
  ])('an admin route answers no page of another host: %s', async (headers, status) => {
    const line = 'GET /admin/identities/u-1/ledger HTTP/1.1'
    const reply = await raw(`${line}\r\n${headers}\r\nConnection: close\r\n\r\n`)
    expect(reply).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(events).toHaveLength(status === 200 ? 1 : 0)
  })

  test('a public route takes any host and origin: they are nothing to it', async () => {
    const reply = await raw(
      'GET /health HTTP/1.1\r\nHost: rebound.example\r\nOrigin: https://page.example\r\nConnection: close\r\n\r\n',
    )
    expect(reply).toMatch(/^HTTP\/1.1 200 /)
  })

  test('a path that takes several methods names them all', async () => {
    const response = await call('POST', '/admin/identities/u-1', { headers: json, body: '{}' })
    expect(response.headers.get('allow')).toBe('PUT, GET, DELETE, OPTIONS')
  })

  test.each([undefined, 'text/plain', 'application/jsonp'])('a body of type %s is refused', async (type) => {
    const body = new Blob(['{}'])
    const response = await call('POST', login, {
      body,
      headers: type === undefined ? {} : { 'content-type': type },
    })
    expect(response.status).toBe(415)
    expect((await errorOf(response)).code).toBe('UNSUPPORTED_MEDIA_TYPE')
    expect(events).toEqual([])
  })

  test('what is no HTTP gets a 400 in the envelope', async () => {
    const reply = await raw('hello\r\n\r\n')
    const headers = `GET /health HTTP/1.1\r\nHost: a\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`
    expect(reply).toMatch(/^HTTP\/1.1 400 /)
    expect(reply).toContain('"code":"VALIDATION_FAILED"')
    expect(await raw(headers)).toMatch(/^HTTP\/1.1 400 /)
  })
})

describe('bodies above 10 KB', () => {
  const limit = 10 * 1024

  test('the limit itself passes, one byte more is refused', async () => {
    const passes = await call('POST', login, { headers: json, body: 'x'.repeat(limit) })
    expect(passes.status).toBe(200)
    const refused = await call('POST', login, { headers: json, body: 'x'.repeat(limit + 1) })
    expect(refused.status).toBe(413)
    expect((await errorOf(refused)).code).toBe('BODY_TOO_LARGE')
    expect(events).toHaveLength(1)
  })

  test('a body of megabytes gets its reply, whatever the path', async () => {
    for (const path of [login, '/nothing']) {
      const response = await call('POST', path, { headers: json, body: 'x'.repeat(5_000_000) })
      expect((await errorOf(response)).code).toBe('BODY_TOO_LARGE')
    }
  })

  test('a body that does not say how long it is, is refused as it passes the limit, without its end', async () => {
    const chunk = `${(8000).toString(16)}\r\n${'x'.repeat(8000)}\r\n`
    const head = `POST ${login} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`
    expect(await raw(head + chunk + chunk)).toMatch(/^HTTP\/1.1 413 /)
  })

  test('a client that sends for longer than a second can send all of it, and then reads its reply', async () => {
    const part = 'x'.repeat(100_000)
    const head = `POST ${login} HTTP/1.1\r\nHost: a\r\nContent-Length: ${3 * part.length}\r\n\r\n`
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1').pause()
    const closed = once(socket, 'close')
    let reply = ''
    socket.on('data', (chunk) => {
      reply += chunk.toString()
    })
    // A connection that is gone shows only in the write after the next.
    for (const [text, waitMs] of [
      [head + part, 1200],
      [part, 50],
      [part, 0],
    ] as const) {
      await new Promise((written) => socket.write(text, written))
      await sleep(waitMs)
    }
    socket.resume()
    await closed
    expect(reply).toMatch(/^HTTP\/1.1 413 /)
  })

  test('a client that asks first is refused before it sends', async () => {
    const head = `POST ${login} HTTP/1.1\r\nHost: a\r\nContent-Length: 2000000\r\nExpect: 100-continue\r\n\r\n`
    expect(await raw(head)).toMatch(/^HTTP\/1.1 413 /)
  })
})

describe('functions', () => {
  test('the reply of a function goes out as it is, with the request id', async () => {
    const response = await call('POST', login, { headers: json, body: '{}' })
    expect(response.headers.get('x-from')).toBe('step')
    const requestId = events[0]?.requestContext.requestId
    expect(response.headers.get('x-request-id')).toBe(requestId)
    expect(replied).toContain(requestId)
  })

  test.each([
    ['crashes', '/api/pin/set'],
    ['takes too long', '/api/pin/verify'],
    ['returns no response', '/api/auth/logout'],
    ['is not there', '/api/consent'],
  ])('a function that %s is UNAVAILABLE, with Retry-After', async (_what, path) => {
    const response = await call('POST', path, { headers: json, body: '{}' })
    expect(response.status).toBe(503)
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
    expect((await errorOf(response)).code).toBe('UNAVAILABLE')
  })

  test('the event is that of a REST API proxy', async () => {
    await raw(
      'GET /admin/identities/a%20b%2Fc/ledger?cursor=1&cursor=2&x=%20 HTTP/1.1\r\nHost: localhost\r\nX-Two: 1\r\nX-Two: 2\r\n' +
        'User-Agent: test\r\nConnection: close\r\n\r\n',
    )
    expect(events[0]).toMatchObject({
      resource: '/admin/identities/{userId}/ledger',
      path: '/admin/identities/a%20b%2Fc/ledger',
      httpMethod: 'GET',
      pathParameters: { userId: 'a b/c' },
      queryStringParameters: { cursor: '2', x: ' ' },
      multiValueQueryStringParameters: { cursor: ['1', '2'], x: [' '] },
      headers: { 'X-Two': '2' },
      multiValueHeaders: { 'X-Two': ['1', '2'] },
      body: null,
      isBase64Encoded: false,
      requestContext: {
        resourcePath: '/admin/identities/{userId}/ledger',
        identity: {
          sourceIp: '127.0.0.1',
          userAgent: 'test',
          userArn: 'arn:aws:iam::000000000000:user/local',
        },
      },
    })
  })

  test('what a client claims about itself is no fact: address, host, request id, ARN', async () => {
    sourceIp = '203.0.113.7'
    const claims = {
      forwarded: 'for=1.2.3.4',
      'x-forwarded-for': '1.2.3.4',
      'x-request-id': 'chosen',
      'x-amzn-requestid': 'chosen',
    }
    const response = await call('POST', login, { headers: { ...json, ...claims }, body: '{}' })
    expect(events[0]?.requestContext.identity.sourceIp).toBe('203.0.113.7')
    expect(events[0]?.requestContext.identity.userArn).toBeNull()
    // API Gateway believes this one, and the functions do not.
    expect(events[0]?.requestContext.requestId).toBe('chosen')
    expect(events[0]?.requestContext.extendedRequestId).not.toBe('chosen')
    expect(response.headers.get('x-request-id')).not.toBe('chosen')
  })

  test('bytes that are no text arrive as the bytes they are', async () => {
    await call('POST', login, { headers: json, body: new Uint8Array([0x22, 0xff, 0x22]) })
    expect(events[0]).toMatchObject({ isBase64Encoded: true, body: 'Iv8i' })
  })
})

describe('other origins', () => {
  test('a named origin may ask first, on each route', async () => {
    const response = await call('OPTIONS', login, { headers: { origin: 'https://app.example.com' } })
    expect(response.status).toBe(204)
    expect(response.headers.get('access-control-allow-origin')).toBe('https://app.example.com')
    expect(response.headers.get('access-control-allow-methods')).toContain('POST')
    expect(response.headers.get('x-request-id')).toBeTruthy()
  })

  test("a named origin can read the gateway's refusals; another one gets no leave", async () => {
    const named = await call('POST', '/nothing', { headers: { origin: 'https://app.example.com' } })
    expect(named.headers.get('access-control-allow-origin')).toBe('https://app.example.com')
    const other = await call('OPTIONS', login, { headers: { origin: 'https://other.example.com' } })
    expect(other.headers.get('access-control-allow-origin')).toBeNull()
  })
})

test('a defect of the stack itself is an answer too, and is told to whoever runs it', async () => {
  const response = await call('GET', '/defect')
  expect(response.status).toBe(503)
  expect((await errorOf(response)).code).toBe('UNAVAILABLE')
  expect(problems).toEqual([expect.stringMatching(/^gateway: TypeError at /)])
})
