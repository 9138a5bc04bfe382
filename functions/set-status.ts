/** Suspends an identity, or makes it active again: what a PUT of its status does, and nothing else that a PUT can. */

import { done, refuse } from '#shared/call/reply.ts'
import { merge, statusReason } from '#shared/domain/registration.ts'
import { identitySubject } from '#shared/domain/subject.ts'
import { edge } from '#shared/edge/edge.ts'
import { identityOfPath } from '#shared/steps/admin.ts'
import { setStatusWrite } from '#shared/stores/identity-changes.ts'
import { commit } from '#shared/stores/transaction.ts'
import { times, untilItHolds } from '#shared/stores/until-it-holds.ts'

export const handler = edge('set-status', async (call) => {
  const status = call.route.path.endsWith('/suspend') ? 'suspended' : 'active'
  const answer = done(status === 'active' ? 'The identity is active.' : 'The identity is suspended.')
  return untilItHolds('The identity', times(), async () => {
    const identity = await identityOfPath(call)
    if (identity === undefined) return refuse('NOT_FOUND')
    const { next, fields } = merge(identity, { status }, {}, call.now)
    if (fields.length === 0) return answer
    const { userId } = identity
    const subject = identitySubject(userId)
    const why = statusReason({ next, fields })
    const said = { type: 'IDENTITY_CHANGED', outcome: 'success', subject, userId, fields } as const
    const event = call.event({ ...said, ...why })
    const end = await commit({ identity: setStatusWrite(identity, next, call.now), event: event.write })
    return end.committed ? answer : undefined
  })
})
