/** Ends all sessions of an identity; its password and PIN stay as they are. */

import { done, refuse } from '#shared/call/reply.ts'
import { edge } from '#shared/edge/edge.ts'
import { identityOfPath } from '#shared/steps/admin.ts'
import { transact, update } from '#shared/stores/database.ts'
import { identityKey } from '#shared/stores/identities.ts'

const change = 'SET sessionEpoch = sessionEpoch + :one, updatedAt = :now, rev = rev + :one'

export const handler = edge('sign-out-identity', async (call) => {
  const identity = await identityOfPath(call)
  if (identity === undefined) return refuse('NOT_FOUND')
  const { userId } = identity
  const subject = { kind: 'identity', value: userId } as const
  const event = call.event({ type: 'LOGOUT', outcome: 'success', reason: 'everywhere', subject, userId })
  const verdict = await transact([
    update('identities', identityKey(userId), change, {
      condition: 'attribute_exists(pk)',
      values: { one: 1, now: call.now },
    }),
    event.write,
  ])
  return verdict.committed ? done('All sessions of the identity are over.') : refuse('NOT_FOUND')
})
