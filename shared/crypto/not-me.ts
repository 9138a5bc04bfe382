/** The token in a confirmation's link: made again at will by the worker that sends it, kept by nobody. */
import { policy } from '../policy.ts'
import { settings } from '../settings.ts'
import { subKey, subMac, windowOf } from './sub-keys.ts'

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
export async function deriveNotMeToken({ userId, eventId, template, time }: DisownedChange): Promise<string> {
  // The sub-key of the grants: whoever has it may make both, and one call a day gives it.
  const key = await subKey(settings().KEY_LINK, 'link', windowOf('day', time))
  const mac = subMac(key, 'not-me', [userId, eventId, template])
  return mac.subarray(0, policy.notMeTokenBytes).toString('base64url')
}
