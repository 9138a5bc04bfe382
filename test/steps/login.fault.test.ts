/** Logins while a service fails: no answer to a guess that was not counted, and no half login. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answerOf, signIn } from '#test/support/sessions.ts'
import { type Outage, withOutage } from '#test/support/sessions-faults.ts'
import { storyOf } from '#test/support/sessions-ledger.ts'
import { identityAsStored, storedSessions } from '#test/support/sessions-stored.ts'
import { createWorld, newIp, type TestIdentity, type World } from '#test/support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const login = ({ email }: TestIdentity, password: string) =>
  world.post('/api/auth/login', { identifier: email, password }, { ip: newIp() })

const before: readonly Outage[] = [
  { service: 'dynamodb', operation: 'BatchGetItem', mode: 'fail-before' },
  { service: 'kms', operation: 'GenerateMac', mode: 'fail-before' },
  { service: 'dynamodb', operation: 'TransactWriteItems', mode: 'fail-before' },
]

test.each(before)('$service $operation failing before: UNAVAILABLE, nothing is written', async (outage) => {
  const identity = await world.identity()
  const stored = await identityAsStored(identity.userId)
  const reply = await withOutage(world, 'login', outage, () => login(identity, identity.password))
  expect(answerOf(reply)).toBe('503 UNAVAILABLE')
  expect(reply.headers.get('retry-after')).toBe(String(reply.body.error.retryAfterSeconds))
  expect(await storedSessions(identity.userId)).toEqual([])
  expect(await identityAsStored(identity.userId)).toEqual(stored)
  expect(await storyOf(world, identity.userId)).toEqual(['IDENTITY_CREATED success'])
  await signIn(world, identity)
})

test.each(before)(
  '$service $operation failing before: a wrong password is not told apart',
  async (outage) => {
    const identity = await world.identity()
    const reply = await withOutage(world, 'login', outage, () => login(identity, 'not-it'))
    expect(answerOf(reply)).toBe('503 UNAVAILABLE')
  },
)

test('the commit failing after it worked: the login is recorded once, and the client signs in again', async () => {
  const identity = await world.identity()
  const outage = { service: 'dynamodb', operation: 'TransactWriteItems', mode: 'fail-after' } as const
  const reply = await withOutage(world, 'login', outage, () => login(identity, identity.password))
  expect(answerOf(reply)).toBe('503 UNAVAILABLE')
  expect(await storedSessions(identity.userId)).toHaveLength(1)
  await signIn(world, identity)
  expect(await storyOf(world, identity.userId)).toEqual([
    'IDENTITY_CREATED success',
    'LOGIN success',
    'LOGIN success',
  ])
})

test('the commit of a failure failing after it worked: the guess is counted and recorded once', async () => {
  const identity = await world.identity()
  const outage = { service: 'dynamodb', operation: 'TransactWriteItems', mode: 'fail-after' } as const
  const reply = await withOutage(world, 'login', outage, () => login(identity, 'not-it'))
  expect(answerOf(reply)).toBe('503 UNAVAILABLE')
  expect(await storyOf(world, identity.userId)).toEqual([
    'IDENTITY_CREATED success',
    'LOGIN failure wrong_password',
  ])
})
