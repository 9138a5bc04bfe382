/** Changing the password while a service fails: all of it or nothing. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answerOf, signIn, strongPassword } from '#test/support/sessions.ts'
import { withOutage } from '#test/support/sessions-faults.ts'
import { storyOf } from '#test/support/sessions-ledger.ts'
import { identityAsStored } from '#test/support/sessions-stored.ts'
import { createWorld, newIp, type World } from '#test/support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

async function ready() {
  const identity = await world.identity()
  const token = await signIn(world, identity)
  const body = { password: identity.password, newPassword: strongPassword }
  return {
    identity,
    token,
    change: () => world.post('/api/auth/password/change', body, { token, ip: newIp() }),
  }
}

test.each([
  { service: 'dynamodb', operation: 'BatchGetItem', mode: 'fail-before' },
  { service: 'kms', operation: 'GenerateMac', mode: 'fail-before' },
  { service: 'dynamodb', operation: 'TransactWriteItems', mode: 'fail-before' },
] as const)('$service $operation failing before: the old password and all sessions go on', async (outage) => {
  const { identity, change } = await ready()
  const other = await signIn(world, identity)
  const before = await identityAsStored(identity.userId)
  expect(answerOf(await withOutage(world, 'change-password', outage, change))).toBe('503 UNAVAILABLE')
  expect(await identityAsStored(identity.userId)).toEqual(before)
  expect(answerOf(await world.get('/api/auth/session', { token: other }))).toBe('200')
  expect(world.messages(identity.email)).toEqual([])
  expect(answerOf(await change())).toBe('200')
})

test('the commit failing after it worked: changed once, told once, and the new password works', async () => {
  const { identity, token, change } = await ready()
  const outage = { service: 'dynamodb', operation: 'TransactWriteItems', mode: 'fail-after' } as const
  expect(answerOf(await withOutage(world, 'change-password', outage, change))).toBe('503 UNAVAILABLE')
  expect(answerOf(await change()), 'the old password is old').toBe('401 CREDENTIALS_INVALID')
  expect(answerOf(await world.get('/api/auth/session', { token }))).toBe('200')
  await signIn(world, { email: identity.email, password: strongPassword })
  const story = await storyOf(world, identity.userId)
  expect(story.filter((line) => line === 'IDENTITY_CHANGED success')).toHaveLength(1)
  expect(world.messages(identity.email)).toHaveLength(1)
})
