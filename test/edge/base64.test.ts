/** Bodies that a gateway hands over in base64, given to the function as deployed. */
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda'
import { expect, test } from 'vitest'
import { useWorld } from '#test/support/use-world.ts'
import { handler } from '../../functions/login.ts'

const world = useWorld()

async function invoke(event: Partial<APIGatewayProxyEvent>): Promise<APIGatewayProxyResult> {
  const requestContext = { requestId: 'r-1', identity: { sourceIp: '192.0.2.7', userAgent: null } }
  const whole = {
    resource: '/api/auth/login',
    httpMethod: 'POST',
    headers: { 'Content-Type': 'application/json' },
    queryStringParameters: null,
    pathParameters: null,
    isBase64Encoded: true,
    requestContext,
    ...event,
  }
  return handler(whole as unknown as APIGatewayProxyEvent, {} as never)
}
const base64 = (text: string | Buffer) => Buffer.from(text).toString('base64')
const codeOf = ({ body }: APIGatewayProxyResult) =>
  (JSON.parse(body) as { error?: { code: string } }).error?.code

test('JSON in base64 is read as JSON', async () => {
  const { email, password } = await world.identity()
  const reply = await invoke({ body: base64(JSON.stringify({ identifier: email, password })) })
  expect(reply.statusCode).toBe(200)
})

test('the limit is on the bytes, not on their base64', async () => {
  expect(codeOf(await invoke({ body: base64(' '.repeat(10_239)) }))).toBe('MALFORMED_JSON')
  expect(codeOf(await invoke({ body: base64(' '.repeat(10_300)) }))).toBe('BODY_TOO_LARGE')
})

test('bytes that are no UTF-8, and text that is no base64, are MALFORMED_JSON', async () => {
  expect(codeOf(await invoke({ body: base64(Buffer.from([0x7b, 0xff, 0x7d])) }))).toBe('MALFORMED_JSON')
  expect(codeOf(await invoke({ body: '{}' }))).toBe('MALFORMED_JSON')
})

test('an absent body is MALFORMED_JSON where one is needed', async () => {
  expect(codeOf(await invoke({ body: null, isBase64Encoded: false }))).toBe('MALFORMED_JSON')
})

test('a resource or method that is not the function’s own is NOT_FOUND', async () => {
  const body = base64('{}')
  expect(codeOf(await invoke({ body, resource: '/api/auth/login/verify' }))).toBe('NOT_FOUND')
  expect(codeOf(await invoke({ body, httpMethod: 'PUT' }))).toBe('NOT_FOUND')
})
