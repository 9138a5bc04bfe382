/** The token in a confirmation's link: made again at will by the worker that sends it, kept by nobody. */
import { policy } from '../policy.ts'
import { settings } from '../settings.ts'
import { generateMac } from './kms.ts'

/** What a token is for: the messages of one change by one template carry the same. */
export interface DisownedChange {
  readonly userId: string
  readonly eventId: string
  readonly template: string
}

/**
 * 128 bits that nobody without KEY_CODE_DERIVE can foresee, always the same for a change, so that email and SMS carry one
 * link and a message sent twice carries it again.
 * @returns base64url
 * @throws Unavailable
 */
export async function deriveNotMeToken({ userId, eventId, template }: DisownedChange): Promise<string> {
  const mac = await generateMac(settings().KEY_CODE_DERIVE, 'not-me', [userId, eventId, template])
  return mac.subarray(0, policy.notMeTokenBytes).toString('base64url')
}
