/** Sends a message that a step wrote: to the address it was written with, which was on the stored identity. */

import { log } from '../call/log.ts'
import { deriveNotMeToken } from '../crypto/not-me.ts'
import { tokenHash } from '../crypto/tokens.ts'
import { isOwnAddress } from '../domain/identity.ts'
import { disownedBy } from '../domain/not-me.ts'
import { smsRefusal } from '../domain/sendable.ts'
import type { Message, MessageRow } from '../events.ts'
import { settings } from '../settings.ts'
import type { Write } from '../stores/database.ts'
import { takenWrites } from '../stores/deliveries.ts'
import { readIdentity } from '../stores/identities.ts'
import { grantWrite } from '../stores/not-me.ts'
import { takeSmsPlace } from '../stores/sms-cap.ts'
import { commit } from '../stores/transaction.ts'
import { send } from './send.ts'
import { smsRules } from './sms-rules.ts'

/** The page to disown the change on, and what makes its token count. The token is a fragment: no server sees it. */
async function disowning(message: Message): Promise<{ readonly link?: string; readonly writes: Write[] }> {
  const disowned = disownedBy(message.template)
  if (disowned === undefined) return { writes: [] }
  const token = await deriveNotMeToken(message)
  return {
    link: `${new URL('/not-me', settings().ORIGIN)}#${token}`,
    writes: [await grantWrite(tokenHash(token), message, disowned)],
  }
}

/** As calls and workers number their events. A row of another's making could hold any text there. */
const eventIdPattern = /^[\w-]{1,64}(?:#[\w-]{1,32}){1,4}$/

/**
 * Judges a row by itself, whoever wrote it: it goes to an address of the identity, or to one that was its own at what it tells
 * of, and says nothing that is not in the catalogues (G16).
 * @returns why it does not go, or undefined
 */
async function unfit(message: Message): Promise<string | undefined> {
  if (!eventIdPattern.test(message.eventId)) return 'malformed'
  const identity = await readIdentity(message.userId)
  if (identity === undefined) return 'erased'
  return isOwnAddress(identity, message) ? undefined : 'not_own_address'
}

/** Commits what a message needs before it goes. @returns why it does not go, or undefined. */
async function hindrance({ channel, address, template, locale }: Message, writes: Write[], now: number) {
  const content = { text: template, locale }
  const refusal = channel === 'sms' ? smsRefusal(address, smsRules(), content) : undefined
  if (refusal !== undefined) return refusal
  const full = channel === 'sms' ? await takeSmsPlace('notice', address, now) : undefined
  if (full === undefined && writes.length > 0) await commit({ writes })
  return full
}

/**
 * Sends a notice and takes its row from the outbox.
 * @throws what SES, SNS, KMS or DynamoDB answered; the notice may be tried again
 */
export async function deliverNotice(row: MessageRow): Promise<void> {
  const { channel, address, locale, template, eventId, time } = row.message
  const now = Date.now()
  let reason = await unfit(row.message)
  if (reason === undefined) {
    const { link, writes } = await disowning(row.message)
    reason = await hindrance(row.message, writes, now)
    if (reason === undefined)
      await send(channel, address, { template, eventId, time, ...(link !== undefined && { link }) }, locale)
  }
  if (reason !== undefined) log.error('NoticeNotSent', { template, reason, row: row.sk })
  await commit({ taken: takenWrites(row, now) })
}
