/** Makes the password unusable until it is reset. Nobody learns a secret; all sessions end. */

import { done, refuse } from '#shared/call/reply.ts'
import { edge } from '#shared/edge/edge.ts'
import { identityOfPath } from '#shared/steps/admin.ts'
import { requireResetWrites } from '#shared/steps/require-reset.ts'
import { transact } from '#shared/stores/database.ts'

export const handler = edge('require-reset', async (call) => {
  const identity = await identityOfPath(call)
  if (identity === undefined) return refuse('NOT_FOUND')
  const held = { condition: 'attribute_exists(pk)' }
  const verdict = await transact(requireResetWrites(call, identity, held, call.actor))
  return verdict.committed ? done('The password must be reset before it can be used.') : refuse('NOT_FOUND')
})
