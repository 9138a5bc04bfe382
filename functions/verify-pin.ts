/** Proves the PIN beside a factor of possession (G15). The commit decides: at most ten wrong ones in a row are answered (G2). */

import type { SessionCall } from '#shared/call/call.ts'
import { done, type Reply, refuse } from '#shared/call/reply.ts'
import { verifyPin } from '#shared/crypto/seal.ts'
import { isPinLocked } from '#shared/domain/identity.ts'
import { checkPin } from '#shared/domain/pin.ts'
import { hasPossession, knowsPin, liveFactors, withFactor } from '#shared/domain/session.ts'
import { sessionEdge } from '#shared/edge/edge.ts'
import { policy } from '#shared/policy.ts'
import { type Item, transact, type Verdict } from '#shared/stores/database.ts'
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
  const choices = [
    [counted('pinFailures < :last', most - 1), event.write],
    [counted('pinFailures = :last', most - 1), event.write, locked.write],
  ]
  let met: Item | undefined
  // Twice, for a right PIN in between starts the row anew.
  for (const choice of [...choices, ...choices]) {
    const verdict = await transact(choice)
    if (verdict.committed) return refuse('PIN_INVALID')
    met = verdict.met(0)
  }
  return refuse(Number(met?.['pinFailures']) >= most ? 'PIN_LOCKED' : 'SESSION_INVALID')
}

/** Holds a right PIN to the lock. */
const unlocked = (call: PinCall, set: string, values: Readonly<Record<string, unknown>> = {}) =>
  changeIdentity(
    call.identity,
    { set },
    {
      condition: condition('pin.mac = :mac AND pinFailures < :most'),
      values: { ...pinOf(call), most, ...values },
      now: call.now,
    },
  )

/**
 * Answers a right PIN whose commit was refused. That the session has ended is told of a right PIN alone, so the lock is
 * held to first (G2): of both refusals DynamoDB need not name it.
 */
async function refuseRight(call: PinCall, verdict: Verdict): Promise<Reply> {
  const isNamed = !verdict.committed && verdict.refused(0)
  const held = isNamed ? verdict : await transact([unlocked(call, 'pinFailures = pinFailures')])
  const isLocked = !held.committed && Number(held.met(0)?.['pinFailures']) >= most
  return refuse(isLocked ? 'PIN_LOCKED' : 'SESSION_INVALID')
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
  if (isPinLocked(identity)) return refuse('PIN_LOCKED')
  if (!(await verifyPin(identity.userId, body.pin, identity.pin))) return refusePin(call)
  const factor = knowsPin(now)
  const beside = liveFactors(session, now).filter(({ group }) => group === 'POSSESSION')
  const factors = [factor, ...beside].map(({ group, method }) => ({ group, method }))
  const event = call.event({ ...said(call), outcome: 'success', factors })
  const verdict = await transact([
    unlocked(call, 'pinFailures = :zero', { zero: 0 }),
    factorsWrite(session, withFactor(session, factor, now)),
    event.write,
  ])
  if (!verdict.committed) return refuseRight(call, verdict)
  return done('The PIN is right.', { expiresInSeconds: policy.pinFactorLifeSeconds })
})
