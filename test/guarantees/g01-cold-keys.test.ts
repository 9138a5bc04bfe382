/** G1 where the keys of the hour are not known yet: a container's first code costs the same calls, whoever is meant. */
import { expect, test } from 'vitest'
import { environmentChanged } from '#shared/per-environment.ts'
import { callsOf } from '#test/support/race.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp } from '#test/support/world.ts'

const world = useWorld()

const flows = [
  ['/auth/request-password-reset', '/auth/verify-password-reset-otp'],
  ['/api/auth/forgot-password', '/api/auth/verify-reset-otp'],
] as const

test.each(flows)(
  '%s: a wrong code of a known, an unknown and a suspended person',
  async (request, verify) => {
    const known = (await world.identity()).email
    const suspended = await world.identity()
    await world.put(`/admin/identities/${suspended.userId}`, { status: 'suspended' })
    const taken: string[][] = []
    for (const email of [known, 'nobody-at-all@example.com', suspended.email]) {
      expect((await world.post(request, { email }, { ip: newIp() })).status).toBe(200)
      await world.idle()
      environmentChanged()
      for (const keys of ['cold', 'warm']) {
        const reply = await world.post(verify, { email, otp: '000000' }, { ip: newIp() })
        expect([email, keys, reply.body.error?.code]).toEqual([email, keys, 'OTP_INVALID'])
        const calls = callsOf(world, reply)
        const asked = calls.filter((call) => call.startsWith('kms')).sort()
        expect(asked).toEqual(keys === 'cold' ? ['kms GenerateMac', 'kms VerifyMac'] : [])
        taken.push([keys, ...calls.filter((call) => !call.startsWith('kms'))])
      }
    }
    const [cold, warm] = taken
    expect(taken).toEqual([cold, warm, cold, warm, cold, warm])
  },
)

test('guesses at once share the call of a new hour', async () => {
  const people = await Promise.all(Array.from({ length: 20 }, () => world.identity()))
  for (const { email } of people) await world.post('/api/auth/forgot-password', { email }, { ip: newIp() })
  await world.idle()
  environmentChanged()
  const replies = await Promise.all(
    people.map(({ email }) =>
      world.post('/api/auth/verify-reset-otp', { email, otp: '000000' }, { ip: newIp() }),
    ),
  )
  const asked = replies.flatMap((reply) => callsOf(world, reply)).filter((call) => call.startsWith('kms'))
  expect(asked.sort()).toEqual(['kms GenerateMac', 'kms VerifyMac'])
})
