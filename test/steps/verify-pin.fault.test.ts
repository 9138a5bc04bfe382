/** Proving the PIN while a service fails: no wrong guess is answered that was not counted. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answerOf, goodPin, withPin } from '#test/support/sessions.ts'
import { withOutage } from '#test/support/sessions-faults.ts'
import { storyOf } from '#test/support/sessions-ledger.ts'
import { identityAsStored } from '#test/support/sessions-stored.ts'
import { createWorld, type World } from '#test/support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const verify = (token: string, pin: string) => world.post('/api/pin/verify', { pin }, { token })
const commit = { service: 'dynamodb', operation: 'TransactWriteItems' } as const

test.each([
  { service: 'kms', operation: 'GenerateMac', mode: 'fail-before' },
  { ...commit, mode: 'fail-before' },
] as const)(
  '$service $operation failing before: right and wrong are not told apart, nothing is counted',
  async (outage) => {
    const { identity, token } = await withPin(world)
    for (const pin of [goodPin, '482916'])
      expect(answerOf(await withOutage(world, 'verify-pin', outage, () => verify(token, pin)))).toBe(
        '503 UNAVAILABLE',
      )
    expect((await identityAsStored(identity.userId)).pinFailures).toBe(0)
    expect((await storyOf(world, identity.userId)).filter((line) => line.startsWith('PIN_VERIFIED'))).toEqual(
      [],
    )
    expect(answerOf(await verify(token, goodPin))).toBe('200')
  },
)

test('the commit failing after it worked: a wrong PIN is counted and recorded once', async () => {
  const { identity, token } = await withPin(world)
  const outage = { ...commit, mode: 'fail-after' } as const
  expect(answerOf(await withOutage(world, 'verify-pin', outage, () => verify(token, '482916')))).toBe(
    '503 UNAVAILABLE',
  )
  expect((await identityAsStored(identity.userId)).pinFailures).toBe(1)
  expect((await storyOf(world, identity.userId)).at(-1)).toBe('PIN_VERIFIED failure wrong_pin')
})

test('the commit failing after it worked: a right PIN is recorded once and may be proved again', async () => {
  const { identity, token } = await withPin(world)
  const outage = { ...commit, mode: 'fail-after' } as const
  const first = await withOutage(world, 'verify-pin', outage, () => verify(token, goodPin))
  expect(answerOf(first)).toBe('503 UNAVAILABLE')
  expect(answerOf(await verify(token, goodPin))).toBe('200')
  const story = await storyOf(world, identity.userId)
  expect(story.filter((line) => line === 'PIN_VERIFIED success')).toHaveLength(2)
})
