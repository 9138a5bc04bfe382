/** Sends a message that a step wrote: to the address it was written with, which was on the stored identity. */

import { log } from '../call/log.ts'
import { deriveNotMeToken } from '../crypto/not-me.ts'
import { tokenHash } from '../crypto/tokens.ts'
import { isOwnAddress } from '../domain/identity.ts'
import { disownedBy } from '../domain/not-me.ts'
import { smsRefusal } from '../domain/sendable.ts'
import type { Message, MessageRow } from '../events.ts'
import type { Judged } from '../judged.ts'
import { settings } from '../settings.ts'
import type { Write } from '../stores/database.ts'
import { capWrite, takenWrites } from '../stores/deliveries.ts'
import { readIdentity } from '../stores/identities.ts'
import { grantWrite } from '../stores/not-me.ts'
import { commitWithReference } from '../stores/references.ts'
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

/** Commits what a message needs before it goes. @returns its reference, or why it does not go. */
async function prepare(
  message: Message,
  link: Write[],
  now: number,
): Promise<Judged<{ readonly reference: string }, string>> {
  const { channel, address, template, locale } = message
  const content = { text: template, locale }
  const refusal = channel === 'sms' ? smsRefusal(address, smsRules(), content) : undefined
  if (refusal !== undefined) return { refused: refusal }
  const cap = channel === 'sms' ? capWrite('notice', address, now) : undefined
  return commitWithReference(message, { 'sms-cap': cap, link }, now)
}

/** @returns why it did not go, or undefined */
async function carryOut(message: Message, now: number): Promise<string | undefined> {
  const { channel, address, locale, template, time } = message
  const reason = await unfit(message)
  if (reason !== undefined) return reason
  const { link, writes } = await disowning(message)
  const prepared = await prepare(message, writes, now)
  if (prepared.refused !== undefined) return prepared.refused
  const { reference } = prepared
  await send(channel, address, { template, reference, time, ...(link !== undefined && { link }) }, locale)
  return undefined
}

/**
 * Sends a notice and takes its row from the outbox.
 * @throws what SES, SNS, KMS or DynamoDB answered; the notice may be tried again
 */
export async function deliverNotice(row: MessageRow): Promise<void> {
  const now = Date.now()
  const reason = await carryOut(row.message, now)
  if (reason !== undefined)
    log.error('NoticeNotSent', { template: row.message.template, reason, row: row.sk })
  await commit({ taken: takenWrites(row, now) })
}
