/** Signing in and lifting a session, as a client does it. */
import { storePinHolder } from './as-stored.ts'
import { newIp, type TestIdentity, type World } from './world.ts'

/** A PIN that no rule refuses. */
export const goodPin = '482915'
export const otherPin = '739164'
/** Passwords that the enterprise rule takes. */
export const strongPassword = 'Quiet-Harbour-71'
export const strongerPassword = 'Lantern&Meadow-48'

type Named = Pick<TestIdentity, 'email' | 'password'>

/** @returns the token of a session opened with the password alone. */
export async function signIn(world: World, { email, password }: Named, more: object = {}): Promise<string> {
  const reply = await world.post('/api/auth/login', { identifier: email, password, ...more }, { ip: newIp() })
  if (reply.status !== 200) throw new Error(`Not signed in: ${JSON.stringify(reply.body)}`)
  return reply.body.data.accessToken
}

/** Proves the phone in a session. */
export async function stepUp(
  world: World,
  identity: Pick<TestIdentity, 'phone'>,
  token: string,
): Promise<void> {
  const asked = await world.post('/api/auth/step-up/request', undefined, { token, ip: newIp() })
  if (asked.status !== 200) throw new Error(`No code: ${JSON.stringify(asked.body)}`)
  const otp = await world.lastCode(identity.phone)
  const proved = await world.post('/api/auth/step-up/verify', { otp }, { token })
  if (proved.status !== 200) throw new Error(`Not lifted: ${JSON.stringify(proved.body)}`)
}

export async function consent(world: World, token: string): Promise<void> {
  const reply = await world.post('/api/consent', { document: 'terms', version: '1' }, { token })
  if (reply.status !== 200) throw new Error(`No consent: ${JSON.stringify(reply.body)}`)
}

/** An identity with a session that may set the first PIN. */
export async function readyForPin(world: World, given?: Record<string, unknown>) {
  const identity = await world.identity(given)
  const token = await signIn(world, identity)
  await consent(world, token)
  await stepUp(world, identity, token)
  return { identity, token }
}

/** An identity with a PIN, and a session with a live factor of possession; no step is taken for it. */
export const withPin = (world: World, pin = goodPin) => storePinHolder(world, pin)

/** Replaces the password by the code of the basic email flow. */
export async function resetByEmail(world: World, identity: TestIdentity, newPassword: string): Promise<void> {
  const { email } = identity
  const asked = await world.post('/api/auth/forgot-password', { email }, { ip: newIp() })
  if (asked.status !== 200) throw new Error(`No code: ${JSON.stringify(asked.body)}`)
  const otp = await world.lastCode(email)
  const reply = await world.post('/api/auth/reset-password', { email, otp, newPassword })
  if (reply.status !== 200) throw new Error(`Not reset: ${JSON.stringify(reply.body)}`)
}

/** Replaces the password by the code of the two-factor flow, which comes by SMS. */
export async function resetBySms(world: World, identity: TestIdentity, newPassword: string): Promise<void> {
  const pair = { identifier: identity.email, phone: identity.phone }
  const asked = await world.post('/api/password-reset/request', pair, { ip: newIp() })
  if (asked.status !== 200) throw new Error(`No code: ${JSON.stringify(asked.body)}`)
  const otp = await world.lastCode(identity.phone)
  const { body } = await world.post('/api/password-reset/verify-otp', { ...pair, otp })
  const { resetToken } = body
  const reply = await world.post('/api/password-reset/reset', { ...pair, resetToken, newPassword })
  if (reply.status !== 200) throw new Error(`Not reset: ${JSON.stringify(reply.body)}`)
}

/** @returns status and code of a refusal, or status alone. */
export const answerOf = ({ status, body }: { status: number; body: { error?: { code: string } } }) =>
  body.error === undefined ? String(status) : `${status} ${body.error.code}`
