/** Finds an identity for support: by an email, phone or username, or by the reference in a notice. */

import { done, refuse } from '#shared/call/reply.ts'
import { edge } from '#shared/edge/edge.ts'
import { askedFor, findAsked } from '#shared/steps/find-identity.ts'

export const handler = edge('find-identity', async (call) => {
  const asked = askedFor(call.query)
  if (asked.refused) return refuse('VALIDATION_FAILED', { details: asked.refused })
  const identity = await findAsked(asked)
  return identity ? done('This is whose it is.', { userId: identity.userId }) : refuse('NOT_FOUND')
})
