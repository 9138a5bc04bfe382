/** Answers, and nothing else: it reads no store, so that watching it costs nothing. */

import { done } from '#shared/call/reply.ts'
import { edge } from '#shared/edge/edge.ts'

export const handler = edge('health', async () => done('Latchkey is up.', { status: 'ok' }))
