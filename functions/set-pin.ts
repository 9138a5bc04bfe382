/** Sets the first PIN: after consent, beside a live factor of possession. */

import { done, refuse } from '#shared/call/reply.ts'
import type { Code } from '#shared/contract/codes.ts'
import { sealPin } from '#shared/crypto/seal.ts'
import { openingConsent } from '#shared/domain/consent.ts'
import { checkPin } from '#shared/domain/pin.ts'
import { hasPossession, liveFactors } from '#shared/domain/session.ts'
import { identitySubject } from '#shared/domain/subject.ts'
import { sessionEdge } from '#shared/edge/edge.ts'
import { settings } from '#shared/settings.ts'
import { confirmations } from '#shared/steps/confirm.ts'
import { identityIn } from '#shared/stores/identities.ts'
import { setFirstPinWrite } from '#shared/stores/identity-changes.ts'
import { commit } from '#shared/stores/transaction.ts'

export const handler = sessionEdge('set-pin', async (call) => {
  const { body, identity, session, now } = call
  const weak = checkPin(body.pin)
  if (weak) return refuse(weak)
  const { userId } = identity
  const subject = identitySubject(userId)
  const said = { type: 'PIN_SET', subject, userId } as const
  const refuseAs = async (code: Code) => {
    await commit({ event: call.event({ ...said, outcome: 'failure', reason: code.toLowerCase() }).write })
    return refuse(code)
  }
  const own = body.userId === undefined ? body.phone === identity.phone : body.userId === userId
  if (!own) return refuseAs('FORBIDDEN')
  if (openingConsent(identity, settings().CONSENT) === null) return refuseAs('CONSENT_REQUIRED')
  if (!hasPossession(session, now)) return refuseAs('SECOND_FACTOR_REQUIRED')
  if (identity.pin !== undefined) return refuseAs('PIN_ALREADY_SET')
  const pin = await sealPin(userId, body.pin)
  const factors = liveFactors(session, now).map(({ group, method }) => ({ group, method }))
  const event = call.event({
    ...said,
    outcome: 'success',
    factors: [...factors, { group: 'KNOWLEDGE', method: 'pin' }],
  })
  const end = await commit({
    identity: setFirstPinWrite(identity, pin, now),
    event: event.write,
    told: confirmations(call, identity, 'pinSet', event.id),
  })
  if (end.committed) return done('Your PIN is set.')
  const isSet = identityIn(end.met, userId)?.pin !== undefined
  return isSet ? refuseAs('PIN_ALREADY_SET') : refuse('SESSION_INVALID')
})
