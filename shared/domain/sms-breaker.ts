/**
 * Toll fraud shows in codes that are sent and never given back: fraud asks, and nobody types. When too many of a country's
 * stay unverified, its recovery codes by SMS pause. Pure; counts come from the ledger's appender.
 */
import { type Channel, type FlowId, flowOf } from '../contract/flows.ts'
import { countryOf } from '../contract/phones.ts'
import type { SmsCode } from '../events.ts'
import { policy } from '../policy.ts'
import type { Challenge } from './challenge.ts'

const slotMs = policy.smsSlotSeconds * 1000
const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** What is counted of a code: SMS of a recovery alone, so that asking for resets cannot close signing in. */
export function countedSms(
  what: SmsCode['what'],
  flow: FlowId,
  channel: Channel | undefined,
  address: string | undefined,
  askedAt: number,
): { readonly smsCode?: SmsCode } {
  const country = address === undefined || channel !== 'sms' ? undefined : countryOf(address)
  if (country === undefined || flowOf(flow).smsCap !== 'recovery') return {}
  return { smsCode: { country, askedAt, what } }
}

/** What an entry of a right code counts. A VERIFIED challenge was counted when it was verified. */
export function provedSms(challenge: Challenge): { readonly smsCode?: SmsCode } {
  const { flow, channel, address, state, expiresAt } = challenge
  const askedAt = expiresAt - flowOf(flow).codeLifeSeconds * 1000
  return state === 'ISSUED' ? countedSms('verified', flow, channel, address, askedAt) : {}
}

/** Codes that were asked for in the slot that begins at `at` (epoch ms), and those of them that were given back right. */
export interface Slot {
  readonly at: number
  readonly sent: number
  readonly verified: number
}

export interface CountryCounts {
  /** Of the last two days at least. */
  readonly slots: readonly Slot[]
  /** Of the last {@link policy.smsHistoryDays} days, today among them. */
  readonly verifiedByDay: readonly number[]
}

export type BreakerState =
  | { readonly paused: false }
  | {
      readonly paused: true
      readonly rule: 'day' | 'hour' | 'open'
      readonly unverified: number
      readonly limit: number
    }

/** When every code of a slot has ended: a slot is as long as the longest life. */
const overAt = ({ at }: Slot) => at + 2 * slotMs

const sum = (slots: readonly Slot[], value: (slot: Slot) => number) =>
  slots.reduce((total, slot) => total + value(slot), 0)
/** A verification may be counted before the sending: never less than none. */
const unverifiedOf = (slots: readonly Slot[]) =>
  sum(slots, ({ sent, verified }) => Math.max(0, sent - verified))

/**
 * Judges a country.
 * @param floor unverified codes a day that are always allowed; the deployer's
 * @param now epoch ms
 */
export function judgeCountry(counts: CountryCounts, floor: number, now: number): BreakerState {
  const { slots, verifiedByDay } = counts
  const day = Math.max(floor, Math.floor(policy.smsUnverifiedShare * Math.max(0, ...verifiedByDay)))
  const hour = Math.max(
    Math.min(policy.smsUnverifiedPerHour, day),
    Math.floor(day * policy.smsUnverifiedHourShare),
  )
  const endedWithin = (windowMs: number) =>
    unverifiedOf(slots.filter((slot) => overAt(slot) <= now && overAt(slot) > now - windowMs))
  const live = slots.filter((slot) => slot.at <= now && overAt(slot) > now)
  const open = unverifiedOf(live)
  const mostlyVerified = open <= sum(live, ({ verified }) => verified)
  const rules = [
    { rule: 'day', unverified: endedWithin(dayMs), limit: day },
    { rule: 'hour', unverified: endedWithin(hourMs), limit: hour },
    { rule: 'open', unverified: mostlyVerified ? 0 : open, limit: Math.max(policy.smsOpenCodes, day) },
  ] as const
  const broken = rules.find(({ unverified, limit }) => unverified > limit)
  return broken === undefined ? { paused: false } : { paused: true, ...broken }
}
