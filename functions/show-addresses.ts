/** Shows support the addresses of an identity in clear. The entry that says so is written before they are told. */

import { done, refuse } from '#shared/call/reply.ts'
import { edge } from '#shared/edge/edge.ts'
import { identityOfPath } from '#shared/steps/admin.ts'
import { commit } from '#shared/stores/transaction.ts'

export const handler = edge('show-addresses', async (call) => {
  const identity = await identityOfPath(call)
  if (identity === undefined) return refuse('NOT_FOUND')
  const { userId, email = null, phone = null } = identity
  const subject = { kind: 'identity', value: userId } as const
  const fields = [...(email === null ? [] : ['email']), ...(phone === null ? [] : ['phone'])]
  const said = { type: 'ADDRESSES_SHOWN', outcome: 'success', subject, userId, fields } as const
  await commit({ event: call.event(said).write })
  return done('These are the addresses. An entry says who was shown them.', { email, phone })
})
