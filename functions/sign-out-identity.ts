/** Ends all sessions of an identity; its password and PIN stay as they are. */

import { done, refuse } from '#shared/call/reply.ts'
import { identitySubject } from '#shared/domain/subject.ts'
import { edge } from '#shared/edge/edge.ts'
import { identityOfPath } from '#shared/steps/admin.ts'
import { endAllSessionsWrite } from '#shared/stores/identity-changes.ts'
import { commit } from '#shared/stores/transaction.ts'

export const handler = edge('sign-out-identity', async (call) => {
  const identity = await identityOfPath(call)
  if (identity === undefined) return refuse('NOT_FOUND')
  const { userId } = identity
  const subject = identitySubject(userId)
  const event = call.event({ type: 'LOGOUT', outcome: 'success', reason: 'everywhere', subject, userId })
  const end = await commit({
    identity: endAllSessionsWrite(identity, 'there', call.now),
    event: event.write,
  })
  return end.committed ? done('All sessions of the identity are over.') : refuse('NOT_FOUND')
})
