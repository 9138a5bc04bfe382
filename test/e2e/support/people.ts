/** People for the states and flows of the pages. */
import type { TestIdentity, World } from '#test/support/world.ts'
import type { Visit } from './visit.ts'

/** Meets the enterprise rule and is in no list. */
export const freshPassword = 'Harbour-Lamp-42-violet'
/** Meets what the page can judge of the rule; known to the breach service. */
export const breachedPassword = 'Violet-Harbour-1987!'

/** Signs in over the API. */
export async function tokenOf(world: World, { email, password }: TestIdentity): Promise<string> {
  const reply = await world.post('/api/auth/login', { identifier: email, password })
  return reply.body.data.accessToken
}

/** Confirms the phone of a session over the API. */
async function stepUp(world: World, token: string, { phone }: TestIdentity): Promise<void> {
  await world.post('/api/auth/step-up/request', {}, { token })
  const otp = await world.lastCode(phone)
  await world.post('/api/auth/step-up/verify', { otp }, { token })
}

/** A person who has a PIN. */
export async function pinHolder(world: World, pin: string): Promise<TestIdentity> {
  const consent = { document: 'digital-identity-agreement', version: '1' }
  const identity = await world.identity({ consent })
  const token = await tokenOf(world, identity)
  await stepUp(world, token, identity)
  const { status } = await world.post('/api/pin/set', { userId: identity.userId, pin }, { token })
  if (status !== 200) throw new Error('The PIN was not set')
  // The next code by SMS may then be asked for at once.
  await world.advance(61)
  return identity
}

/** Goes from the first page to the code by email. */
export async function askByEmail(visit: Visit, email: string, query = ''): Promise<void> {
  const { texts } = visit
  await visit.open(`/forgot-password${query}`)
  await visit.type(texts.forgot.identifier, email)
  await visit.press(texts.auth.sendResetLink)
  await visit.at(texts.auth.verifyOTP)
}

/** Goes on to the new password. */
export async function proveByEmail(visit: Visit, email: string, query = ''): Promise<void> {
  await askByEmail(visit, email, query)
  await visit.typeCode(await visit.world.lastCode(email))
  await visit.at(visit.texts.auth.resetPassword)
}

/** Types the new password twice and sends it. */
export async function choosePassword(visit: Visit, password: string): Promise<void> {
  const { auth } = visit.texts
  await visit.type(auth.newPassword, password)
  await visit.type(auth.confirmPassword, password)
  await visit.press(auth.resetPassword)
}

/** Goes from the first of the four steps to the code by SMS. */
export async function askByPhone(visit: Visit, identifier: string, phone: string): Promise<void> {
  const { texts } = visit
  await visit.open('/forgot-password/phone')
  await visit.type(texts.forgot.identifier, identifier)
  await visit.press(texts.common.next)
  await visit.type(texts.phone.label, phone)
  await visit.press(texts.phone.submit)
}

/** Goes to the code and the new PIN. */
export async function askForPin(visit: Visit, phone: string): Promise<void> {
  const { pin } = visit.texts
  await visit.open('/reset-pin')
  await visit.type(pin.phone, phone)
  await visit.press(pin.send)
  await visit.at(pin.enterCodeAndPin)
}

/** Types the PIN twice and sends it. */
export async function choosePin(visit: Visit, pin: string, submit: string): Promise<void> {
  const { newPin, confirmPin } = visit.texts.pin
  await visit.type(newPin, pin)
  await visit.type(confirmPin, pin)
  await visit.press(submit)
}

/** On the account's page: confirms the phone, so that the PIN can be verified. */
export async function toVerifyPin(visit: Visit, phone: string): Promise<void> {
  const { account } = visit.texts
  await visit.press(account.confirmFirst)
  await confirmPhone(visit, phone)
  await visit.page.getByLabel(account.pin, { exact: true }).waitFor()
}

/** Types the PIN there and sends it. */
export async function verifyPin(visit: Visit, pin: string): Promise<void> {
  const { account } = visit.texts
  await visit.type(account.pin, pin)
  await visit.press(account.verify)
}

/** Confirms the phone, where the page asks for that. */
export async function confirmPhone(visit: Visit, phone: string): Promise<void> {
  const { stepUp: texts } = visit.texts
  await visit.press(texts.send)
  await visit.page.locator('input[name=code-1]').waitFor()
  await visit.typeCode(await visit.world.lastCode(phone))
}
