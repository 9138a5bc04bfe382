/** G12: what a client may claim in headers is not believed: where it is, who it is, which host it reached. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { tally } from '#test/support/race.ts'
import { passwordEmailBasic } from '#test/support/recovery.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp } from '#test/support/world.ts'

const world = useWorld()

const claims = (index: number) => ({
  'x-forwarded-for': `198.51.100.${index}`,
  'x-real-ip': `198.51.100.${index}`,
  forwarded: `for=198.51.100.${index};host=evil.example`,
  'cf-connecting-ip': `198.51.100.${index}`,
  'x-forwarded-host': 'evil.example',
  'x-forwarded-proto': 'http',
  'x-request-id': `chosen-${index}`,
})

test('addresses claimed in headers give no budget of their own', async () => {
  const ip = newIp()
  const replies = []
  for (let index = 0; index < 8; index += 1) {
    const body = { email: `claims-${index}@example.net` }
    replies.push(await world.post(passwordEmailBasic.request, body, { ip, headers: claims(index) }))
  }
  expect(tally(replies)).toEqual({ OK: 3, RATE_LIMITED: 5 })
  for (const reply of replies) expect(reply.headers.get('x-request-id')).not.toMatch(/^chosen/)
})

test('a host claimed in headers is in no message', async () => {
  const person = await world.identity()
  const headers = claims(9)
  await world.post(passwordEmailBasic.request, { email: person.email }, { ip: newIp(), headers })
  await world.post('/api/pin/reset/request', { phone: person.phone }, { headers })
  await world.idle()
  const sent = [...world.messages(person.email), ...world.messages(person.phone)]
  expect(sent).toHaveLength(2)
  expect(JSON.stringify(sent)).not.toContain('evil')
})

test('the address that a request names for itself is the local gateway’s alone: no function is shown it', async () => {
  const { createDispatch } = await import('#local/gateway/dispatch.ts')
  const { fromNamedSource } = await import('#local/gateway/source.ts')
  const { Throttle } = await import('#local/gateway/throttle.ts')
  const seen: unknown[] = []
  const dispatch = createDispatch({
    steps: {
      health: async (event) => {
        seen.push(event)
        return { statusCode: 200, headers: {}, body: '{}' }
      },
    },
    throttle: new Throttle(false),
    allowedOrigins: [],
    replied: () => undefined,
    report: () => undefined,
  })
  const named = [['X-Latchkey-Source-IP', '203.0.113.9']] as const
  const asked = { method: 'GET', target: '/health', body: Buffer.from(''), sourceIp: '127.0.0.1' }
  const request = fromNamedSource({ ...asked, headers: named })
  if (request === undefined) throw new Error('refused')
  await dispatch(request)
  expect(seen).toMatchObject([{ requestContext: { identity: { sourceIp: '203.0.113.9' } } }])
  expect(JSON.stringify(seen)).not.toMatch(/x-latchkey/i)
})

test('no line of the deployed code reads the headers that a client may set to lie', () => {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const files = ['functions', 'shared'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(root, folder, name)),
  )
  expect(files.length).toBeGreaterThan(80)
  const lies = /['"`](x-forwarded-[a-z]+|forwarded|x-real-ip|host|cf-connecting-ip|x-latchkey-[a-z-]+)['"`]/i
  expect(files.filter((file) => lies.test(readFileSync(file, 'utf8')))).toEqual([])
})
