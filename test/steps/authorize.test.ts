/** The authorizer before a team's own API Gateway, run as Lambda runs it. */
import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Handler, invoke } from '#local/runtime.ts'
import { type Asked, httpEvent1, httpEvent2, restEvent } from '#test/support/authorizer-events.ts'
import { goodPin, resetByEmail, signIn, strongPassword, withPin } from '#test/support/sessions.ts'
import { withOutage } from '#test/support/sessions-faults.ts'
import { useWorld } from '#test/support/use-world.ts'

const needs = {
  'POST /transfers/{id}': ['POSSESSION', 'PIN'],
  'ANY /cards': ['POSSESSION'],
  $default: ['POSSESSION'],
}
const world = useWorld({ settings: { AUTHORIZE_NEEDS: JSON.stringify(needs) } })
let handler: Handler
beforeAll(async () => {
  handler = (await import('../../functions/guards/authorize.ts')).handler as Handler
})

/** By the deployed rights: the local IAM refuses what `infra/access.ts` does not name. */
const ask = (event: unknown) =>
  invoke(handler, event, { function: 'authorize', requestId: randomUUID(), timeoutMs: 20_000 })

interface Policy {
  readonly principalId: string
  readonly policyDocument: {
    readonly Statement: readonly [{ Effect: string; Resource: string; Action: string }]
  }
  readonly context: Readonly<Record<string, string>>
}
type Simple = { readonly isAuthorized: boolean; readonly context: Readonly<Record<string, string>> }

/** Each form of API, and what its caller gets: 200, 401 or 403. */
const forms = {
  rest: async (asked: Asked) => {
    try {
      const { policyDocument } = (await ask(restEvent(asked))) as Policy
      return policyDocument.Statement[0].Effect === 'Allow' ? 200 : 403
    } catch (error) {
      expect((error as Error).message).toBe('Unauthorized')
      return 401
    }
  },
  'HTTP, payload 1.0': async (asked: Asked) =>
    ((await ask(httpEvent1(asked))) as Policy).policyDocument.Statement[0].Effect === 'Allow' ? 200 : 403,
  'HTTP, payload 2.0': async (asked: Asked) =>
    ((await ask(httpEvent2(asked))) as Simple).isAuthorized ? 200 : 403,
}
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

describe.each(Object.entries(forms))('of a %s API', (form, statusOf) => {
  const dead = form === 'rest' ? 401 : 403

  test('a live session is let through, whatever the case of the header’s name', async () => {
    const token = await signIn(world, await world.identity())
    for (const name of ['Authorization', 'authorization', 'AUTHORIZATION', 'aUtHoRiZaTiOn'])
      expect(await statusOf({ headers: { [name]: `Bearer ${token}` } })).toBe(200)
    expect(await statusOf({ headers: { authorization: `bearer ${token}` } })).toBe(200)
  })

  test('no token, and what is none, is refused', async () => {
    const token = await signIn(world, await world.identity())
    const [userId, sessionId] = token.split('.')
    expect(await statusOf({})).toBe(dead)
    for (const authorization of [
      ...['', 'Bearer', 'Bearer ', token, `Basic ${token}`, `Bearer ${token} x`, `Bearer ${token},Bearer x`],
      ...[`Bearer ${token}x`, `Bearer ${userId}.${sessionId}`, `Bearer ${'A'.repeat(5000)}`],
    ])
      expect([authorization, await statusOf({ headers: { authorization } })]).toEqual([authorization, dead])
    expect(await statusOf({ headers: { 'x-authorization': `Bearer ${token}` } })).toBe(dead)
  })

  test('a token of another stage is refused: none of its sessions is in these tables', async () => {
    const { userId } = await world.identity()
    const elsewhere = `${userId}.${'s'.repeat(22)}.${'x'.repeat(43)}`
    expect(await statusOf({ headers: bearer(elsewhere) })).toBe(dead)
  })

  test('a session is let through in its last seconds, and not once it is dead since a millisecond', async () => {
    const identity = await world.identity()
    const token = await signIn(world, identity)
    const { expiresAt } = (await world.get('/api/auth/session', { token })).body.data
    const leftMs = Date.parse(expiresAt) - Date.now()
    await world.pass((leftMs - 2000) / 1000)
    expect(await statusOf({ headers: bearer(token) })).toBe(200)
    await world.pass((Date.parse(expiresAt) - Date.now() + 1) / 1000)
    expect(await statusOf({ headers: bearer(token) })).toBe(dead)
  })

  test('a session of before a reset is refused at the next request (G6)', async () => {
    const identity = await world.identity()
    const token = await signIn(world, identity)
    expect(await statusOf({ headers: bearer(token) })).toBe(200)
    await resetByEmail(world, identity, strongPassword)
    expect(await statusOf({ headers: bearer(token) })).toBe(dead)
  })

  test('a route gets what it needs, and others no more', async () => {
    const { token } = await withPin(world)
    const plain = await signIn(world, await world.identity())
    const transfer = { method: 'POST', resource: '/transfers/{id}', path: '/transfers/7' }
    const cards = { method: 'DELETE', resource: '/cards' }
    expect(await statusOf({ ...cards, headers: bearer(plain) })).toBe(403)
    expect(await statusOf({ ...cards, headers: bearer(token) })).toBe(200)
    expect(await statusOf({ ...transfer, headers: bearer(plain) })).toBe(403)
    expect(await statusOf({ ...transfer, headers: bearer(token) })).toBe(403)
    await world.post('/api/pin/verify', { pin: goodPin }, { token })
    expect(await statusOf({ ...transfer, headers: bearer(token) })).toBe(200)
    expect(await statusOf({ ...transfer, method: 'GET', headers: bearer(plain) })).toBe(200)
    await world.pass(5 * 60)
    expect(await statusOf({ ...transfer, headers: bearer(token) }), 'the PIN is over').toBe(403)
    expect(await statusOf({ ...cards, headers: bearer(token) })).toBe(200)
  })

  test('while sessions cannot be read nobody is let through, and nobody is called signed out', async () => {
    const token = await signIn(world, await world.identity())
    const outage = { service: 'dynamodb', operation: 'BatchGetItem', mode: 'fail-before' } as const
    const event = { rest: restEvent, 'HTTP, payload 1.0': httpEvent1, 'HTTP, payload 2.0': httpEvent2 }[form]
    const asked = withOutage(world, 'authorize', outage, () => ask(event?.({ headers: bearer(token) })))
    await expect(asked).rejects.toMatchObject({ name: 'Unavailable' })
  })
})

test('a policy is good for the one method and path that was asked for, and tells the function who it is', async () => {
  const identity = await world.identity()
  const token = await signIn(world, identity)
  const allowed = (await ask(restEvent({ headers: bearer(token), path: '/account' }))) as Policy
  expect(allowed).toEqual({
    principalId: identity.userId,
    policyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Action: 'execute-api:Invoke',
          Effect: 'Allow',
          Resource: 'arn:aws:execute-api:eu-central-1:111122223333:abcdef123/live/GET/account',
        },
      ],
    },
    context: { userId: identity.userId, methods: 'password', expiresAt: expect.stringMatching(/Z$/) },
  })
  const denied = (await ask(
    httpEvent2({ headers: bearer(token), method: 'POST', resource: '/cards' }),
  )) as Simple
  expect(denied.context).toMatchObject({ code: 'SECOND_FACTOR_REQUIRED', missing: 'POSSESSION' })
  const nobody = (await ask(httpEvent1({}))) as Policy
  expect([nobody.principalId, nobody.context]).toEqual(['nobody', { code: 'SESSION_INVALID' }])
})

test('the default route of an HTTP API has needs like any other, by either payload', async () => {
  const headers = bearer(await signIn(world, await world.identity()))
  const answer = (await ask(httpEvent2({ headers, resource: '$default' }))) as Simple
  expect(answer).toMatchObject({ isAuthorized: false })
  expect(await forms['HTTP, payload 1.0']({ headers, resource: '$default', path: '/any' })).toBe(403)
})

test('a route of ANY gets what is said of the method that was asked by, and what is said of ANY for the others', async () => {
  const headers = bearer(await signIn(world, await world.identity()))
  const transfer = { headers, resource: '/transfers/{id}', routeKey: 'ANY /transfers/{id}' }
  expect(await forms['HTTP, payload 2.0']({ ...transfer, method: 'POST' })).toBe(403)
  expect(await forms['HTTP, payload 2.0']({ ...transfer, method: 'GET' })).toBe(200)
  const cards = { headers, resource: '/cards', routeKey: 'ANY /cards', method: 'GET' }
  expect(await forms['HTTP, payload 2.0'](cards)).toBe(403)
})
