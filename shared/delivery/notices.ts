/** Sends a message that a step wrote: to the address it was written with, which was on the stored identity. */
import { smsRefusal } from '../domain/sendable.ts'
import { log } from '../edge/log.ts'
import type { MessageRow } from '../events.ts'
import { transact } from '../stores/database.ts'
import { capWrite, takenWrites } from '../stores/deliveries.ts'
import { send } from './send.ts'
import { smsRules } from './sms-rules.ts'

/** @returns why no SMS goes out now, or undefined once it is counted. */
async function smsHindrance(phone: string, now: number): Promise<string | undefined> {
  const refusal = smsRefusal(phone, smsRules())
  if (refusal !== undefined) return refusal
  const verdict = await transact([capWrite('notice', phone, now)])
  return verdict.committed ? undefined : 'sms-cap'
}

/**
 * Sends a notice and takes its row from the outbox.
 * @throws what SES, SNS or DynamoDB answered; the notice may be tried again
 */
export async function deliverNotice(row: MessageRow): Promise<void> {
  const { channel, address, locale, template, eventId, time } = row.message
  const now = Date.now()
  const hindrance = channel === 'sms' ? await smsHindrance(address, now) : undefined
  if (hindrance === undefined) await send(channel, address, { template, eventId, time }, locale)
  else log.error('NoticeNotSent', { template, reason: hindrance, eventId })
  await transact(takenWrites(row, now))
}
