/** Sessions that were live a moment ago, for teams that pay for fewer questions with later answers. */
import { createHash } from 'node:crypto'
import type { GuardedSession } from './introspect.ts'

const mostKept = 10_000
const keyOf = (token: string) => createHash('sha256').update(token).digest('base64')

export interface Cache {
  get(token: string, now: number): GuardedSession | undefined
  /** @param now when it was asked about */
  keep(token: string, session: GuardedSession, now: number): void
  forget(token: string): void
}

/** @param seconds how long after its end a session may still pass: what a cache costs in G6 */
export function cacheFor(seconds: number): Cache {
  const kept = new Map<string, { readonly session: GuardedSession; readonly until: number }>()
  return {
    get(token, now) {
      const found = kept.get(keyOf(token))
      return found !== undefined && found.until > now ? found.session : undefined
    },
    keep(token, session, now) {
      if (seconds <= 0) return
      const key = keyOf(token)
      // Behind all others, so that the first one is the oldest.
      kept.delete(key)
      kept.set(key, { session, until: Math.min(now + seconds * 1000, Date.parse(session.expiresAt)) })
      const [oldest] = kept.keys()
      if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest)
    },
    forget(token) {
      kept.delete(keyOf(token))
    },
  }
}
