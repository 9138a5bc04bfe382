/** Abuse of every kind, from many addresses: guessing, asking, floods of names nobody has, forged tokens, malformed bodies. */
import { randomBytes, randomInt } from 'node:crypto'
import fc from 'fast-check'
import { flows } from '#shared/contract/flows.ts'
import { policy } from '#shared/policy.ts'
import { spoilt } from '../fuzz/spoil.ts'
import { newAddress, newSomeone, type Someone } from './journeys.ts'
import type { Caller, Records, Reply } from './records.ts'

/** Addresses that come back again and again, so that limits per address are met. */
const haunts = Array.from({ length: 24 }, newAddress)
const anyOf = <T>(items: readonly T[]): T => items[randomInt(items.length)] as T
const haunt = (): Caller => ({ who: 'abuse', from: anyOf(haunts) })
const passing = (): Caller => ({ who: 'abuse', from: newAddress() })
const digits = () => String(randomInt(1_000_000)).padStart(6, '0')
const rounds = <T>(count: number, run: () => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, run))

export interface Burst {
  readonly what: 'code' | 'password' | 'pair'
  /** Guesses that were answered as wrong, so that they were compared. */
  readonly compared: number
  readonly allowed: number
  /** Whether every guess got one of the two answers that it may get. */
  readonly clean: boolean
}

function burstOf(
  what: Burst['what'],
  replies: readonly Reply[],
  wrong: string,
  full: string,
  allowed: number,
): Burst {
  const compared = replies.filter(({ outcome }) => outcome === wrong).length
  return { what, compared, allowed, clean: replies.every(({ outcome }) => [wrong, full].includes(outcome)) }
}

export interface Abuse {
  readonly records: Records
  /** Registered people that are attacked again and again. */
  readonly victims: readonly Someone[]
  readonly bursts: Burst[]
}

const { triesPerCode } = flows['password-email-basic']

/** Twice as many guesses at once as one code has tries. */
async function guessCodes({ records, bursts }: Abuse): Promise<void> {
  const { email } = newSomeone()
  const asked = await records.call(passing(), 'forgotPassword', { email })
  if (!asked.ok) return
  const guess = () => records.call(passing(), 'verifyResetOtp', { email, otp: digits() })
  const replies = await rounds(2 * triesPerCode + 3, guess)
  bursts.push(burstOf('code', replies, 'OTP_INVALID', 'TRIES_EXHAUSTED', triesPerCode))
}

/** More passwords at once for one name than are compared in a quarter of an hour. */
async function guessPasswords({ records, bursts }: Abuse): Promise<void> {
  const { username: identifier } = newSomeone()
  const guess = () => records.call(passing(), 'login', { identifier, password: `not ${digits()}` })
  const allowed = policy.loginFailuresPerIdentifier
  const replies = await rounds(allowed + 2, guess)
  bursts.push(burstOf('password', replies, 'CREDENTIALS_INVALID', 'RATE_LIMITED', allowed))
}

async function guessPairs({ records, bursts }: Abuse): Promise<void> {
  const { username: identifier } = newSomeone()
  const guess = () => records.call(passing(), 'verifyIdentity', { identifier, phone: newSomeone().phone })
  const allowed = policy.pairMismatchesPerIdentifier
  const replies = await rounds(allowed + 4, guess)
  bursts.push(burstOf('pair', replies, 'CREDENTIALS_INVALID', 'RATE_LIMITED', allowed))
}

/** Names that nobody has, from addresses that were never seen. */
const floodUnknown = async ({ records }: Abuse) => {
  await rounds(5, () => records.call(passing(), 'requestPasswordReset', { email: newSomeone().email }))
  await rounds(5, () => records.call(passing(), 'requestPinReset', { phone: newSomeone().phone }))
}

/** The same few addresses and victims over and over. */
const haunting = async ({ records, victims }: Abuse) => {
  await rounds(3, () => records.call(haunt(), 'requestPasswordReset', { email: anyOf(victims).email }))
  await rounds(3, () =>
    records.call(haunt(), 'verifyPasswordResetOtp', { email: anyOf(victims).email, otp: digits() }),
  )
  await rounds(3, () =>
    records.call(haunt(), 'login', { identifier: anyOf(victims).email, password: digits() }),
  )
}

/** Secrets that are none: tokens of resets and of sessions. */
const forge = async ({ records, victims }: Abuse) => {
  const token = () => randomBytes(32).toString('base64url')
  const newPassword = 'Slate-Orchard-19-Kite'
  await rounds(3, () =>
    records.call(haunt(), 'resetPasswordEmail', { email: anyOf(victims).email, token: token(), newPassword }),
  )
  const session = () => `${anyOf(victims).userId}.${randomBytes(16).toString('base64url')}.${token()}`
  await rounds(4, () => records.call(haunt(), 'getSession', undefined, { token: session() }))
}

const malformed = fc.sample(spoilt({ email: 'someone@example.com', otp: '123456', newPassword: 'x' }), 500)

const nonsense = async ({ records }: Abuse) => {
  const headers = [['Content-Type', 'application/json']] as const
  await rounds(10, () =>
    records.call(haunt(), 'resetPasswordBasic', undefined, { raw: { headers, body: anyOf(malformed) } }),
  )
}

const kinds = [guessCodes, guessPasswords, guessPairs, floodUnknown, haunting, forge, nonsense]
/** Requests of one piece of abuse, on average. */
export const requestsPerAbuse = (10 + 12 + 9 + 10 + 9 + 7 + 10) / 7

let turn = 0
/** One piece of abuse of the next kind. */
export async function abuseOnce(abuse: Abuse): Promise<void> {
  turn += 1
  await (kinds[turn % kinds.length] as (typeof kinds)[number])(abuse)
}
