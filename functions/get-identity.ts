/** Shows an identity to the team's own backend. */

import { done, refuse } from '#shared/call/reply.ts'
import { edge } from '#shared/edge/edge.ts'
import { identityOfPath, identityView } from '#shared/steps/admin.ts'

export const handler = edge('get-identity', async (call) => {
  const identity = await identityOfPath(call)
  return identity ? done('This is the identity.', identityView(identity)) : refuse('NOT_FOUND')
})
