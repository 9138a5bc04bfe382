/** Lists the live sessions of this identity. */

import { done } from '#shared/call/reply.ts'
import { sessionEdge } from '#shared/edge/edge.ts'
import { liveSessions, sessionView } from '#shared/steps/session-view.ts'
import { sessionsOf } from '#shared/stores/sessions.ts'

export const handler = sessionEdge('list-sessions', async ({ session, identity, now }) => {
  const live = liveSessions(await sessionsOf(identity.userId), identity, now)
  const sessions = live.map((each) => ({
    ...sessionView(each),
    current: each.sessionId === session.sessionId,
  }))
  return done('These are your sessions.', { sessions })
})
