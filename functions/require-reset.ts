/** Makes the password unusable until it is reset. Nobody learns a secret; all sessions end. */
import { edge } from '#shared/edge/edge.ts'
import { done, refuse } from '#shared/edge/reply.ts'
import { identityOfPath } from '#shared/steps/admin.ts'
import { confirmations } from '#shared/steps/confirm.ts'
import { transact, update } from '#shared/stores/database.ts'
import { identityKey } from '#shared/stores/identities.ts'

export const handler = edge('require-reset', async (call) => {
  const identity = await identityOfPath(call)
  if (identity === undefined) return refuse('NOT_FOUND')
  const { userId } = identity
  const subject = { kind: 'identity', value: userId } as const
  const said = {
    type: 'IDENTITY_CHANGED',
    outcome: 'success',
    reason: 'reset_required',
    subject,
    userId,
  } as const
  const event = call.event({ ...said, fields: ['password'] })
  const change =
    'SET resetRequired = :yes, credentialEpoch = credentialEpoch + :one, updatedAt = :now, rev = rev + :one'
  const verdict = await transact([
    update('identities', identityKey(userId), change, {
      condition: 'attribute_exists(pk)',
      values: { yes: true, one: 1, now: call.now },
    }),
    event.write,
    ...confirmations(call, identity, 'resetRequired', event.id),
  ])
  return verdict.committed ? done('The password must be reset before it can be used.') : refuse('NOT_FOUND')
})
