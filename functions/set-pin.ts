/** Sets the first PIN: after consent, beside a live factor of possession. */

import { done, refuse } from '#shared/call/reply.ts'
import type { Code } from '#shared/contract/codes.ts'
import { sealPin } from '#shared/crypto/seal.ts'
import { openingConsent } from '#shared/domain/consent.ts'
import { checkPin } from '#shared/domain/pin.ts'
import { hasPossession, liveFactors } from '#shared/domain/session.ts'
import { sessionEdge } from '#shared/edge/edge.ts'
import { settings } from '#shared/settings.ts'
import { confirmations } from '#shared/steps/confirm.ts'
import { transact } from '#shared/stores/database.ts'
import { changeIdentity } from '#shared/stores/identities.ts'

export const handler = sessionEdge('set-pin', async (call) => {
  const { body, identity, session, now } = call
  const weak = checkPin(body.pin)
  if (weak) return refuse(weak)
  const { userId } = identity
  const subject = { kind: 'identity', value: userId } as const
  const said = { type: 'PIN_SET', subject, userId } as const
  const refuseAs = async (code: Code) => {
    await transact([call.event({ ...said, outcome: 'failure', reason: code.toLowerCase() }).write])
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
  const verdict = await transact([
    changeIdentity(
      identity,
      { set: 'pin = :pin, pinFailures = :zero' },
      {
        condition: 'sessionEpoch = :sessionEpoch AND attribute_not_exists(pin)',
        values: { pin, zero: 0, sessionEpoch: identity.sessionEpoch },
        now,
      },
    ),
    event.write,
    ...confirmations(call, identity, 'pinSet', event.id),
  ])
  if (verdict.committed) return done('Your PIN is set.')
  return verdict.met(0)?.['pin'] === undefined ? refuse('SESSION_INVALID') : refuseAs('PIN_ALREADY_SET')
})
