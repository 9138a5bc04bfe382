/** Makes a password unusable until it is reset. Nobody learns a secret; all sessions end; the owner is told. */

import type { Call } from '../call/call.ts'
import type { Identity } from '../domain/identity.ts'
import { identitySubject } from '../domain/subject.ts'
import { requireResetWrite } from '../stores/identity-changes.ts'
import { confirmations } from './confirm.ts'

/**
 * @param held what the identity must still be: as it was read, or just there
 * @param actor who asks for it, as the entry names them
 */
export function requireResetWrites(call: Call, identity: Identity, held: 'as-read' | 'there', actor: string) {
  const { userId } = identity
  const event = call.event({
    type: 'IDENTITY_CHANGED',
    outcome: 'success',
    reason: 'reset_required',
    subject: identitySubject(userId),
    userId,
    fields: ['password'],
    actor,
  })
  return {
    identity: requireResetWrite(identity, held, call.now),
    event: event.write,
    told: confirmations(call, identity, 'resetRequired', event.id),
  }
}
