/** Recovery codes by SMS, per country and ten minutes: sent and verified. Kept by append-ledger, read by the breaker. */
import { hash } from 'node:crypto'
import type { CountryCounts, Slot } from '../domain/sms-breaker.ts'
import type { SmsCode } from '../events.ts'
import { policy } from '../policy.ts'
import { getSeveral, type Item, noteOne, update, type Write } from './database.ts'
import { challengeKinds } from './keys.ts'
import { capKey, dayOf } from './sms-cap.ts'

/** Chains that are appended to at once seldom meet in one, also at a thousand recoveries a second (ADR 0092). Never fewer: older days have fewer. */
export const smsCountShards = 32
/** As many days as one BatchGetItem has room for: it takes 100 keys. */
const daysAtOnce = Math.floor(100 / smsCountShards)
const dayMs = 24 * 3_600_000
const slotMs = policy.smsSlotSeconds * 1000
const slotsPerDay = dayMs / slotMs

const countKey = (day: string, country: string, shard: number) =>
  challengeKinds.smsCount.key(day, country, String(shard))
const slotOf = (time: number) => Math.floor((time % dayMs) / slotMs)

/** Names of a slot's two counts. */
const sentName = (slot: number) => `s${slot}`
const verifiedName = (slot: number) => `v${slot}`

/**
 * Counts codes in the transaction that appends their entries: each exactly once, however often the stream brings it.
 * @param chain of the entries: picks the shard
 */
export function countWrites(codes: readonly (SmsCode | undefined)[], chain: string): Write[] {
  const shard = hash('sha256', chain, 'buffer').readUInt32BE(0) % smsCountShards
  const items = new Map<string, { at: number; counts: Map<string, number> }>()
  for (const code of codes) {
    if (code === undefined) continue
    const { pk } = countKey(dayOf(code.askedAt), code.country, shard)
    const { at, counts } = items.get(pk) ?? { at: code.askedAt, counts: new Map<string, number>() }
    const name = (code.what === 'sent' ? sentName : verifiedName)(slotOf(code.askedAt))
    items.set(pk, { at, counts: counts.set(name, (counts.get(name) ?? 0) + 1) })
  }
  return [...items].map(([pk, { at, counts }]) => {
    const sweepAt = Math.ceil((at + (policy.smsHistoryDays + 2) * dayMs) / 1000)
    const added = [...counts.keys()].map((name) => `${name} :${name}`).join(', ')
    return update('challenges', { pk }, `ADD ${added} SET sweepAt = :sweepAt`, {
      values: { ...Object.fromEntries(counts), sweepAt },
    })
  })
}

const countIn = (items: readonly (Item | undefined)[], name: string) =>
  items.reduce((total, item) => total + Number(item?.[name] ?? 0), 0)

const inGroups = <T>(list: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  )

/** All shards of some days, in their order. */
const readShards = (days: readonly string[], country: string): Promise<(Item | undefined)[]> =>
  getSeveral(
    days.flatMap((day) =>
      Array.from({ length: smsCountShards }, (_, shard) => ({
        table: 'challenges' as const,
        key: countKey(day, country, shard),
      })),
    ),
  )

/** Days are read by their names, so that what is swept late counts no longer (G11). @throws Unavailable */
export async function readCounts(country: string, now: number): Promise<CountryCounts> {
  const days = Array.from({ length: policy.smsHistoryDays }, (_, back) => dayOf(now - back * dayMs))
  const items = (
    await Promise.all(inGroups(days, daysAtOnce).map((some) => readShards(some, country)))
  ).flat()
  const slots: Slot[] = []
  const verifiedByDay = days.map((day, place) => {
    const own = items.slice(place * smsCountShards, (place + 1) * smsCountShards)
    const start = Date.parse(day)
    const ofDay = Array.from({ length: slotsPerDay }, (_, slot) => ({
      at: start + slot * slotMs,
      sent: countIn(own, sentName(slot)),
      verified: countIn(own, verifiedName(slot)),
    }))
    slots.push(...ofDay)
    return ofDay.reduce((total, { verified }) => total + verified, 0)
  })
  return { slots, verifiedByDay }
}

/**
 * Pauses a country's recovery codes for a few minutes, where they are counted anyway: on the item of each day that the
 * pause touches. It ends by itself, so that a watch that stops does not leave a country shut.
 * @throws Unavailable
 */
export async function pause(country: string, now: number): Promise<void> {
  const until = now + policy.smsPauseSeconds * 1000
  for (const day of new Set([dayOf(now), dayOf(until)]))
    await noteOne(
      'challenges',
      capKey(day, 'recovery', country),
      'SET pausedUntil = :until, sweepAt = :sweepAt',
      {
        values: { until, sweepAt: Math.ceil((until + 2 * dayMs) / 1000) },
      },
    )
}
