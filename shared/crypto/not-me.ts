/** The token in a confirmation's link: made again at will by the worker that sends it, kept by nobody. */
import { createHmac } from 'node:crypto'
import { policy } from '../policy.ts'
import { settings } from '../settings.ts'
import { messageOf } from './kms.ts'
import { linkSubKey } from './link-proof.ts'

/** What a token is for: the messages of one change by one template carry the same. */
export interface DisownedChange {
  readonly userId: string
  readonly eventId: string
  readonly template: string
  /** When it was made (epoch ms). */
  readonly time: number
}

/**
 * 128 bits that nobody without KEY_LINK can foresee, always the same for a change, so that email and SMS carry one
 * link and a message sent twice carries it again. Short, because it stands in an SMS.
 * @returns base64url
 * @throws Unavailable
 */
export async function deriveNotMeToken(change: DisownedChange): Promise<string> {
  const { userId, eventId, template, time } = change
  const key = await linkSubKey(settings().KEY_LINK, time)
  const mac = createHmac('sha256', key)
    .update(messageOf('not-me', [userId, eventId, template]))
    .digest()
  return mac.subarray(0, policy.notMeTokenBytes).toString('base64url')
}
