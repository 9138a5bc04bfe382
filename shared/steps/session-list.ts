/** Sessions as lists show them: to their owner, and to support. */
import type { Identity } from '../domain/identity.ts'
import { iso } from '../domain/iso.ts'
import { isLive, type Session } from '../domain/session.ts'
import { sessionTimes } from '../stores/sessions.ts'

/** A session as a list shows it. */
export const listedSession = (session: Session) => ({
  id: session.sessionId,
  device: session.device ?? null,
  userAgent: session.userAgent ?? null,
  createdAt: iso(session.createdAt),
  lastUsedAt: iso(session.lastUsedAt),
  expiresAt: iso(session.expiresAt),
})

/** The live ones, the last used first. */
export function liveSessions(sessions: readonly Session[], identity: Identity, now: number): Session[] {
  const times = sessionTimes()
  return sessions
    .filter((each) => isLive(each, identity, now, times))
    .sort((a, b) => b.lastUsedAt - a.lastUsedAt)
}
