/** What a wrong sign-in code means to the owner of the password that was right. */

import type { Call } from '../call/call.ts'
import type { StoredChallenge } from '../stores/challenges.ts'
import type { Write } from '../stores/database.ts'
import { readIdentity } from '../stores/identities.ts'
import { isNoted, noteWrite } from '../stores/limits.ts'
import { confirmations } from './confirm.ts'

/**
 * A wrong code after a right password: someone may have the password. The owner is told at the first of a sign-in, sent or
 * not: its id, which was met, names whose it is. That he was told stands on the challenge, written with the message.
 * @throws Unavailable
 */
export async function tellOwner(
  call: Call,
  userId: string,
  challenge: StoredChallenge,
  eventId: string,
): Promise<readonly Write[]> {
  const note = { key: { pk: challenge.pk }, attribute: 'notedWrong', window: challenge.challengeId }
  if (isNoted({ ...note, met: { ...challenge } })) return []
  const identity = await readIdentity(userId)
  return identity ? [noteWrite(note), ...confirmations(call, identity, 'wrongSignInCode', eventId)] : []
}
