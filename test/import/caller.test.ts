/** Whose credentials these are, by a request to STS that the SDK signs. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test, vi } from 'vitest'
import { callerOf } from '../../cli/caller.ts'

afterEach(() => vi.unstubAllEnvs())

const arn = 'arn:aws:sts::111122223333:assumed-role/latchkey-prod-operator/ana'

/** A stand-in for STS. */
async function withSts(status: number, body: string, ask: () => Promise<void>) {
  const seen: { authorization?: string; body?: string } = {}
  const server = createServer(async (request, response) => {
    seen.authorization = request.headers.authorization ?? ''
    seen.body = (await request.toArray()).join('')
    response.writeHead(status, { 'content-type': 'text/xml' }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  vi.stubEnv('AWS_ENDPOINT_URL_STS', `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  vi.stubEnv('AWS_REGION', 'eu-central-1')
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'example')
  vi.stubEnv('AWS_SESSION_TOKEN', '')
  try {
    await ask()
  } finally {
    server.close()
  }
  return seen
}

test('the ARN is what STS says of the credentials that the other calls use', async () => {
  const xml = `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>${arn}</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>`
  const seen = await withSts(200, xml, async () => expect(await callerOf(false)).toBe(arn))
  expect(seen.body).toBe('Action=GetCallerIdentity&Version=2011-06-15')
  expect(seen.authorization).toMatch(
    /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-central-1\/sts\/aws4_request, SignedHeaders=[a-z;-]*host/,
  )
})

test('what STS refuses is told in its own words', async () => {
  const xml =
    '<ErrorResponse><Error><Code>ExpiredToken</Code><Message>The security token is expired</Message></Error></ErrorResponse>'
  await withSts(403, xml, () =>
    expect(callerOf(false)).rejects.toThrow(
      'AWS does not say whose credentials these are: The security token is expired',
    ),
  )
})

test('on a local stack nobody is asked', async () => {
  expect(await callerOf(true)).toBe('local')
})
