/** The owner disowns a change: recovery is frozen, everything open is void, the changed secret cannot be used. */

import type { StepCall } from '#shared/call/call.ts'
import { done, type Reply, refuse } from '#shared/call/reply.ts'
import { tokenHash } from '#shared/crypto/tokens.ts'
import { iso } from '#shared/domain/iso.ts'
import { identitySubject } from '#shared/domain/subject.ts'
import { edge } from '#shared/edge/edge.ts'
import { policy } from '#shared/policy.ts'
import { tellEverywhere } from '#shared/steps/confirm.ts'
import { readIdentity } from '#shared/stores/identities.ts'
import { disownWrite } from '#shared/stores/identity-changes.ts'
import { presentGrant, useGrantWrite } from '#shared/stores/not-me.ts'
import { commit } from '#shared/stores/transaction.ts'

const type = 'RECOVERY_FROZEN'
const message =
  'This link is wrong, was used before, or is older than a week. Ask support if you still need help.'

/** No userId holds a tilde: a token that nobody was sent is an unknown subject's. */
async function refuseLink(call: StepCall<'not-me'>, reason: string, userId = '~'): Promise<Reply> {
  const kind = userId === '~' ? 'userId' : 'identity'
  const event = call.event({ type, outcome: 'failure', reason, subject: { kind, value: userId } })
  await commit({ event: event.write })
  return refuse('TOKEN_INVALID', { message })
}

export const handler = edge('not-me', async (call) => {
  const { now } = call
  const hash = tokenHash(call.body.token)
  const presented = await presentGrant(hash, now)
  if (presented.refused) return refuseLink(call, presented.refused.reason, presented.refused.userId)
  const { userId, disowned, changedAt } = presented.grant
  const identity = await readIdentity(userId)
  if (identity === undefined || identity.createdAt > changedAt) return refuseLink(call, 'erased', userId)
  const subject = identitySubject(userId)
  const fields = disowned === 'none' ? {} : { fields: [disowned] }
  const event = call.event({ type, outcome: 'success', reason: 'not_me', subject, userId, ...fields })
  const until = now + policy.freezeSeconds * 1000
  // Of a suspended identity too: what is somebody else's must not wake up with it.
  const end = await commit({
    grant: useGrantWrite(hash, now),
    identity: disownWrite(identity, disowned, until, now),
    event: event.write,
    told: tellEverywhere(call, identity, 'changeDisowned', event.id),
  })
  if (!end.committed) return refuseLink(call, end.refusedBy === 'grant' ? 'used' : 'erased', userId)
  return done(
    'Thank you. Resets are paused, all devices are signed out, and what was changed cannot be used.',
    {
      frozenUntil: iso(until),
      ...(disowned === 'password' && { passwordDisabled: true }),
      ...(disowned === 'pin' && { pinLocked: true }),
    },
  )
})
