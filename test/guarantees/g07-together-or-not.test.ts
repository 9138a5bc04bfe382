/** G7: credential, challenge, epoch, entry and confirmation commit together or not at all, whatever call fails. */
import { expect, test } from 'vitest'
import { faultCases } from '#test/support/fault-cases/index.ts'
import { tryStep, underFaults } from '#test/support/fault-run.ts'
import { codeOf } from '#test/support/race.ts'
import { passwordEmailBasic, proofOf, resetSecret } from '#test/support/recovery.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp } from '#test/support/world.ts'

const world = useWorld()

test.each(['reset-password', 'reset-pin', 'set-pin', 'change-password', 'not-me'] as const)(
  '%s: all or nothing, whichever call fails',
  (step) => tryStep(world, step, faultCases(world)[step]),
)

test('after a reset whose reply was lost the new password signs in and the old one does not', async () => {
  const person = await world.identity()
  const proof = await proofOf(world, passwordEmailBasic, person)
  const fault = { service: 'dynamodb', operation: 'TransactWriteItems', mode: 'fail-after', count: 20 }
  world.stack.services.faults.post({ ...fault, function: 'reset-password' })
  expect(codeOf(await resetSecret(world, passwordEmailBasic, person, proof))).toBe('UNAVAILABLE')
  world.stack.services.faults.post({ count: 0 })
  expect(codeOf(await resetSecret(world, passwordEmailBasic, person, proof))).toBe('OTP_INVALID')
  const login = (password: string) =>
    world.post('/api/auth/login', { identifier: person.email, password }, { ip: newIp() })
  expect(codeOf(await login(passwordEmailBasic.newSecret))).toBe('OK')
  expect(codeOf(await login(person.password))).toBe('CREDENTIALS_INVALID')
})

test('a transaction that answers after its time-out is made once, though it is sent again', async () => {
  const [given] = Object.values(faultCases(world)['reset-pin'])
  if (given === undefined) throw new Error('There is no case')
  expect(
    await underFaults(world, 'reset-pin', given, [['slow', 'short']], { only: 'TransactWriteItems' }),
  ).toBe(1)
})
