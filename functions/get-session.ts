/** Shows the session with its live factors. */

import { done } from '#shared/call/reply.ts'
import { iso } from '#shared/domain/iso.ts'
import { sessionEdge } from '#shared/edge/edge.ts'
import { sessionView } from '#shared/steps/session-view.ts'

export const handler = sessionEdge('get-session', async (call) =>
  done('This session is live.', {
    ...sessionView(call, call.now),
    createdAt: iso(call.session.createdAt),
  }),
)
