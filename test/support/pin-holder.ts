/** An identity with a PIN, set as its owner would: consent, sign-in, a code to the phone, the PIN. */
import { signIn } from './sessions.ts'
import type { TestIdentity, World } from './world.ts'

export const firstPin = '904172'

export interface PinHolder extends TestIdentity {
  /** Of the session that set the PIN. */
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

export async function pinHolder(world: World, given: Record<string, unknown> = {}): Promise<PinHolder> {
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
