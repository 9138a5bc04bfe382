/** What version 0.1.0 stored of people goes on to work, and is stored anew as it changes. */
import { expect, test } from 'vitest'
import { get, putOne } from '#shared/stores/database.ts'
import { identityKey } from '#shared/stores/identities.ts'
import { firstPin, pinHolder } from '#test/support/pin-holder.ts'
import { codeOf } from '#test/support/race.ts'
import { askCode, passwordEmailBasic, resetSecret } from '#test/support/recovery.ts'
import { storedIdentity } from '#test/support/stored.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp } from '#test/support/world.ts'

const world = useWorld()

/** Stores an identity as 0.1.0 did: each sealed secret a map with all of its names. */
async function asBefore(userId: string): Promise<void> {
  await putOne('identities', { ...(await storedIdentity(userId)), ...identityKey(userId) })
}

const isMap = async (userId: string, secret: 'password' | 'pin') => {
  const stored = (await get('identities', identityKey(userId)))?.[secret]
  return !(stored instanceof Uint8Array)
}

test('a password and a PIN in the form of before sign in and prove, and a reset stores the new form', async () => {
  const person = await pinHolder(world)
  const { userId, email } = person
  const reset = async (secret: string) => {
    const { code: otp } = await askCode(world, passwordEmailBasic, person)
    return codeOf(await resetSecret(world, passwordEmailBasic, person, { otp }, secret))
  }
  expect(await reset('Quiet-Harbour-71')).toBe('OK')
  await asBefore(userId)
  expect([await isMap(userId, 'password'), await isMap(userId, 'pin')]).toEqual([true, true])
  const signIn = await world.post(
    '/api/auth/login',
    { identifier: email, password: 'Quiet-Harbour-71' },
    { ip: newIp() },
  )
  expect(codeOf(signIn)).toBe('OK')
  await world.advance(3600)
  expect(await reset('Quiet-Harbour-71')).toBe('PASSWORD_REUSED')
  await world.advance(3600)
  expect(await reset('Quiet-Harbour-72')).toBe('OK')
  expect([await isMap(userId, 'password'), await isMap(userId, 'pin')]).toEqual([false, true])
  await world.advance(3600)
  expect(await reset('Quiet-Harbour-71')).toBe('PASSWORD_REUSED')
})

test('wrong PINs at one in the form of before are counted, and lock it', async () => {
  const { userId, accessToken } = await pinHolder(world)
  await asBefore(userId)
  const prove = async (pin: string) =>
    codeOf(await world.post('/api/pin/verify', { pin }, { token: accessToken }))
  expect(await prove(firstPin)).toBe('OK')
  for (let wrong = 1; wrong <= 10; wrong += 1) expect(await prove('730264')).toBe('PIN_INVALID')
  expect((await storedIdentity(userId))?.['pinFailures']).toBe(10)
  expect(await prove(firstPin)).toBe('PIN_LOCKED')
})
