/** An operator's pause of all SMS to a country: on the items that count them, so that no message costs a call more. */
import type { LedgerEvent } from '../events.ts'
import { policy } from '../policy.ts'
import { transact, update, type Write } from './database.ts'
import { eventRow } from './outbox.ts'
import { capKey, caps } from './sms-cap.ts'

const dayMs = 24 * 3_600_000
const dayOf = (time: number) => new Date(time).toISOString().slice(0, 10)

/** The items of each day that a pause may touch: its SMS are counted there, and the condition stands beside the count. */
const touched = (country: string, now: number) =>
  Array.from({ length: policy.smsHaltDays + 1 }, (_, day) => dayOf(now + day * dayMs)).flatMap((day) =>
    caps.map((cap) => ({
      key: capKey(day, cap, country),
      sweepAt: Math.ceil((Date.parse(day) + 3 * dayMs) / 1000),
    })),
  )

/** The entry of the act, in the chain of the system. @param id random, of this act */
const actEvent = (act: 'SMS_PAUSED' | 'SMS_RESUMED', country: string, by: HaltBy, now: number): Write => {
  const { id, actor, note } = by
  const event: LedgerEvent = {
    type: act,
    time: now,
    actor,
    subject: { kind: 'identity', value: 'system' },
    outcome: 'success',
    reason: 'operator',
    fields: [country],
    requestId: id,
    ...(note !== undefined && { note }),
  }
  return eventRow(event, `${id}#1`)
}

export interface HaltBy {
  /** Names the act, as a request's id does. */
  readonly id: string
  /** Who does it: an ARN. */
  readonly actor: string
  readonly note?: string | undefined
}

/**
 * Pauses every SMS to a country, with the entry that says who did it. It ends by itself, lest it be forgotten.
 * @param now epoch ms
 * @returns until when (epoch ms)
 * @throws Unavailable
 */
export async function haltSms(country: string, by: HaltBy, now: number): Promise<number> {
  const until = now + policy.smsHaltDays * dayMs
  const writes = touched(country, now).map(({ key, sweepAt }) =>
    update('challenges', key, 'SET haltedUntil = :until, sweepAt = :sweepAt', { values: { until, sweepAt } }),
  )
  await transact([...writes.map(unread), actEvent('SMS_PAUSED', country, by, now)])
  return until
}

/**
 * Ends such a pause, and one of the breaker, which begins another within a minute where it still sees cause.
 * @throws Unavailable
 */
export async function resumeSms(country: string, by: HaltBy, now: number): Promise<void> {
  const writes = touched(country, now).map(({ key, sweepAt }) =>
    update('challenges', key, 'SET sweepAt = :sweepAt REMOVE haltedUntil, pausedUntil', {
      values: { sweepAt },
    }),
  )
  await transact([...writes.map(unread), actEvent('SMS_RESUMED', country, by, now)])
}

/** Nothing of the item comes back: whoever does this need not read what is counted there. */
function unread({ Update, ...rest }: Write): Write {
  if (Update === undefined) return rest
  const { ReturnValuesOnConditionCheckFailure: _, ...blind } = Update
  return { Update: blind }
}
