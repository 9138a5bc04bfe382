/** Tells the owner of a change, in the transaction that makes it. */
import type { Channel } from '../contract/flows.ts'
import { addressOf, confirmationChannels, type Identity } from '../domain/identity.ts'
import type { Call } from '../edge/call.ts'
import type { Message } from '../events.ts'
import type { Write } from '../stores/database.ts'

/**
 * Messages to all channels that are due.
 * @param eventId the ledger entry it tells of
 * @param codeChannel where the code came by, if one did
 */
export function confirmations(
  call: Pick<Call, 'message'>,
  identity: Identity,
  template: Message['template'],
  eventId: string,
  codeChannel?: Channel,
): Write[] {
  return confirmationChannels(identity, codeChannel).flatMap((channel) => {
    const address = addressOf(identity, channel)
    if (address === undefined) return []
    const { userId, locale } = identity
    return [call.message({ template, userId, channel, address, locale, eventId })]
  })
}
