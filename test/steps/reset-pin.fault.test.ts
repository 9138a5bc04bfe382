/** PIN resets while a service fails before or after having worked: together or not at all (G7). */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { linesOf } from '#test/support/entries.ts'
import { type Fault, withFault } from '#test/support/faults.ts'
import { firstPin, pinHolder, signInWithPhone } from '#test/support/pin-holder.ts'
import { askCode, pinReset, resetSecret } from '#test/support/recovery.ts'
import { epochOf, storedIdentity } from '#test/support/stored.ts'
import { createWorld, type World } from '#test/support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const step = { function: 'reset-pin' } as const
const commit = { ...step, service: 'dynamodb', operation: 'TransactWriteItems' } as const
const faults: readonly Fault[] = [
  { ...step, service: 'dynamodb', operation: 'UpdateItem', mode: 'fail-before' },
  { ...step, service: 'dynamodb', operation: 'UpdateItem', mode: 'fail-after' },
  { ...step, service: 'kms', mode: 'fail-before' },
  { ...step, service: 'kms', mode: 'fail-after' },
  { ...step, service: 'dynamodb', operation: 'GetItem', mode: 'fail-before' },
  { ...step, service: 'dynamodb', operation: 'GetItem', mode: 'fail-after' },
  { ...step, service: 'kms', skip: 1, mode: 'fail-before' },
  { ...step, service: 'kms', skip: 1, mode: 'fail-after' },
  { ...commit, mode: 'fail-before' },
]

test.each(faults)(
  '$service $operation $skip, $mode: nothing changes, and the same call works next',
  async (fault) => {
    const person = await pinHolder(world)
    const { code: otp } = await askCode(world, pinReset, person)
    const before = await storedIdentity(person.userId)
    const reply = await withFault(world, fault, () => resetSecret(world, pinReset, person, { otp }))
    expect([reply.status, reply.body.error.code]).toEqual([503, 'UNAVAILABLE'])
    expect(await storedIdentity(person.userId)).toEqual(before)
    expect((await resetSecret(world, pinReset, person, { otp })).status).toBe(200)
    const lines = await linesOf(world, person.userId)
    expect(lines.filter((line) => line.startsWith('PIN_RESET'))).toEqual(['PIN_RESET success'])
  },
)

test('a commit whose reply was lost has happened once: the same call is refused, the new PIN works', async () => {
  const person = await pinHolder(world)
  const { code: otp } = await askCode(world, pinReset, person)
  const epoch = await epochOf(person.userId)
  const lost: Fault = { ...commit, mode: 'fail-after' }
  const reply = await withFault(world, lost, () => resetSecret(world, pinReset, person, { otp }))
  expect([reply.status, reply.body.error.code]).toEqual([503, 'UNAVAILABLE'])
  const again = await resetSecret(world, pinReset, person, { otp })
  expect([again.status, again.body.error.code]).toEqual([401, 'OTP_INVALID'])
  expect(await epochOf(person.userId)).toBe(epoch + 1)
  const lines = await linesOf(world, person.userId)
  expect(lines.filter((line) => line === 'PIN_RESET success')).toHaveLength(1)
  await world.advance(60)
  const token = await signInWithPhone(world, person)
  expect((await world.post('/api/pin/verify', { pin: firstPin }, { token })).status).toBe(401)
  expect((await world.post('/api/pin/verify', { pin: pinReset.newSecret }, { token })).status).toBe(200)
})
