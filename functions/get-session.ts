/** Shows the session with its live factors. */

import { done } from '#shared/call/reply.ts'
import { openingConsent } from '#shared/domain/consent.ts'
import { iso } from '#shared/domain/iso.ts'
import { liveFactors } from '#shared/domain/session.ts'
import { sessionEdge } from '#shared/edge/edge.ts'
import { settings } from '#shared/settings.ts'
import { consentView } from '#shared/steps/consent-view.ts'

export const handler = sessionEdge('get-session', async ({ session, identity, now }) => {
  const opening = openingConsent(identity, settings().CONSENT)
  return done('This session is live.', {
    userId: identity.userId,
    factors: liveFactors(session, now).map(({ group, method, at, expiresAt }) => ({
      group,
      method,
      at: iso(at),
      expiresAt: iso(expiresAt),
    })),
    consent: opening && consentView(opening),
    device: session.device ?? null,
    createdAt: iso(session.createdAt),
    expiresAt: iso(session.expiresAt),
  })
})
