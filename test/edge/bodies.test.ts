/** Bodies as clients, proxies and attackers send them. */
import type { APIGatewayProxyEvent } from 'aws-lambda'
import { expect, test } from 'vitest'
import { routeOf } from '#shared/contract/routes.ts'
import { readBody } from '#shared/edge/body.ts'
import { answerOf, signIn } from '#test/support/sessions.ts'
import { itemsOf } from '#test/support/sessions-stored.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp } from '#test/support/world.ts'

const world = useWorld()

const login = '/api/auth/login'
const good = JSON.stringify({ identifier: 'nobody@example.com', password: 'password123' })
const post = (body: string, contentType = 'application/json') =>
  world.post(login, body, { ip: newIp(), headers: { 'content-type': contentType } })

test.each([
  'application/json',
  'application/json; charset=utf-8',
  'application/json;charset=UTF-8',
  'APPLICATION/JSON',
  ' application/json ',
])('%j is JSON', async (type) => {
  expect(answerOf(await post(good, type))).toBe('401 CREDENTIALS_INVALID')
})

test.each([
  'text/plain',
  'application/jsonp',
  'application/x-www-form-urlencoded',
  'text/json',
  'json',
  ',application/json',
  '\u00a0application/json',
  'application/json\u00a0',
  'application /json',
])('%j is UNSUPPORTED_MEDIA_TYPE, so that no form of another site gets in', async (type) => {
  expect(answerOf(await post(good, type))).toBe('415 UNSUPPORTED_MEDIA_TYPE')
})

test('a body without a content type is UNSUPPORTED_MEDIA_TYPE, an optional one that is absent needs none', async () => {
  const reply = await fetch(world.url + login, { method: 'POST', body: Buffer.from(good) })
  expect(reply.status).toBe(415)
  const token = await signIn(world, await world.identity())
  const headers = { authorization: `Bearer ${token}` }
  expect((await fetch(`${world.url}/api/auth/logout`, { method: 'POST', headers })).status).toBe(200)
})

test.each([
  '',
  ' ',
  '{',
  '{}}',
  '{"identifier":}',
  "{'identifier':1}",
  '\ufeff{}',
  '{"a":1,}',
  'undefined',
  'NaN',
])('%j is MALFORMED_JSON', async (body) => {
  expect(answerOf(await post(body))).toBe('400 MALFORMED_JSON')
})

test.each(['null', '[]', '"text"', '1', 'true', '{}', `[${good}]`])(
  '%s is JSON, but no such object',
  async (body) => {
    expect(answerOf(await post(body))).toBe('400 VALIDATION_FAILED')
  },
)

test('a field of another type is told which it must be', async () => {
  const { body } = await post(JSON.stringify({ identifier: 7, password: 'x' }))
  expect(body).toMatchObject({
    error: { details: [{ field: 'identifier', message: 'must be of type string' }] },
  })
})

test('a byte order mark is no JSON, whether the gateway gives a body as text or in base64', async () => {
  const marked = `\ufeff${good}`
  expect(answerOf(await post(marked))).toBe('400 MALFORMED_JSON')
  const route = routeOf('login')
  const event = { headers: {}, body: Buffer.from(marked).toString('base64'), isBase64Encoded: true }
  expect(readBody(event as unknown as APIGatewayProxyEvent, route)).toMatchObject({
    refused: { status: 400, code: 'MALFORMED_JSON' },
  })
})

test('bytes that are no UTF-8 are MALFORMED_JSON', async () => {
  const bytes = Buffer.concat([Buffer.from('{"identifier":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')])
  const headers = { 'content-type': 'application/json' }
  const reply = await fetch(world.url + login, { method: 'POST', headers, body: bytes })
  expect(reply.status).toBe(400)
  expect(await reply.json()).toMatchObject({ error: { code: 'MALFORMED_JSON' } })
})

test('10 KB is the limit, in bytes and not in characters', async () => {
  const padded = (bytes: number, filler: string) => {
    const room = bytes - Buffer.byteLength('{"a":""}')
    return `{"a":"${filler.repeat(Math.floor(room / Buffer.byteLength(filler)))}${' '.repeat(room % Buffer.byteLength(filler))}"}`
  }
  for (const filler of ['x', 'é', '😀']) {
    expect(answerOf(await post(padded(10_240, filler)))).toBe('400 VALIDATION_FAILED')
    expect(answerOf(await post(padded(10_241, filler)))).toBe('413 BODY_TOO_LARGE')
  }
})

test.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'])(
  'the key %s is unknown like any other, and changes no object',
  async (key) => {
    const body = `{"${key}":{"mfaEnabled":true,"status":"active"},${good.slice(1)}`
    const reply = await post(body)
    expect(answerOf(reply)).toBe('400 VALIDATION_FAILED')
    expect(({} as Record<string, unknown>)['mfaEnabled']).toBeUndefined()
    const device = await post(`{"device":{"${key}":{"a":1}},${good.slice(1)}`)
    expect(answerOf(device)).toBe('400 VALIDATION_FAILED')
  },
)

test('10 KB of nesting is refused like any other wrong value', async () => {
  const arrays = `${'['.repeat(5000)}${']'.repeat(5000)}`
  const objects = `${'{"a":'.repeat(1500)}1${'}'.repeat(1500)}`
  for (const nested of [arrays, objects]) {
    expect(answerOf(await post(nested))).toBe('400 VALIDATION_FAILED')
    expect(answerOf(await post(`{"identifier":${nested},"password":"x"}`))).toBe('400 VALIDATION_FAILED')
    expect(answerOf(await post(`{"device":${nested},${good.slice(1)}`))).toBe('400 VALIDATION_FAILED')
  }
})

test('a thousand unknown keys get a bounded list of details', async () => {
  const keys = Array.from({ length: 1000 }, (_, index) => `"k${index}":1`)
  const reply = await post(`{${keys.join(',')}}`)
  expect(answerOf(reply)).toBe('400 VALIDATION_FAILED')
  expect(reply.body.error.details.length).toBeLessThanOrEqual(20)
})

test.each(['\\ud800', '\\udc00x', 'a\\ud83d', '\\u0000', '\\u001b[31m', '\\u0085'])(
  'no field takes a lone surrogate or a control character: %s',
  async (text) => {
    const before = await itemsOf('outbox')
    const token = await signIn(world, await world.identity())
    await world.idle()
    const replies = [
      await post(`{"identifier":"${text}@example.com","password":"x"}`),
      await post(`{"identifier":"a@example.com","password":"${text}"}`),
      await post(`{"device":{"model":"${text}"},${good.slice(1)}`),
      await world.post('/api/consent', `{"document":"${text}","version":"1"}`, { token }),
      await world.post('/api/auth/login/verify', `{"challengeId":"${text}","otp":"123456"}`),
      await world.put('/admin/identities/u-text', `{"passwordHash":"${text}"}`),
    ]
    expect(replies.map(answerOf)).toEqual(replies.map(() => '400 VALIDATION_FAILED'))
    expect(await itemsOf('outbox')).toEqual(before)
  },
)

test('of a key that comes twice the last one counts, as JSON.parse has it', async () => {
  const identity = await world.identity()
  const twice = `{"identifier":"nobody@example.com","identifier":"${identity.email}","password":"${identity.password}"}`
  expect(answerOf(await post(twice))).toBe('200')
})
