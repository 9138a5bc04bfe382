/** A live session as replies show it. */
import { openingConsent } from '../domain/consent.ts'
import { iso } from '../domain/iso.ts'
import { liveFactors } from '../domain/session.ts'
import { settings } from '../settings.ts'
import type { LoadedSession } from '../stores/sessions.ts'
import { consentView } from './consent-view.ts'

/** @param now epoch ms; factors that have ended by then are not shown */
export function sessionView({ session, identity }: LoadedSession, now: number) {
  const opening = openingConsent(identity, settings().CONSENT)
  return {
    userId: identity.userId,
    factors: liveFactors(session, now).map(({ group, method, at, expiresAt }) => ({
      group,
      method,
      at: iso(at),
      expiresAt: iso(expiresAt),
    })),
    consent: opening && consentView(opening),
    device: session.device ?? null,
    expiresAt: iso(session.expiresAt),
  }
}
