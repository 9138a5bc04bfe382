/** Lifts freezes, limits and the PIN lock of an identity. */

import { done, refuse } from '#shared/call/reply.ts'
import { edge } from '#shared/edge/edge.ts'
import { identityOfPath } from '#shared/steps/admin.ts'
import { transact, update } from '#shared/stores/database.ts'
import { identityKey } from '#shared/stores/identities.ts'
import { liftWrites } from '#shared/stores/person-limits.ts'

/** A secret that its owner disowned stays unusable until it is reset: it may be somebody else's. */
const unfreeze = 'SET pinFailures = :zero, updatedAt = :now, rev = rev + :one REMOVE recoveryFrozenUntil'

export const handler = edge('unlock-identity', async (call) => {
  const identity = await identityOfPath(call)
  if (identity === undefined) return refuse('NOT_FOUND')
  const { userId } = identity
  const subject = { kind: 'identity', value: userId } as const
  const said = { type: 'IDENTITY_CHANGED', outcome: 'success', reason: 'unlocked', subject, userId } as const
  const event = call.event({ ...said, guess: 'cleared' })
  const verdict = await transact([
    update('identities', identityKey(userId), unfreeze, {
      condition: 'attribute_exists(pk)',
      values: { zero: 0, one: 1, now: call.now },
    }),
    ...liftWrites(identity, call.now),
    event.write,
  ])
  return verdict.committed ? done('All limits of the identity are lifted.') : refuse('NOT_FOUND')
})
