/** Proving the phone while the commit fails. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answerOf, signIn } from '#test/support/sessions.ts'
import { withOutage } from '#test/support/sessions-faults.ts'
import { storyOf } from '#test/support/sessions-ledger.ts'
import { createWorld, newIp, type World } from '#test/support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

test.each([
  ['fail-before', ['STEP_UP_VERIFIED success'], '200'],
  ['fail-after', ['STEP_UP_VERIFIED success', 'STEP_UP_VERIFIED failure used'], '401 OTP_INVALID'],
] as const)('%s: the session is lifted with its entry, once', async (mode, recorded, again) => {
  const identity = await world.identity()
  const token = await signIn(world, identity)
  await world.post('/api/auth/step-up/request', {}, { token, ip: newIp() })
  const otp = await world.lastCode(identity.phone)
  const verify = () => world.post('/api/auth/step-up/verify', { otp }, { token })
  const outage = { service: 'dynamodb', operation: 'TransactWriteItems', mode } as const
  expect(answerOf(await withOutage(world, 'verify-step-up', outage, verify))).toBe('503 UNAVAILABLE')
  expect(answerOf(await verify())).toBe(again)
  expect((await storyOf(world, identity.userId)).slice(4)).toEqual(recorded)
  const session = await world.get('/api/auth/session', { token })
  expect(session.body.data.factors).toHaveLength(2)
})
