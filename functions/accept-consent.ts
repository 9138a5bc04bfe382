/** Records that the legal agreement was accepted. */

import { done, refuse } from '#shared/call/reply.ts'
import { agreementName, agreementProblem, consentsProblem, withConsent } from '#shared/domain/consent.ts'
import { iso } from '#shared/domain/iso.ts'
import { identitySubject } from '#shared/domain/subject.ts'
import { sessionEdge } from '#shared/edge/edge.ts'
import { settings } from '#shared/settings.ts'
import { readIdentity } from '#shared/stores/identities.ts'
import { acceptConsentsWrite } from '#shared/stores/identity-changes.ts'
import { commit } from '#shared/stores/transaction.ts'
import { times, untilItHolds } from '#shared/stores/until-it-holds.ts'

export const handler = sessionEdge('accept-consent', async (call) => {
  const { document, version } = call.body
  const notListed = agreementProblem(call.body, settings().CONSENTS)
  if (notListed) return refuse('VALIDATION_FAILED', { details: [notListed] })
  const { userId, sessionEpoch } = call.identity
  const subject = identitySubject(userId)
  const consent = agreementName(call.body)
  const said = { type: 'CONSENT_ACCEPTED', outcome: 'success', subject, userId } as const
  const event = call.event({ ...said, reason: consent, consent })
  let identity = call.identity
  return untilItHolds('The identity', times(), async () => {
    const tooMany = consentsProblem(identity.consents, call.body)
    if (tooMany) return refuse('VALIDATION_FAILED', { details: [tooMany] })
    const consents = withConsent(identity.consents, call.body, call.now)
    const end = await commit({
      identity: acceptConsentsWrite(identity, consents, call.now),
      event: event.write,
    })
    if (end.committed)
      return done('Your acceptance is recorded.', { document, version, acceptedAt: iso(call.now) })
    const read = await readIdentity(userId)
    if (
      read === undefined ||
      read.credentialEpoch !== call.identity.credentialEpoch ||
      read.sessionEpoch !== sessionEpoch
    )
      return refuse('SESSION_INVALID')
    identity = read
    return undefined
  })
})
