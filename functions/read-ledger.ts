/** Shows the ledger entries of an identity, oldest first; also of one that was erased. */

import { done, refuse } from '#shared/call/reply.ts'
import { edge } from '#shared/edge/edge.ts'
import { pathUserId } from '#shared/steps/admin.ts'
import { readChain } from '#shared/stores/ledger.ts'

const pageSize = 100

export const handler = edge('read-ledger', async (call) => {
  const userId = pathUserId(call)
  if (userId === undefined) return refuse('NOT_FOUND')
  const { cursor } = call.query
  const page = await readChain(userId, cursor, pageSize)
  if (page === undefined)
    return refuse('VALIDATION_FAILED', {
      details: [{ field: 'cursor', message: 'is not one that was given out' }],
    })
  return done('These are the entries.', { ...page })
})
