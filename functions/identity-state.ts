/** Shows support what it has to know of an identity, in one reply; asked by POST, its addresses in clear. */

import { done, refuse } from '#shared/call/reply.ts'
import { countryOf } from '#shared/contract/phones.ts'
import { edge } from '#shared/edge/edge.ts'
import { identityOfPath } from '#shared/steps/admin.ts'
import { identityState } from '#shared/steps/identity-state.ts'
import { showAddresses } from '#shared/steps/show-addresses.ts'
import { newestEntries } from '#shared/stores/ledger.ts'
import { sessionsOf } from '#shared/stores/sessions.ts'
import { readSmsOfDay } from '#shared/stores/sms-cap.ts'
import { readStanding } from '#shared/stores/standing.ts'

/** Among so many of the newest entries the last code is looked for. */
const lookedAt = 100

export const handler = edge('identity-state', async (call) => {
  const identity = await identityOfPath(call)
  if (identity === undefined) return refuse('NOT_FOUND')
  if (call.route.method === 'POST') return showAddresses(call, identity)
  const { userId } = identity
  const country = identity.phone && countryOf(identity.phone)
  const [standing, sessions, newest, sms] = await Promise.all([
    readStanding(identity),
    sessionsOf(userId),
    newestEntries(userId, lookedAt),
    country ? readSmsOfDay(country, call.now) : undefined,
  ])
  return done(
    'This is how it stands.',
    identityState(identity, { standing, sessions, newest, sms }, call.now),
  )
})
