/** Registers an identity (201) or changes it (200). */

import { created, done, refuse } from '#shared/call/reply.ts'
import { userIdRule } from '#shared/contract/user-id.ts'
import { edge } from '#shared/edge/edge.ts'
import { identityView, pathUserId } from '#shared/steps/admin.ts'
import { putIdentity } from '#shared/steps/put-identity.ts'

export const handler = edge('put-identity', async (call) => {
  const userId = pathUserId(call)
  if (userId === undefined)
    return refuse('VALIDATION_FAILED', {
      details: [{ field: 'userId', message: userIdRule }],
    })
  if (![undefined, userId].includes(call.body.userId))
    return refuse('VALIDATION_FAILED', {
      details: [{ field: 'userId', message: 'must be the one of the path, where it is given' }],
    })
  const result = await putIdentity(call, userId, call.body)
  if (result.put === 'conflict') return refuse('CONFLICT', { details: result.details })
  if (result.put === 'invalid') return refuse('VALIDATION_FAILED', { details: result.details })
  const view = identityView(result.identity)
  return result.put === 'created'
    ? created('The identity is registered.', view)
    : done('The identity is saved.', view)
})
