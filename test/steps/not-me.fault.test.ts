/** 'It was not me' while a service fails: all of it or nothing, and the worker that sends the link as well (G7, G14). */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { underFaults } from '#test/guarantees/fault-table.ts'
import { type Fault, withFault } from '#test/support/faults.ts'
import { disown, lastToken, tokensSentTo } from '#test/support/not-me.ts'
import { answerOf, resetByEmail } from '#test/support/sessions.ts'
import { storedIdentity } from '#test/support/stored.ts'
import { createWorld, type World } from '#test/support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

test('each call of the step, before and after it worked', async () => {
  await underFaults(world, {
    step: 'not-me',
    type: 'RECOVERY_FROZEN',
    again: 'TOKEN_INVALID',
    tells: [1, 1],
    prepare: async () => {
      const person = await world.identity()
      await resetByEmail(world, person, 'newpass123')
      const token = await lastToken(world, person.email)
      return {
        person,
        call: () => disown(world, token),
        changed: async () => (await storedIdentity(person.userId))?.['resetRequired'] === true,
      }
    },
  })
}, 120_000)

const worker = { function: 'deliver' } as const
test.each<Fault>([
  { ...worker, service: 'kms', mode: 'fail-before' },
  { ...worker, service: 'dynamodb', operation: 'TransactWriteItems', mode: 'fail-before' },
  { ...worker, service: 'dynamodb', operation: 'TransactWriteItems', mode: 'fail-after' },
  { ...worker, service: 'ses', mode: 'fail-after' },
])(
  '$service $operation of the worker, $mode: every copy that goes out carries the one link that counts',
  async (fault) => {
    const person = await world.identity()
    const { email } = person
    await world.post('/api/auth/forgot-password', { email })
    const otp = await world.lastCode(email)
    await withFault(world, fault, async () => {
      const body = { email, otp, newPassword: 'newpass123' }
      expect((await world.post('/api/auth/reset-password', body)).status).toBe(200)
      await world.idle()
    })
    await world.advance(121)
    const tokens = [...(await tokensSentTo(world, email)), ...(await tokensSentTo(world, person.phone))]
    expect(tokens.length).toBeGreaterThanOrEqual(2)
    expect(new Set(tokens).size).toBe(1)
    expect(answerOf(await disown(world, tokens[0] ?? ''))).toBe('200')
  },
)
