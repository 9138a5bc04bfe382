/** Makes a password unusable until it is reset. Nobody learns a secret; all sessions end; the owner is told. */

import type { Call } from '../call/call.ts'
import type { Identity } from '../domain/identity.ts'
import { update, type Write } from '../stores/database.ts'
import { identityKey } from '../stores/identities.ts'
import { confirmations } from './confirm.ts'

const change =
  'SET resetRequired = :yes, credentialEpoch = credentialEpoch + :one, updatedAt = :now, rev = rev + :one REMOVE breachCheckDue'

/**
 * @param held what the identity must still be
 * @param actor who asks for it, as the entry names them
 */
export function requireResetWrites(
  call: Call,
  identity: Identity,
  held: { readonly condition: string; readonly values?: Readonly<Record<string, unknown>> },
  actor: string,
): Write[] {
  const { userId } = identity
  const event = call.event({
    type: 'IDENTITY_CHANGED',
    outcome: 'success',
    reason: 'reset_required',
    subject: { kind: 'identity', value: userId },
    userId,
    fields: ['password'],
    actor,
  })
  return [
    update('identities', identityKey(userId), change, {
      condition: held.condition,
      values: { ...held.values, yes: true, one: 1, now: call.now },
    }),
    event.write,
    ...confirmations(call, identity, 'resetRequired', event.id),
  ]
}
