/** Ends this session, or all sessions of the identity. */

import { done, refuse } from '#shared/call/reply.ts'
import { identitySubject } from '#shared/domain/subject.ts'
import { sessionEdge } from '#shared/edge/edge.ts'
import { endAllSessionsWrite } from '#shared/stores/identity-changes.ts'
import { endSessionWrite } from '#shared/stores/sessions.ts'
import { commit } from '#shared/stores/transaction.ts'

export const handler = sessionEdge('logout', async (call) => {
  const { identity, session, body } = call
  const { userId } = identity
  const subject = identitySubject(userId)
  const reason = body.everywhere ? 'everywhere' : 'this_session'
  const event = call.event({ type: 'LOGOUT', outcome: 'success', reason, subject, userId })
  const end = await commit({
    session: endSessionWrite(session),
    everywhere: body.everywhere ? endAllSessionsWrite(identity, 'as-read', call.now) : undefined,
    event: event.write,
  })
  // Refused when the session, or with it all others, ended meanwhile.
  return end.committed ? done('You are signed out.') : refuse('SESSION_INVALID')
})
