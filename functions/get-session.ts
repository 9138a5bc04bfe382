/** Shows the session with its live factors, or its person's account: both are read with every call of a session. */

import { done } from '#shared/call/reply.ts'
import { iso } from '#shared/domain/iso.ts'
import { sessionEdge } from '#shared/edge/edge.ts'
import { accountView } from '#shared/steps/account-view.ts'
import { sessionView } from '#shared/steps/session-view.ts'

export const handler = sessionEdge('get-session', async (call) => {
  if (call.route.path.endsWith('/account')) return done('This is your account.', accountView(call.identity))
  return done('This session is live.', {
    ...sessionView(call, call.now),
    createdAt: iso(call.session.createdAt),
  })
})
