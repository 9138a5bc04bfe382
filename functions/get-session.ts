/** Shows the session with its live factors, or its person's account: both are read with every call of a session, but for what happened lately. */

import { done } from '#shared/call/reply.ts'
import { iso } from '#shared/domain/iso.ts'
import { sessionEdge } from '#shared/edge/edge.ts'
import { accountView } from '#shared/steps/account-view.ts'
import { sessionView } from '#shared/steps/session-view.ts'
import { newestEntries } from '#shared/stores/ledger.ts'

/** Among so many of the newest entries what tells the owner something is looked for: about half of a recovery's do. */
const lookedAt = 50

export const handler = sessionEdge('get-session', async (call) => {
  if (call.route.path.endsWith('/account')) {
    const newest = await newestEntries(call.identity.userId, lookedAt)
    return done('This is your account.', accountView(call.identity, newest))
  }
  return done('This session is live.', {
    ...sessionView(call, call.now),
    createdAt: iso(call.session.createdAt),
  })
})
