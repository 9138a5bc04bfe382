/** Random JSON to every route that takes a body: refused as documented, and nothing changes. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { codes } from '#shared/contract/codes.ts'
import { codesOf, type RouteId, routeOf, routes } from '#shared/contract/routes.ts'
import { bodies } from '#shared/contract/schemas.ts'
import { canonical } from '#shared/ledger/canonical.ts'
import { signIn } from '#test/support/sessions.ts'
import { itemsOf } from '#test/support/sessions-stored.ts'
import { createWorld, type World } from '#test/support/world.ts'

let world: World
let token: string
beforeAll(async () => {
  world = await createWorld()
  token = await signIn(world, await world.identity())
  await world.idle()
})
afterAll(() => world.close())

const runs = Number(process.env['LATCHKEY_RANDOM_RUNS'] ?? 25)
const names = [
  'email',
  'identifier',
  'phone',
  'userId',
  'otp',
  'token',
  'pin',
  'password',
  'newPassword',
  'challengeId',
  'flowId',
  'device',
  'document',
  'version',
  'everywhere',
  'passwordHash',
  'mfaEnabled',
  'status',
  'consent',
  '__proto__',
  'constructor',
]
const nearlyRight = fc.constantFrom<unknown>(
  'a@example.com',
  'someone',
  '+201001234567',
  '123456',
  'password123',
  '',
  '\u0000',
  '\ud800',
  ['a@example.com'],
  { model: 'm' },
  null,
  true,
  1e308,
)
const nearMiss = fc.dictionary(fc.constantFrom(...names), nearlyRight, { noNullPrototype: true, maxKeys: 7 })
const text = fc.oneof(
  { weight: 4, arbitrary: nearMiss.map((value) => JSON.stringify(value)) },
  { weight: 2, arbitrary: fc.json() },
  {
    weight: 1,
    arbitrary: fc.string({ unit: 'binary', maxLength: 200 }).map((value) => value.toWellFormed()),
  },
)

/** Whether the route would take it: such a body is no subject of this test. */
function isTaken(id: RouteId, body: string): boolean {
  const { body: bodyId, bodyOptional } = routeOf(id)
  if (bodyId === undefined || (body === '' && bodyOptional)) return true
  try {
    return bodies[bodyId].safeParse(JSON.parse(body)).success
  } catch {
    return false
  }
}

const tables = ['identities', 'challenges', 'sessions', 'outbox'] as const

/** All that is stored, but when a session was last used. */
async function stateOf(): Promise<unknown[]> {
  const items = (await Promise.all(tables.map(itemsOf))).flat()
  return items
    .map(({ lastUsedAt: _, ...item }) => item)
    .sort((a, b) => (canonical(a) < canonical(b) ? -1 : 1))
}

const withBody = (Object.keys(routes) as RouteId[]).filter((id) => routeOf(id).body !== undefined)

describe.each(withBody)('%s', (id) => {
  test('whatever is sent gets a documented refusal and changes nothing', async () => {
    const route = routeOf(id)
    const path = route.path.replace('{userId}', 'u-random')
    const send = route.method === 'PUT' ? world.put : world.post
    const before = await stateOf()
    await fc.assert(
      fc.asyncProperty(text, async (body) => {
        fc.pre(!isTaken(id, body))
        const { status, body: reply } = await send(path, body, route.access === 'session' ? { token } : {})
        expect([400, 415]).toContain(status)
        expect(codesOf(route)).toContain(reply.error.code)
        expect(codes[reply.error.code][0]).toBe(status)
      }),
      { numRuns: runs },
    )
    expect(await stateOf()).toEqual(before)
  })
})
