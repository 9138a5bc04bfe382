/** Lists the live sessions of this identity. */

import { done } from '#shared/call/reply.ts'
import { sessionEdge } from '#shared/edge/edge.ts'
import { listedSession, liveSessions } from '#shared/steps/session-list.ts'
import { sessionsOf } from '#shared/stores/sessions.ts'

export const handler = sessionEdge('list-sessions', async ({ session, identity, now }) => {
  const live = liveSessions(await sessionsOf(identity.userId), identity, now)
  const sessions = live.map((each) => ({
    ...listedSession(each),
    current: each.sessionId === session.sessionId,
  }))
  return done('These are your sessions.', { sessions })
})
