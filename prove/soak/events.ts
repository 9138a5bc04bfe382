/** What a soak puts into the outbox: events of people and of nobody, under several subjects that share a chain. */
import { randomInt } from 'node:crypto'
import type { LedgerEvent, SmsCode, Subject } from '#shared/events.ts'

export interface SoakEvent {
  /** Ascends with the order in which events are put. */
  readonly id: string
  readonly event: LedgerEvent
}

const people = Array.from({ length: 20 }, (_, place) => `u-soak-${place}`)
const strangers = 60
/** Their failed guesses are counted and freeze them; they have no address, so nobody is told. */
export const guessers: readonly string[] = ['u-guess-0', 'u-guess-1', 'u-guess-2', 'u-guess-3']
const guessShare = 0.06
const strangerShare = 0.2

/** Codes by SMS are counted per country, by the transaction that appends their entry. */
export const countries = ['EG', 'SA'] as const
const smsShare = 0.5
const longestCodeMs = 9 * 60_000

const emailOf = (userId: string) => `${userId}@example.com`
const phoneOf = (userId: string) => `+2010${String(10_000_000 + people.indexOf(userId))}`

/** Identities that must be there before the first event. */
export const identities = people.map((userId) => ({ userId, email: emailOf(userId), phone: phoneOf(userId) }))

const pick = <T>(list: readonly T[]): T => list[randomInt(list.length)] as T

/** A person is meant by any of three names: their rows are in three partitions of the stream, their entries in one chain. */
function ofPerson(): { subject: Subject; userId?: string } {
  const userId = pick(people)
  const subject = pick<Subject>([
    { kind: 'email', value: emailOf(userId) },
    { kind: 'phone', value: phoneOf(userId) },
    { kind: 'identity', value: userId },
  ])
  // Most were bound by a challenge; the others the worker has to look up.
  return randomInt(4) > 0 ? { subject, userId } : { subject }
}

function aboutWhom(): Partial<LedgerEvent> & { subject: Subject } {
  const share = Math.random()
  if (share < guessShare) {
    const userId = pick(guessers)
    return { subject: { kind: 'email', value: emailOf(userId) }, userId, guess: 'failed' }
  }
  if (share < guessShare + strangerShare)
    return { subject: { kind: 'email', value: `nobody-${randomInt(strangers)}@example.com` } }
  return ofPerson()
}

function aboutCode(time: number): { smsCode?: SmsCode } {
  if (Math.random() > smsShare) return {}
  const what = pick(['sent', 'verified'] as const)
  return { smsCode: { country: pick(countries), askedAt: time - randomInt(longestCodeMs), what } }
}

/** @param number of the event, from 0 */
export function soakEvent(number: number): SoakEvent {
  const id = `soak-${String(number).padStart(8, '0')}`
  const time = Date.now()
  const event: LedgerEvent = {
    type: 'CODE_VERIFIED',
    time,
    actor: 'subject',
    outcome: 'failure',
    reason: 'wrong_code',
    otpVerified: false,
    userAgent: 'soak/1.0',
    requestId: id,
    ...aboutWhom(),
    ...aboutCode(time),
  }
  return { id, event }
}
