/**
 * The day's SMS to a country, counted before they go: one item for all of them, so it is counted by a plain update and is in
 * no transaction, where each would cancel the others (ADR 0092). A count is too high by what failed
 * after it; it is too low by nothing but a code that goes a second time, since its record failed.
 */
import { countryOf } from '../contract/phones.ts'
import { policy } from '../policy.ts'
import { settings } from '../settings.ts'
import { getSeveral, update, updateOne } from './database.ts'
import { challengeKinds } from './keys.ts'
import { commit } from './transaction.ts'

export const caps = ['recovery', 'signIn', 'notice'] as const
export type Cap = (typeof caps)[number]
/** The day that SMS of a moment (epoch ms) count for, in UTC. */
export const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10)

export const capKey = (day: string, cap: Cap, country: string) => challengeKinds.cap.key(day, cap, country)

const keyOf = (cap: Cap, phone: string, now: number) => capKey(dayOf(now), cap, countryOf(phone) ?? '')

/** How many SMS of each cap may go to a country in a day. */
export function smsPerDay(country: string): number {
  const { SMS_DAILY_CAPS: perDay } = settings()
  return perDay[country] ?? perDay['default'] ?? policy.smsDailyCapPerCountry
}

/** The SMS of a day to a country. */
export interface SmsOfDay {
  readonly country: string
  /** Taken places of each cap: what failed after its place was taken may be among them. */
  readonly sent: Readonly<Record<Cap, number>>
  /** Until when the breaker pauses the country, and an operator (epoch ms; 0: not). */
  readonly pausedUntil: number
  readonly haltedUntil: number
  /** How many codes may stay unverified, as an operator set it (0: as the stage says). */
  readonly unverifiedFloor: number
}

/** The SMS of the day to a country: one read. @param now epoch ms @throws Unavailable */
export async function readSmsOfDay(country: string, now: number): Promise<SmsOfDay> {
  const day = dayOf(now)
  const items = await getSeveral(
    caps.map((cap) => ({ table: 'challenges' as const, key: capKey(day, cap, country) })),
  )
  const latest = (name: string) => Math.max(...items.map((item) => Number(item?.[name] ?? 0)))
  const sent = Object.fromEntries(caps.map((cap, place) => [cap, Number(items[place]?.['sent'] ?? 0)]))
  return {
    country,
    sent: sent as Record<Cap, number>,
    pausedUntil: latest('pausedUntil'),
    haltedUntil: latest('haltedUntil'),
    unverifiedFloor: latest('unverifiedFloor'),
  }
}

const isOver = (until: string) => `(attribute_not_exists(${until}) OR ${until} <= :now)`
const hasRoom = '(attribute_not_exists(sent) OR sent < :most)'

/**
 * Takes a place among the day's SMS to a country; each cap has its own. The breaker pauses here, and so does an operator.
 * @param now epoch ms
 * @returns why there is none, or undefined
 * @throws Unavailable
 */
export async function takeSmsPlace(
  cap: Cap,
  phone: string,
  now: number,
): Promise<'sms-cap' | 'sms-paused' | undefined> {
  const most = smsPerDay(countryOf(phone) ?? '')
  const taken = await updateOne(
    'challenges',
    keyOf(cap, phone, now),
    'ADD sent :one SET sweepAt = :sweepAt',
    {
      condition: `${hasRoom} AND ${isOver('pausedUntil')} AND ${isOver('haltedUntil')}`,
      values: { one: 1, most, now, sweepAt: Math.ceil(now / 1000) + 2 * 24 * 3600 },
    },
  )
  if (taken.done) return undefined
  const paused = ['pausedUntil', 'haltedUntil'].some((name) => Number(taken.met?.[name] ?? 0) > now)
  return paused ? 'sms-paused' : 'sms-cap'
}

/**
 * Gives back a place with which nothing was sent or will be. Best effort: one that is kept costs one message of the day. A
 * transaction, whose token makes it once however often the SDK repeats it: a place that came back twice would be one too few.
 */
export async function returnSmsPlace(cap: Cap, phone: string, now: number): Promise<void> {
  const place = update('challenges', keyOf(cap, phone, now), 'ADD sent :less', {
    condition: 'sent > :zero',
    values: { less: -1, zero: 0 },
  })
  await commit({ place }).catch(() => undefined)
}
