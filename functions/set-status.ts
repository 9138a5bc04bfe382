/** Suspends an identity, or makes it active again: what a PUT of its status does, and nothing else that a PUT can. */

import { Unavailable } from '#shared/aws/unavailable.ts'
import { done, refuse } from '#shared/call/reply.ts'
import { merge, statusReason } from '#shared/domain/registration.ts'
import { edge } from '#shared/edge/edge.ts'
import { identityOfPath } from '#shared/steps/admin.ts'
import { setStatusWrite } from '#shared/stores/identity-changes.ts'
import { commit } from '#shared/stores/transaction.ts'

const attempts = 5

export const handler = edge('set-status', async (call) => {
  const status = call.route.path.endsWith('/suspend') ? 'suspended' : 'active'
  const said = done(status === 'active' ? 'The identity is active.' : 'The identity is suspended.')
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const identity = await identityOfPath(call)
    if (identity === undefined) return refuse('NOT_FOUND')
    const { next, fields } = merge(identity, { status }, {}, call.now)
    if (fields.length === 0) return said
    const { userId } = identity
    const subject = { kind: 'identity', value: userId } as const
    const why = statusReason({ next, fields })
    const event = call.event({
      type: 'IDENTITY_CHANGED',
      outcome: 'success',
      subject,
      userId,
      fields,
      ...why,
    })
    const end = await commit({ identity: setStatusWrite(identity, next, call.now), event: event.write })
    if (end.committed) return said
  }
  throw new Unavailable('The identity stayed contended')
})
