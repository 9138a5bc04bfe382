/** Asking for a code in a session while the commit fails. */
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
  ['fail-before', [], '200'],
  ['fail-after', ['CODE_REQUESTED success', 'CODE_SENT success'], '429 RESEND_TOO_SOON'],
] as const)('%s: all of the ask or nothing of it', async (mode, recorded, again) => {
  const identity = await world.identity()
  const token = await signIn(world, identity)
  const ask = () => world.post('/api/auth/step-up/request', undefined, { token, ip: newIp() })
  const outage = { service: 'dynamodb', operation: 'TransactWriteItems', mode } as const
  expect(answerOf(await withOutage(world, 'request-step-up', outage, ask))).toBe('503 UNAVAILABLE')
  expect(await storyOf(world, identity.userId)).toEqual([
    'IDENTITY_CREATED success',
    'LOGIN success',
    ...recorded,
  ])
  expect(world.messages(identity.phone)).toHaveLength(mode === 'fail-after' ? 1 : 0)
  expect(answerOf(await ask())).toBe(again)
})
