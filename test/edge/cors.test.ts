/** Browsers of other origins: those that the deployer names, and no others. */
import { expect, test } from 'vitest'
import { crossOriginHeaders } from '#shared/edge/headers.ts'
import { useWorld } from '#test/support/use-world.ts'

const app = 'https://app.example.com'
const other = 'https://m.example.com'
const world = useWorld({ settings: { ALLOWED_ORIGINS: `${app},${other}` } })

const login = (origin?: string) =>
  world.post('/api/auth/login', '{}', origin === undefined ? {} : { headers: { origin } })

test.each([app, other])('%s may read every reply, also a refusal', async (origin) => {
  const replies = [
    await login(origin),
    await world.get('/health', { headers: { origin } }),
    await world.get('/nothing', { headers: { origin } }),
    await world.get('/api/auth/login', { headers: { origin } }),
  ]
  expect(replies.map(({ status }) => status)).toEqual([400, 200, 404, 405])
  for (const { headers } of replies) {
    expect(headers.get('access-control-allow-origin')).toBe(origin)
    expect(headers.get('vary')).toBe('Origin')
    expect(headers.get('access-control-expose-headers')).toContain('Retry-After')
    expect(headers.has('access-control-allow-credentials')).toBe(false)
  }
})

test.each([
  'https://evil.example',
  'http://app.example.com',
  `${app}.evil.example`,
  `${app}:8443`,
  'null',
  '*',
  undefined,
])('%s may not, and caches are told that it depends', async (origin) => {
  const { headers } = await login(origin)
  expect(headers.has('access-control-allow-origin')).toBe(false)
  expect(headers.get('vary')).toBe('Origin')
})

test('a preflight is answered with what is allowed, without a function', async () => {
  const reply = await fetch(`${world.url}/api/auth/login`, {
    method: 'OPTIONS',
    headers: { origin: app, 'access-control-request-method': 'POST' },
  })
  expect(reply.status).toBe(204)
  expect(reply.headers.get('access-control-allow-origin')).toBe(app)
  expect(reply.headers.get('access-control-allow-methods')).toContain('POST')
  expect(reply.headers.get('access-control-allow-headers')).toMatch(/Authorization.*Content-Type/)
  expect(await reply.text()).toBe('')
})

test('a page under test may name its address to the local stack, and to nothing that is deployed', async () => {
  const header = 'x-latchkey-source-ip'
  const preflight = (origin: string) =>
    fetch(`${world.url}/api/auth/login`, { method: 'OPTIONS', headers: { origin, [header]: '203.0.113.9' } })
  expect((await preflight(app)).headers.get('access-control-allow-headers')).toContain(header)
  expect((await preflight('https://evil.example')).headers.has('access-control-allow-headers')).toBe(false)
  expect(crossOriginHeaders['Access-Control-Allow-Headers']).not.toContain(header)
})
