/** Tells the team's own backend whose session a token opens, at this moment: a use of the session like any other. */

import { done } from '#shared/call/reply.ts'
import { edge } from '#shared/edge/edge.ts'
import { sessionView } from '#shared/steps/session-view.ts'
import { loadSession } from '#shared/stores/sessions.ts'

export const handler = edge('introspect-session', async ({ body, now }) => {
  const loaded = await loadSession(body.token, now)
  return loaded === undefined
    ? done('This token opens no session.', { active: false })
    : done('This session is live.', { active: true, ...sessionView(loaded, now) })
})
