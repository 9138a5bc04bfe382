/** Honest people: each registered by the team's backend, each from an address of its own, each doing one whole journey. */
import { seedPassword, seedPasswordHash } from '#local/seed.ts'
import type { RouteId } from '#shared/contract/routes.ts'
import type { Caller, Records } from './records.ts'

export interface Someone {
  readonly userId: string
  readonly email: string
  readonly username: string
  readonly phone: string
}

let count = 0
/** Somebody new; no two runs of one process have the same. */
export function newSomeone(): Someone {
  count += 1
  const name = `p${count}-${process.pid}`
  return {
    userId: `u-${name}`,
    email: `${name}@example.com`,
    username: `user-${name}`,
    phone: `+2010${String(10_000_000 + count)}`,
  }
}

let addresses = 0
/** An address of 127.0.0.0/8 that nobody had before. */
export function newAddress(): string {
  addresses += 1
  return `127.${10 + ((addresses >> 16) & 127)}.${(addresses >> 8) & 255}.${addresses & 255}`
}

const enterprise = 'Plum-Harbour-72-Vane'
const standard = 'newpass123'

/** A journey that did not get through, and where. */
export class Stopped extends Error {
  readonly outcome: string
  constructor(route: string, outcome: string) {
    super(`${route}: ${outcome}`)
    this.outcome = outcome
  }
}

class Journey {
  readonly person = newSomeone()
  readonly #caller: Caller = { who: 'honest', from: newAddress() }
  readonly #records: Records

  constructor(records: Records) {
    this.#records = records
  }

  /** @throws Stopped where the reply is a refusal */
  async step(
    route: RouteId,
    body?: { [name: string]: unknown },
    asked: { token?: string; userId?: string } = {},
  ) {
    const reply = await this.#records.call(this.#caller, route, body, asked)
    if (!reply.ok) throw new Stopped(route, reply.outcome)
    return reply.data
  }

  async register(more: object = {}): Promise<void> {
    const { userId, ...identity } = this.person
    await this.step('putIdentity', { ...identity, passwordHash: seedPasswordHash, ...more }, { userId })
  }

  async code(address: string, seen = 0): Promise<string> {
    const code = await this.#records.codeTo(address, seen)
    if (code === undefined) throw new Stopped('message', 'no code came')
    return code
  }

  async signIn(password: string): Promise<string> {
    const { accessToken = '' } = await this.step('login', { identifier: this.person.email, password })
    return accessToken
  }
}

async function byEmail(journey: Journey): Promise<void> {
  const { email } = journey.person
  await journey.step('requestPasswordReset', { email })
  const otp = await journey.code(email)
  const { token } = await journey.step('verifyPasswordResetOtp', { email, otp })
  await journey.step('resetPasswordEmail', { email, token, newPassword: enterprise })
  await journey.signIn(enterprise)
}

async function byEmailBasic(journey: Journey): Promise<void> {
  const { email } = journey.person
  const { flowId } = await journey.step('forgotPassword', { email })
  const otp = await journey.code(email)
  await journey.step('verifyResetOtp', { email, otp, flowId })
  await journey.step('resetPasswordBasic', { email, otp, newPassword: standard, flowId })
  await journey.signIn(standard)
}

async function byTwoFactors(journey: Journey): Promise<void> {
  const pair = { identifier: journey.person.username, phone: journey.person.phone }
  await journey.step('verifyIdentity', pair)
  await journey.step('requestTwoFactor', pair)
  const otp = await journey.code(pair.phone)
  const { resetToken } = await journey.step('verifyOtpTwoFactor', { ...pair, otp })
  await journey.step('resetPasswordTwoFactor', { ...pair, resetToken, newPassword: standard })
  await journey.signIn(standard)
}

async function withPin(journey: Journey): Promise<void> {
  const { userId, phone } = journey.person
  const token = await journey.signIn(seedPassword)
  await journey.step('acceptConsent', { document: 'terms', version: '1' }, { token })
  await journey.step('requestStepUp', {}, { token })
  await journey.step('verifyStepUp', { otp: await journey.code(phone) }, { token })
  await journey.step('setPin', { userId, pin: '482915' }, { token })
  await journey.step('verifyPin', { pin: '482915' }, { token })
  await journey.step('requestPinReset', { phone })
  const otp = await journey.code(phone, 1)
  await journey.step('resetPin', { phone, otp, newPin: '730264' })
}

async function withMfa(journey: Journey): Promise<void> {
  const { email, phone } = journey.person
  const { challengeId } = await journey.step('login', { identifier: email, password: seedPassword })
  const otp = await journey.code(phone)
  const { accessToken: token = '' } = await journey.step('verifyLogin', { challengeId, otp })
  await journey.step('changePassword', { password: seedPassword, newPassword: enterprise }, { token })
  await journey.step('listSessions', undefined, { token })
  await journey.step('getSession', undefined, { token })
  await journey.step('logout', {}, { token })
}

const journeys = [byEmail, byEmailBasic, byTwoFactors, withPin, withMfa]
/** Requests of a journey, on average, its registration included. */
export const requestsPerJourney = 6.4

let turn = 0
/** One whole journey of the next kind. @throws Stopped */
export async function goOn(records: Records): Promise<void> {
  turn += 1
  const walk = journeys[turn % journeys.length] as (typeof journeys)[number]
  const journey = new Journey(records)
  await journey.register(walk === withMfa ? { mfaEnabled: true } : {})
  await walk(journey)
}
