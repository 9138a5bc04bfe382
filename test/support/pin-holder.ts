/** An identity with a PIN. */
import { storePinHolder } from './as-stored.ts'
import { signIn } from './sessions.ts'
import type { TestIdentity, World } from './world.ts'

export const firstPin = '904172'

export interface PinHolder extends TestIdentity {
  /** Of a session that proved the phone. */
  readonly accessToken: string
}

/** A session that proved the phone. */
export async function signInWithPhone(world: World, person: TestIdentity): Promise<string> {
  const token = await signIn(world, person)
  const asked = await world.post('/api/auth/step-up/request', {}, { token })
  if (asked.status !== 200) throw new Error(`No step-up: ${JSON.stringify(asked.body)}`)
  const otp = await world.lastCode(person.phone)
  const verified = await world.post('/api/auth/step-up/verify', { otp }, { token })
  if (verified.status !== 200) throw new Error(`Not stepped up: ${JSON.stringify(verified.body)}`)
  return token
}

/** Somebody who has a PIN and a session that proved the phone; how it was set is neither in the ledger nor in a message. */
export async function pinHolder(world: World, given: Record<string, unknown> = {}): Promise<PinHolder> {
  const { identity, token } = await storePinHolder(world, firstPin, given)
  return { ...identity, accessToken: token }
}

/** The same by the steps that its owner takes: consent, sign-in, a code to the phone, the PIN. */
export async function earnPin(world: World, given: Record<string, unknown> = {}): Promise<PinHolder> {
  const consent = { document: 'terms', version: '1' }
  const person = await world.identity({ consent, ...given })
  const accessToken = await signInWithPhone(world, person)
  const set = await world.post(
    '/api/pin/set',
    { userId: person.userId, pin: firstPin },
    { token: accessToken },
  )
  if (set.status !== 200) throw new Error(`No PIN: ${JSON.stringify(set.body)}`)
  await world.idle()
  return { ...person, accessToken }
}
