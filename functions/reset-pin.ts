/** Sets a new PIN with a code by SMS. */

import { done, refuse } from '#shared/call/reply.ts'
import { resealPin } from '#shared/crypto/seal.ts'
import { checkPin } from '#shared/domain/pin.ts'
import { provedSms } from '#shared/domain/sms-breaker.ts'
import { edge } from '#shared/edge/edge.ts'
import { confirmations } from '#shared/steps/confirm.ts'
import { orGiveBack } from '#shared/steps/give-back.ts'
import { provedEvent, proveReset, resetSubject } from '#shared/steps/proof.ts'
import { refuseSecret } from '#shared/steps/refuse-secret.ts'
import { readIdentity } from '#shared/stores/identities.ts'
import { replacePinWrite } from '#shared/stores/identity-changes.ts'
import { commit } from '#shared/stores/transaction.ts'

export const handler = edge('reset-pin', async (call) => {
  const { newPin } = call.body
  const weak = checkPin(newPin)
  if (weak) return refuse(weak)
  const proof = await proveReset(call, resetSubject(call.body), 'PIN_RESET', async (userId) => ({
    identity: await readIdentity(userId),
  }))
  if (proof.refused) return proof.refused
  const { identity, challenge } = proof
  if (identity.pin === undefined) return refuseSecret(call, proof, 'NOT_ELIGIBLE')
  const { sealed, same } = await orGiveBack(proof.giveBack, resealPin(identity.userId, newPin, identity.pin))
  if (same) return refuseSecret(call, proof, 'PIN_REUSED')
  const proved = { ...provedEvent(proof), ...provedSms(challenge), ...proof.clears }
  const event = call.event({ ...proved, outcome: 'success' })
  const end = await commit({
    identity: replacePinWrite(identity, sealed, call.now),
    proof: proof.consume,
    event: event.write,
    told: confirmations(call, identity, 'pinChanged', event.id, challenge.channel),
  })
  if (!end.committed) return proof.refuse(end.refusedBy === 'identity' ? 'stale_epoch' : 'used')
  return done('Your PIN has been reset.')
})
