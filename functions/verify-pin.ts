/** Proves the PIN beside a factor of possession (G15). */

import { done, refuse } from '#shared/call/reply.ts'
import { verifyPin } from '#shared/crypto/seal.ts'
import { isPinLocked } from '#shared/domain/identity.ts'
import { checkPin } from '#shared/domain/pin.ts'
import { hasPossession, knowsPin, liveFactors, withFactor } from '#shared/domain/session.ts'
import { sessionEdge } from '#shared/edge/edge.ts'
import { policy } from '#shared/policy.ts'
import { pinSaid, refuseHeldPin, refuseWrongPin } from '#shared/steps/refuse-pin.ts'
import { rightPinWrite } from '#shared/stores/identity-changes.ts'
import { factorsWrite } from '#shared/stores/sessions.ts'
import { commit } from '#shared/stores/transaction.ts'

export const handler = sessionEdge('verify-pin', async (call) => {
  const { body, identity, session, now } = call
  if (checkPin(body.pin) === 'PIN_FORMAT') return refuse('PIN_FORMAT')
  const said = pinSaid(identity)
  const refuseAs = async (code: 'SECOND_FACTOR_REQUIRED' | 'PIN_INVALID', reason: string) => {
    await commit({ event: call.event({ ...said, outcome: 'failure', reason }).write })
    return refuse(code)
  }
  if (!hasPossession(session, now)) return refuseAs('SECOND_FACTOR_REQUIRED', 'second_factor_required')
  if (identity.pin === undefined) return refuseAs('PIN_INVALID', 'no_pin')
  if (isPinLocked(identity)) return refuse('PIN_LOCKED')
  if (!(await verifyPin(identity.userId, body.pin, identity.pin))) return refuseWrongPin(call)
  const factor = knowsPin(now)
  const beside = liveFactors(session, now).filter(({ group }) => group === 'POSSESSION')
  const factors = [factor, ...beside].map(({ group, method }) => ({ group, method }))
  const event = call.event({ ...said, outcome: 'success', factors })
  const end = await commit(
    {
      pin: rightPinWrite(identity, now),
      session: factorsWrite(session, withFactor(session, factor, now)),
      event: event.write,
    },
    // That the session has ended is told of a right PIN alone, so the lock is held to first (G2).
    ['pin'],
  )
  if (!end.committed) return refuseHeldPin(call, end.met)
  return done('The PIN is right.', { expiresInSeconds: policy.pinFactorLifeSeconds })
})
