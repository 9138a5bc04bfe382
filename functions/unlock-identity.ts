/** Lifts freezes, limits and the PIN lock of an identity. */

import { done, refuse } from '#shared/call/reply.ts'
import { identitySubject } from '#shared/domain/subject.ts'
import { edge } from '#shared/edge/edge.ts'
import { identityOfPath } from '#shared/steps/admin.ts'
import { liftLocksWrite } from '#shared/stores/identity-changes.ts'
import { liftWrites } from '#shared/stores/person-limits.ts'
import { commit } from '#shared/stores/transaction.ts'

export const handler = edge('unlock-identity', async (call) => {
  const identity = await identityOfPath(call)
  if (identity === undefined) return refuse('NOT_FOUND')
  const { userId } = identity
  const subject = identitySubject(userId)
  const said = { type: 'IDENTITY_CHANGED', outcome: 'success', reason: 'unlocked', subject, userId } as const
  const event = call.event({ ...said, guess: 'cleared' })
  const end = await commit({
    locks: liftLocksWrite(userId, call.now),
    limits: liftWrites(identity, call.now),
    event: event.write,
  })
  return end.committed ? done('All limits of the identity are lifted.') : refuse('NOT_FOUND')
})
