/** What an operator does to a country's SMS: on the items that count them, so that no message costs a call more. */
import { policy } from '../policy.ts'
import { getSeveral, transact, update, type Write } from './database.ts'
import { type Act, actRow } from './operator-acts.ts'
import { type Cap, capKey, caps, dayOf } from './sms-cap.ts'

const dayMs = 24 * 3_600_000

/** The items of each day that it may touch: its SMS are counted there, and the condition stands beside the count. */
const touched = (country: string, now: number, these: readonly Cap[] = caps) =>
  Array.from({ length: policy.smsHaltDays + 1 }, (_, day) => dayOf(now + day * dayMs)).flatMap((day) =>
    these.map((cap) => ({
      key: capKey(day, cap, country),
      sweepAt: Math.ceil((Date.parse(day) + 3 * dayMs) / 1000),
    })),
  )

/**
 * Pauses every SMS to a country, with the entry that says who did it. It ends by itself, lest it be forgotten.
 * @param now epoch ms
 * @returns until when (epoch ms)
 * @throws Unavailable
 */
export async function haltSms(country: string, by: Act, now: number): Promise<number> {
  const until = now + policy.smsHaltDays * dayMs
  const writes = touched(country, now).map(({ key, sweepAt }) =>
    update('challenges', key, 'SET haltedUntil = :until, sweepAt = :sweepAt', { values: { until, sweepAt } }),
  )
  await transact([...writes.map(unread), actRow({ type: 'SMS_PAUSED', fields: [country] }, by, now)])
  return until
}

/**
 * Ends such a pause, and one of the breaker, which begins another within a minute where it still sees cause.
 * @throws Unavailable
 */
export async function resumeSms(country: string, by: Act, now: number): Promise<void> {
  const writes = touched(country, now).map(({ key, sweepAt }) =>
    update('challenges', key, 'SET sweepAt = :sweepAt REMOVE haltedUntil, pausedUntil', {
      values: { sweepAt },
    }),
  )
  await transact([...writes.map(unread), actRow({ type: 'SMS_RESUMED', fields: [country] }, by, now)])
}

/**
 * Sets the floor of the breaker in place of the deployed one, with the entry that says who did it, for a week: one that is to
 * stay is a setting.
 * @param floor recovery codes a day that may stay unverified before they pause
 * @param now epoch ms
 * @returns the last day that it holds (YYYY-MM-DD, UTC)
 * @throws Unavailable
 */
export async function setSmsFloor(country: string, floor: number, by: Act, now: number): Promise<string> {
  const writes = touched(country, now, ['recovery']).map(({ key, sweepAt }) =>
    update('challenges', key, 'SET unverifiedFloor = :floor, sweepAt = :sweepAt', {
      values: { floor, sweepAt },
    }),
  )
  const said = { type: 'SMS_FLOOR_SET', fields: [country], limit: String(floor) } as const
  await transact([...writes.map(unread), actRow(said, by, now)])
  return dayOf(now + policy.smsHaltDays * dayMs)
}

/** @returns undefined where the deployed one holds. @throws Unavailable */
export async function readSmsFloor(country: string, now: number): Promise<number | undefined> {
  const [item] = await getSeveral([{ table: 'challenges', key: capKey(dayOf(now), 'recovery', country) }])
  return item?.['unverifiedFloor'] as number | undefined
}

/** Nothing of the item comes back: whoever does this need not read what is counted there. */
function unread({ Update, ...rest }: Write): Write {
  if (Update === undefined) return rest
  const { ReturnValuesOnConditionCheckFailure: _, ...blind } = Update
  return { Update: blind }
}
