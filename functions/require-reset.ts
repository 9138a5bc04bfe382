/** Makes the password unusable until it is reset. Nobody learns a secret; all sessions end. */

import { done, refuse } from '#shared/call/reply.ts'
import { edge } from '#shared/edge/edge.ts'
import { identityOfPath } from '#shared/steps/admin.ts'
import { requireResetWrites } from '#shared/steps/require-reset.ts'
import { commit } from '#shared/stores/transaction.ts'

export const handler = edge('require-reset', async (call) => {
  const identity = await identityOfPath(call)
  if (identity === undefined) return refuse('NOT_FOUND')
  const end = await commit(requireResetWrites(call, identity, 'there', call.actor))
  return end.committed ? done('The password must be reset before it can be used.') : refuse('NOT_FOUND')
})
