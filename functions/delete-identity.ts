/** Erases the personal data of an identity and frees its identifiers; the ledger keeps the opaque userId. */

import { done, refuse } from '#shared/call/reply.ts'
import { identitySubject } from '#shared/domain/subject.ts'
import { edge } from '#shared/edge/edge.ts'
import { identityOfPath, pathUserId } from '#shared/steps/admin.ts'
import { eraseLimitWrites } from '#shared/stores/person-limits.ts'
import { eraseWrites } from '#shared/stores/registrations.ts'
import { eraseSessions } from '#shared/stores/sessions.ts'
import { commit } from '#shared/stores/transaction.ts'
import { times, untilItHolds } from '#shared/stores/until-it-holds.ts'

export const handler = edge('delete-identity', (call) =>
  untilItHolds('The identity', times(), async () => {
    const identity = await identityOfPath(call)
    if (identity === undefined) {
      // What a call left over that was cut off after its commit.
      const erasedId = pathUserId(call)
      if (erasedId !== undefined) await eraseSessions(erasedId)
      return refuse('NOT_FOUND')
    }
    const { userId } = identity
    const subject = identitySubject(userId)
    const event = call.event({
      type: 'IDENTITY_CHANGED',
      outcome: 'success',
      reason: 'erased',
      subject,
      userId,
    })
    const end = await commit({
      ...eraseWrites(identity),
      limits: eraseLimitWrites(identity),
      event: event.write,
    })
    if (!end.committed) return undefined
    // Dead already, with the identity; what is left of the person in them goes as well.
    await eraseSessions(userId)
    return done('The identity is erased.')
  }),
)
