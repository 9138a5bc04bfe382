/** Lists the live sessions of this identity. */

import { done } from '#shared/call/reply.ts'
import { iso } from '#shared/domain/iso.ts'
import { isLive } from '#shared/domain/session.ts'
import { sessionEdge } from '#shared/edge/edge.ts'
import { sessionsOf, sessionTimes } from '#shared/stores/sessions.ts'

export const handler = sessionEdge('list-sessions', async ({ session, identity, now }) => {
  const times = sessionTimes()
  const sessions = (await sessionsOf(identity.userId))
    .filter((each) => isLive(each, identity, now, times))
    .sort((a, b) => b.lastUsedAt - a.lastUsedAt)
    .map((each) => ({
      id: each.sessionId,
      current: each.sessionId === session.sessionId,
      device: each.device ?? null,
      userAgent: each.userAgent ?? null,
      createdAt: iso(each.createdAt),
      lastUsedAt: iso(each.lastUsedAt),
      expiresAt: iso(each.expiresAt),
    }))
  return done('These are your sessions.', { sessions })
})
