/** Answers, and nothing else: it reads no store, so that watching it costs nothing. */
import { edge } from '#shared/edge/edge.ts'
import { done } from '#shared/edge/reply.ts'

export const handler = edge('health', async () => done('Latchkey is up.', { status: 'ok' }))
