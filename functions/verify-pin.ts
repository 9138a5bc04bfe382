/** Proves the PIN beside a factor of possession (G15). The commit decides: at most ten wrong ones in a row are answered (G2). */
import { verifyPin } from '#shared/crypto/seal.ts'
import { checkPin } from '#shared/domain/pin.ts'
import { hasPossession, knowsPin, liveFactors, withFactor } from '#shared/domain/session.ts'
import type { SessionCall } from '#shared/edge/call.ts'
import { sessionEdge } from '#shared/edge/edge.ts'
import { done, type Reply, refuse } from '#shared/edge/reply.ts'
import { policy } from '#shared/policy.ts'
import { transact } from '#shared/stores/database.ts'
import { changeIdentity } from '#shared/stores/identities.ts'
import { factorsWrite } from '#shared/stores/sessions.ts'

type PinCall = SessionCall<'verify-pin'>
const most = policy.pinFailuresBeforeLock

const said = ({ identity }: PinCall) =>
  ({
    type: 'PIN_VERIFIED',
    subject: { kind: 'identity', value: identity.userId },
    userId: identity.userId,
  }) as const

const condition = (more: string) => `sessionEpoch = :sessionEpoch AND ${more}`
const pinOf = (call: PinCall) => ({ sessionEpoch: call.identity.sessionEpoch, mac: call.identity.pin?.mac })

/** Counts a wrong PIN; the tenth in a row locks. */
async function refusePin(call: PinCall): Promise<Reply> {
  const { identity, now } = call
  const event = call.event({ ...said(call), outcome: 'failure', reason: 'wrong_pin' })
  const locked = call.event({ ...said(call), type: 'PIN_LOCKED', outcome: 'success', reason: 'wrong_pins' })
  const counted = (bound: string, last: number) =>
    changeIdentity(
      identity,
      { set: 'pinFailures = pinFailures + :one' },
      { condition: condition(`pin.mac = :mac AND ${bound}`), values: { ...pinOf(call), last }, now },
    )
  const verdict = await transact([counted('pinFailures < :last', most - 1), event.write])
  if (verdict.committed) return refuse('PIN_INVALID')
  const last = await transact([counted('pinFailures = :last', most - 1), event.write, locked.write])
  if (last.committed) return refuse('PIN_INVALID')
  return Number(last.met(0)?.['pinFailures']) >= most ? refuse('PIN_LOCKED') : refuse('SESSION_INVALID')
}

export const handler = sessionEdge('verify-pin', async (call) => {
  const { body, identity, session, now } = call
  if (checkPin(body.pin) === 'PIN_FORMAT') return refuse('PIN_FORMAT')
  const refuseAs = async (code: 'SECOND_FACTOR_REQUIRED' | 'PIN_INVALID', reason: string) => {
    await transact([call.event({ ...said(call), outcome: 'failure', reason }).write])
    return refuse(code)
  }
  if (!hasPossession(session, now)) return refuseAs('SECOND_FACTOR_REQUIRED', 'second_factor_required')
  if (identity.pin === undefined) return refuseAs('PIN_INVALID', 'no_pin')
  if (identity.pinFailures >= most || identity.pinResetRequired) return refuse('PIN_LOCKED')
  if (!(await verifyPin(identity.userId, body.pin, identity.pin))) return refusePin(call)
  const factor = knowsPin(now)
  const beside = liveFactors(session, now).filter(({ group }) => group === 'POSSESSION')
  const factors = [factor, ...beside].map(({ group, method }) => ({ group, method }))
  const event = call.event({ ...said(call), outcome: 'success', factors })
  const verdict = await transact([
    changeIdentity(
      identity,
      { set: 'pinFailures = :zero' },
      {
        condition: condition('pin.mac = :mac AND pinFailures < :most'),
        values: { ...pinOf(call), zero: 0, most },
        now,
      },
    ),
    factorsWrite(session, withFactor(session, factor, now)),
    event.write,
  ])
  if (verdict.committed) return done('The PIN is right.', { expiresInSeconds: policy.pinFactorLifeSeconds })
  return Number(verdict.met(0)?.['pinFailures']) >= most ? refuse('PIN_LOCKED') : refuse('SESSION_INVALID')
})
