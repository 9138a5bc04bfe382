/** Ends one session of this identity. */

import { done, refuse } from '#shared/call/reply.ts'
import { identitySubject } from '#shared/domain/subject.ts'
import { sessionEdge } from '#shared/edge/edge.ts'
import { endSessionWrite } from '#shared/stores/sessions.ts'
import { commit } from '#shared/stores/transaction.ts'

export const handler = sessionEdge('end-session', async (call) => {
  const { userId } = call.identity
  const sessionId = call.path['id'] ?? ''
  // Longer than any of ours, and than a key may be.
  if (sessionId === '' || sessionId.length > 64) return refuse('NOT_FOUND')
  const subject = identitySubject(userId)
  const event = call.event({ type: 'LOGOUT', outcome: 'success', reason: 'ended_by_owner', subject, userId })
  const end = await commit({ session: endSessionWrite({ userId, sessionId }), event: event.write })
  return end.committed ? done('The session has ended.') : refuse('NOT_FOUND')
})
