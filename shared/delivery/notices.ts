/** Sends a message that a step wrote: to the addresses it was written with, which were on the stored identity. */

import { log } from '../call/log.ts'
import { deriveNotMeToken } from '../crypto/not-me.ts'
import { tokenHash } from '../crypto/tokens.ts'
import { type Identity, isOwnAddress } from '../domain/identity.ts'
import { disownedBy } from '../domain/not-me.ts'
import { smsRefusal } from '../domain/sendable.ts'
import { knownDevice } from '../domain/user-agent.ts'
import type { Destination, MessageRow } from '../events.ts'
import { smsRules } from '../messages/sms-rules.ts'
import { settings } from '../settings.ts'
import { readIdentity } from '../stores/identities.ts'
import { grantWrite } from '../stores/not-me.ts'
import { leaseNotice, releaseNotice, takeNotice } from '../stores/notice-leases.ts'
import { claimReference } from '../stores/references.ts'
import { takeSmsPlace } from '../stores/sms-cap.ts'
import { type Patience, patiently, StillThrottled, tryMs } from './patience.ts'
import { send } from './send.ts'

type Message = MessageRow['message']

/** Every address of a message, each at its place. */
const destinationsOf = (message: Message): readonly Destination[] =>
  'to' in message ? message.to : [{ channel: message.channel, address: message.address }]

/** The page to disown the change on, and the grant that it takes. The token is a fragment: no server sees it. */
async function linkFor(message: Message) {
  const disowned = disownedBy(message.template)
  if (disowned === undefined) return undefined
  const token = await deriveNotMeToken(message)
  const grant = await grantWrite(tokenHash(token), message, disowned)
  return { link: `${new URL('/not-me', settings().ORIGIN)}#${token}`, grant }
}

/** As calls and workers number their events. A row of another's making could hold any text there. */
const eventIdPattern = /^[\w-]{1,64}(?:#[\w-]{1,32}){1,4}$/

/**
 * Judges a row by itself, whoever wrote it: it goes to an address of the identity, or to one that was its own at what it tells
 * of, and says nothing that is not in the catalogues (G16).
 * @returns why it does not go there, or undefined
 */
function unfit(message: Message, to: Destination, identity: Identity | undefined): string | undefined {
  if (!eventIdPattern.test(message.eventId)) return 'malformed'
  if (identity === undefined) return 'erased'
  return isOwnAddress(identity, { ...to, time: message.time }) ? undefined : 'not_own_address'
}

/** Counts an SMS, where it is one and may go. @returns why it does not go, or undefined */
async function hindrance({ template, locale }: Message, { channel, address }: Destination) {
  if (channel !== 'sms') return undefined
  const refusal = smsRefusal(address, smsRules(settings()), { text: template, locale })
  if (refusal !== undefined) return refusal
  return takeSmsPlace('notice', address, Date.now())
}

/** What a notice says, once what is in it leads somewhere. */
async function contentOf(message: Message) {
  const { template, time, from } = message
  const linked = await linkFor(message)
  const reference = await claimReference(message, Date.now(), linked?.grant)
  const device = knownDevice(from?.userAgent, from?.os)
  return { template, reference, time, ...(linked && { link: linked.link }), ...(device && { device }) }
}

/** Sends a notice to all addresses that it has not gone to; one that fails holds up no other. @param sent grows by what is done */
async function sendAll({ message, sk }: MessageRow, sent: Set<number>, patience: Patience): Promise<void> {
  const { template, locale } = message
  const identity = await readIdentity(message.userId)
  const due = destinationsOf(message)
    .map((to, place) => ({ to, place, reason: unfit(message, to, identity) }))
    .filter(({ place }) => !sent.has(place))
  const content = due.some(({ reason }) => reason === undefined) ? await contentOf(message) : undefined
  const ends = await Promise.allSettled(
    due.map(async ({ to, place, reason: unfitFor }) => {
      const reason = unfitFor ?? (await hindrance(message, to))
      if (content !== undefined && reason === undefined)
        await patiently(patience, () => send(to.channel, to.address, content, locale))
      else log.error('NoticeNotSent', { template, reason, row: sk })
      sent.add(place)
    }),
  )
  const failures = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []))
  // What fails otherwise is a try; a sender that throttles is none.
  const failed = failures.find((reason) => !(reason instanceof StillThrottled)) ?? failures[0]
  if (failed !== undefined) throw failed
}

/**
 * Sends a notice and takes its row away.
 * @throws StillThrottled, what SES, SNS, KMS or DynamoDB answered, or Error where another worker has the notice; it may be tried again
 */
export async function deliverNotice(row: MessageRow, patience: Patience): Promise<void> {
  if (patience.leftMs() < tryMs) throw new StillThrottled('The run has no time for it')
  const now = Date.now()
  const lease = await leaseNotice(row, now)
  if (lease.refused !== undefined) {
    if (lease.refused === 'done') return
    throw new Error('Another worker has this notice')
  }
  const sent = new Set(lease.sent)
  try {
    await sendAll(row, sent, patience)
    await takeNotice(row)
  } catch (error) {
    // Best effort: without it the next try waits for the lease to end, and may send once more what was sent.
    await releaseNotice(row, { until: lease.until, sent: [...sent] }).catch(() => undefined)
    throw error
  }
}
