/** Setting the first PIN while a service fails. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answerOf, goodPin, readyForPin } from '#test/support/sessions.ts'
import { withOutage } from '#test/support/sessions-faults.ts'
import { storyOf } from '#test/support/sessions-ledger.ts'
import { identityAsStored } from '#test/support/sessions-stored.ts'
import { createWorld, type World } from '#test/support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

async function ready() {
  const { identity, token } = await readyForPin(world)
  const body = { userId: identity.userId, pin: goodPin }
  return { identity, token, set: () => world.post('/api/pin/set', body, { token }) }
}

test.each([
  { service: 'kms', operation: 'GenerateMac', mode: 'fail-before' },
  { service: 'dynamodb', operation: 'TransactWriteItems', mode: 'fail-before' },
] as const)(
  '$service $operation failing before: no PIN, no entry, no message; then it is set',
  async (outage) => {
    const { identity, set } = await ready()
    expect(answerOf(await withOutage(world, 'set-pin', outage, set))).toBe('503 UNAVAILABLE')
    expect((await identityAsStored(identity.userId)).pin).toBeUndefined()
    expect(await storyOf(world, identity.userId)).toHaveLength(6)
    expect(world.messages(identity.email)).toEqual([])
    expect(answerOf(await set())).toBe('200')
  },
)

test('the commit failing after it worked: one PIN, one entry, one message, and the retry says that it is set', async () => {
  const { identity, token, set } = await ready()
  const outage = { service: 'dynamodb', operation: 'TransactWriteItems', mode: 'fail-after' } as const
  expect(answerOf(await withOutage(world, 'set-pin', outage, set))).toBe('503 UNAVAILABLE')
  expect(answerOf(await set())).toBe('409 PIN_ALREADY_SET')
  expect(answerOf(await world.post('/api/pin/verify', { pin: goodPin }, { token }))).toBe('200')
  const story = await storyOf(world, identity.userId)
  expect(story.filter((line) => line === 'PIN_SET success')).toHaveLength(1)
  expect(world.messages(identity.email)).toHaveLength(1)
})
