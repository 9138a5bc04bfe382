/** G2 where DynamoDB names one of several refused conditions: no answer past a limit tells that a secret was right. */
import { describe, expect, test } from 'vitest'
import { policy } from '#shared/policy.ts'
import { hearOne, type NamedReason } from '#test/support/one-reason.ts'
import { firstPin, pinHolder } from '#test/support/pin-holder.ts'
import { atOnce, codeOf, tally } from '#test/support/race.ts'
import { signIn, strongPassword } from '#test/support/sessions.ts'
import { slowly } from '#test/support/slowly.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp } from '#test/support/world.ts'

const world = useWorld()

async function under<T>(named: NamedReason, work: () => Promise<T>): Promise<T> {
  const hearAll = hearOne(named)
  return work().finally(hearAll)
}

describe.each(['first', 'last'] as const)('the %s refused condition alone is named', (named) => {
  test('a right PIN past the lock, in a session that ended meanwhile, is answered like a wrong one', () =>
    under(named, async () => {
      const { accessToken: token } = await pinHolder(world)
      const prove = (pin: string) => world.post('/api/pin/verify', { pin }, { token })
      const allButOne = await atOnce(policy.pinFailuresBeforeLock - 1, () => prove('111111'))
      expect(tally(allButOne)).toEqual({ PIN_INVALID: policy.pinFailuresBeforeLock - 1 })
      const [right] = await slowly(world, 'verify-pin', () => prove(firstPin))
      expect(codeOf(await prove('111111'))).toBe('PIN_INVALID')
      expect(codeOf(await world.post('/api/auth/logout', {}, { token }))).toBe('OK')
      expect((await right).body.error.code).toBe('PIN_LOCKED')
    }))

  test('a right password past the limit, in a session that ended meanwhile, is answered like a wrong one', () =>
    under(named, async () => {
      const person = await world.identity()
      const [token, other] = [await signIn(world, person), await signIn(world, person)]
      const ip = newIp()
      const change = (password: string) =>
        world.post('/api/auth/password/change', { password, newPassword: strongPassword }, { token, ip })
      const allButOne = await atOnce(policy.loginFailuresPerIdentifier - 1, () => change('not it'))
      expect(tally(allButOne)).toEqual({ CREDENTIALS_INVALID: policy.loginFailuresPerIdentifier - 1 })
      const [right] = await slowly(world, 'change-password', () => change(person.password))
      expect(codeOf(await change('not it'))).toBe('CREDENTIALS_INVALID')
      expect(codeOf(await world.post('/api/auth/logout', { everywhere: true }, { token: other }))).toBe('OK')
      expect((await right).body.error.code).toBe('RATE_LIMITED')
    }))

  test('of equal changes of one address at once none is taken for a conflict', () =>
    under(named, async () => {
      const { userId, email } = await world.identity()
      const change = { email: `new-${email}` }
      const replies = await atOnce(4, () => world.put(`/admin/identities/${userId}`, change))
      expect(tally(replies)).toEqual({ OK: 4 })
    }))
})
