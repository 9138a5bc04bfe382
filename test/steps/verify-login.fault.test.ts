/** Finishing a login while a service fails. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answerOf } from '#test/support/sessions.ts'
import { withOutage } from '#test/support/sessions-faults.ts'
import { storyOf } from '#test/support/sessions-ledger.ts'
import { storedSessions } from '#test/support/sessions-stored.ts'
import { createWorld, newIp, type World } from '#test/support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

async function challenged() {
  const identity = await world.identity({ mfaEnabled: true })
  const { email, password } = identity
  const { body } = await world.post('/api/auth/login', { identifier: email, password }, { ip: newIp() })
  const otp = await world.lastCode(identity.phone)
  const { challengeId } = body.data
  return { identity, verify: () => world.post('/api/auth/login/verify', { challengeId, otp }) }
}

test.each([
  { service: 'dynamodb', operation: 'UpdateItem', mode: 'fail-before' },
  { service: 'kms', operation: 'GenerateMac', mode: 'fail-before' },
  { service: 'dynamodb', operation: 'TransactWriteItems', mode: 'fail-before' },
] as const)(
  '$service $operation failing before: the code still opens the session afterwards',
  async (outage) => {
    const { identity, verify } = await challenged()
    expect(answerOf(await withOutage(world, 'verify-login', outage, verify))).toBe('503 UNAVAILABLE')
    expect(await storedSessions(identity.userId)).toEqual([])
    expect(answerOf(await verify())).toBe('200')
    expect((await storyOf(world, identity.userId)).slice(4)).toEqual(['MFA_VERIFIED success'])
  },
)

test('the commit failing after it worked: one session, one entry, and the code is used', async () => {
  const { identity, verify } = await challenged()
  const outage = { service: 'dynamodb', operation: 'TransactWriteItems', mode: 'fail-after' } as const
  expect(answerOf(await withOutage(world, 'verify-login', outage, verify))).toBe('503 UNAVAILABLE')
  expect(answerOf(await verify())).toBe('401 OTP_INVALID')
  expect(await storedSessions(identity.userId)).toHaveLength(1)
  expect((await storyOf(world, identity.userId)).slice(4)).toEqual([
    'MFA_VERIFIED success',
    'MFA_VERIFIED failure used',
  ])
})
