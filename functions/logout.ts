/** Ends this session, or all sessions of the identity. */

import { done, refuse } from '#shared/call/reply.ts'
import { sessionEdge } from '#shared/edge/edge.ts'
import { transact } from '#shared/stores/database.ts'
import { changeIdentity } from '#shared/stores/identities.ts'
import { endSessionWrite } from '#shared/stores/sessions.ts'

export const handler = sessionEdge('logout', async (call) => {
  const { identity, session, body } = call
  const { userId } = identity
  const subject = { kind: 'identity', value: userId } as const
  const reason = body.everywhere ? 'everywhere' : 'this_session'
  const event = call.event({ type: 'LOGOUT', outcome: 'success', reason, subject, userId })
  const everywhere = body.everywhere
    ? [changeIdentity(identity, { set: 'sessionEpoch = sessionEpoch + :one' }, { now: call.now })]
    : []
  const verdict = await transact([endSessionWrite(session), ...everywhere, event.write])
  // Refused when the session, or with it all others, ended meanwhile.
  return verdict.committed ? done('You are signed out.') : refuse('SESSION_INVALID')
})
