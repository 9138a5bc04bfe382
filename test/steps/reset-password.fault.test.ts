/** Resets while a service fails before or after having worked: together or not at all (G7). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { entriesOf, linesOf } from '#test/support/entries.ts'
import { type Fault, withFault } from '#test/support/faults.ts'
import {
  passwordEmail,
  passwordEmailBasic,
  passwordTwoFactor,
  proofOf,
  resetSecret,
} from '#test/support/recovery.ts'
import { epochOf, storedIdentity } from '#test/support/stored.ts'
import { createWorld, newIp, type TestIdentity, type World } from '#test/support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const step = { function: 'reset-password' } as const
const modes = ['fail-before', 'fail-after'] as const
const calls = [
  { ...step, service: 'dynamodb', operation: 'UpdateItem' },
  { ...step, service: 'dynamodb', operation: 'GetItem' },
  { ...step, service: 'kms' },
  { ...step, service: 'kms', skip: 1 },
] as const
const commit = { ...step, service: 'dynamodb', operation: 'TransactWriteItems' } as const

const passwordWorks = async (person: TestIdentity, password: string) => {
  const reply = await world.post('/api/auth/login', { identifier: person.email, password }, { ip: newIp() })
  return reply.status === 200
}

describe.each([passwordEmail, passwordEmailBasic, passwordTwoFactor])('$id', (flow) => {
  // A token is not compared, so its flow asks KMS only for the seal.
  const made = calls.filter((call) => flow.id !== 'password-two-factor' || !('skip' in call))
  const faults: Fault[] = made.flatMap((call) => modes.map((mode) => ({ ...call, mode })))

  test.each([...faults, { ...commit, mode: 'fail-before' } as Fault])(
    '$service $operation $skip, $mode: nothing changes, and the same call works next',
    async (fault) => {
      const person = await world.identity()
      const proof = await proofOf(world, flow, person)
      const before = await storedIdentity(person.userId)
      const reply = await withFault(world, fault, () => resetSecret(world, flow, person, proof))
      expect([reply.status, reply.body.error.code]).toEqual([503, 'UNAVAILABLE'])
      expect(Number(reply.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
      expect(await storedIdentity(person.userId)).toEqual(before)
      expect((await resetSecret(world, flow, person, proof)).status).toBe(200)
      expect(await passwordWorks(person, flow.newSecret)).toBe(true)
      const lines = await linesOf(world, person.userId)
      expect(lines.filter((line) => line.startsWith('PASSWORD_RESET'))).toEqual(['PASSWORD_RESET success'])
    },
  )

  test('a commit whose reply was lost has happened once: the same call is refused, the new password works', async () => {
    const person = await world.identity()
    const proof = await proofOf(world, flow, person)
    const epoch = await epochOf(person.userId)
    const lost: Fault = { ...commit, mode: 'fail-after' }
    const reply = await withFault(world, lost, () => resetSecret(world, flow, person, proof))
    expect([reply.status, reply.body.error.code]).toEqual([503, 'UNAVAILABLE'])
    const again = await resetSecret(world, flow, person, proof)
    expect([again.status, again.body.error.code]).toEqual([
      401,
      proof['otp'] ? 'OTP_INVALID' : 'TOKEN_INVALID',
    ])
    expect(await epochOf(person.userId)).toBe(epoch + 1)
    expect(await passwordWorks(person, flow.newSecret)).toBe(true)
    expect(await passwordWorks(person, person.password)).toBe(false)
    const lines = await linesOf(world, person.userId)
    expect(lines.filter((line) => line === 'PASSWORD_RESET success')).toHaveLength(1)
    const confirmations = world.messages(person.email).filter(({ text }) => /was changed/.test(text))
    expect(confirmations).toHaveLength(1)
  })

  test('one lost reply to the commit is made good by the SDK', async () => {
    const person = await world.identity()
    const proof = await proofOf(world, flow, person)
    const lost: Fault = { ...commit, mode: 'fail-after', count: 1 }
    const reply = await withFault(world, lost, () => resetSecret(world, flow, person, proof))
    expect(reply.status).toBe(200)
    const lines = await linesOf(world, person.userId)
    expect(lines.filter((line) => line === 'PASSWORD_RESET success')).toHaveLength(1)
  })
})

test.each(modes)('without the breach service (%s) the reset goes on, and the entry says so', async (mode) => {
  const person = await world.identity()
  const proof = await proofOf(world, passwordEmail, person)
  const fault: Fault = { ...step, service: 'hibp', mode }
  const reply = await withFault(world, fault, () => resetSecret(world, passwordEmail, person, proof))
  expect(reply.status).toBe(200)
  expect((await entriesOf(world, person.userId)).at(-1)).toMatchObject({
    type: 'PASSWORD_RESET',
    outcome: 'success',
    breachCheck: 'skipped',
  })
})
