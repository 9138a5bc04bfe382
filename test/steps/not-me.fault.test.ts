/** The link of 'it was not me' while a service fails under the worker that sends it (G14). The step's own faults are in G7's table. */
import { expect, test } from 'vitest'
import { type Fault, withFault } from '#test/support/faults.ts'
import { disown, tokensSentTo } from '#test/support/not-me.ts'
import { answerOf } from '#test/support/sessions.ts'
import { useWorld } from '#test/support/use-world.ts'

const world = useWorld()

const worker = { function: 'notify' } as const
test.each<Fault>([
  { ...worker, service: 'kms', mode: 'fail-before' },
  { ...worker, service: 'dynamodb', operation: 'UpdateItem', mode: 'fail-before' },
  { ...worker, service: 'dynamodb', operation: 'UpdateItem', mode: 'fail-after' },
  { ...worker, service: 'dynamodb', operation: 'DeleteItem', mode: 'fail-before' },
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
