/** A bug in a step: the client and the log learn that there was one, and nothing else. */
import type { APIGatewayProxyEvent } from 'aws-lambda'
import { expect, test, vi } from 'vitest'
import { edge } from '#shared/edge/edge.ts'
import { useWorld } from '#test/support/use-world.ts'

useWorld()

const secret = 'hunter2-482915'

/** Runs a step that fails. @returns its response and all that was logged meanwhile. */
async function failing(error: unknown) {
  const written: string[] = []
  const take = (chunk: unknown) => {
    written.push(String(chunk))
    return true
  }
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(take),
    vi.spyOn(process.stderr, 'write').mockImplementation(take),
  ]
  const handler = edge('login', () => Promise.reject(error))
  const event = {
    resource: '/api/auth/login',
    httpMethod: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}` },
    body: JSON.stringify({ identifier: 'someone@example.com', password: secret }),
    isBase64Encoded: false,
    requestContext: { requestId: 'r-1', identity: { sourceIp: '192.0.2.7', userAgent: secret } },
  }
  try {
    const response = await handler(event as unknown as APIGatewayProxyEvent, {} as never)
    return { response, log: written.join('') }
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
}

const errors: readonly [string, unknown][] = [
  ['an error with a value in its sentence', new Error(`cannot read ${secret}`)],
  ['an error whose sentence has lines', new Error(`a\n${secret}\n    at ${secret} (file:///a.ts:1:2)`)],
  ['a type error', new TypeError(`${secret} is not a function`)],
  ['an error with a cause', new Error(secret, { cause: new Error(secret) })],
  [
    'an error with fields',
    Object.assign(new Error('x'), { $response: { body: secret }, expose: true, statusCode: 418 }),
  ],
  ['an error that names itself after a value', Object.assign(new Error('x'), { code: secret })],
  ['thrown text', secret],
  ['a thrown object', { statusCode: 200, body: secret }],
  ['nothing', undefined],
]

test.each(errors)('%s becomes UNAVAILABLE, without a word of it', async (_, error) => {
  const { response, log } = await failing(error)
  expect(response.statusCode).toBe(503)
  const body = JSON.parse(response.body) as { error: { code: string }; requestId: string }
  expect(body.error.code).toBe('UNAVAILABLE')
  expect(body.requestId).toBe('r-1')
  expect(response.headers?.['Retry-After']).toBe('1')
  expect(response.body).not.toMatch(/hunter2|at .*\.ts|Error/)
  expect(log).toContain('"status":503')
  expect(log).not.toContain('hunter2')
  expect(log).not.toContain('someone@example.com')
})

test('the log says where it happened', async () => {
  const { log } = await failing(new TypeError(secret))
  expect(log).toContain('"error":"TypeError"')
  expect(log).toContain('leaks.test.ts')
})
