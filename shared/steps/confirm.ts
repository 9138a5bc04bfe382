/** Tells the owner of a change, in the transaction that makes it. A suspended identity is sent nothing. */

import type { Call } from '../call/call.ts'
import type { Recorder } from '../call/recorder.ts'
import type { Channel } from '../contract/flows.ts'
import { addressOf, confirmationChannels, type Identity, isEligible } from '../domain/identity.ts'
import type { Message } from '../events.ts'
import { settings } from '../settings.ts'
import type { Write } from '../stores/database.ts'

/** Whose device it was is known of a call; what an admin or the service itself does comes from none of the person's. */
type Messenger = Pick<Recorder, 'message'> & Partial<Pick<Call, 'actor' | 'userAgent' | 'device'>>

function fromOf({ actor, userAgent, device }: Messenger): Pick<Message, 'from'> {
  if (actor !== 'subject') return {}
  const from = {
    ...(userAgent !== undefined && { userAgent }),
    ...(device?.os !== undefined && { os: device.os }),
  }
  return Object.keys(from).length === 0 ? {} : { from }
}

function tell(
  call: Messenger,
  identity: Identity,
  channels: readonly Channel[],
  template: Message['template'],
  eventId: string,
): Write[] {
  if (!isEligible(identity)) return []
  const to = channels.flatMap((channel) => {
    const address = addressOf(identity, channel)
    return address === undefined ? [] : [{ channel, address }]
  })
  const { userId, locale } = identity
  const message = { template, userId, to, locale, eventId, ...fromOf(call) }
  return to.length === 0 ? [] : [call.message(message)]
}

/**
 * Messages to all channels that are due.
 * @param eventId the ledger entry it tells of
 * @param codeChannel where the code came by, if one did
 */
export const confirmations = (
  call: Messenger,
  identity: Identity,
  template: Message['template'],
  eventId: string,
  codeChannel?: Channel,
): Write[] =>
  tell(
    call,
    identity,
    confirmationChannels(identity, codeChannel, settings().CONFIRM_BY_SMS),
    template,
    eventId,
  )

/** Messages to every address there is: one of them may be in the wrong hands. */
export const tellEverywhere = (
  call: Messenger,
  identity: Identity,
  template: Message['template'],
  eventId: string,
): Write[] => tell(call, identity, ['email', 'sms'], template, eventId)
