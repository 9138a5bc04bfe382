/** Refusals by a limit: the first of each window is an entry. */

import type { Call } from '../call/call.ts'
import type { Happened } from '../call/recorder.ts'
import { type Reply, refuse } from '../call/reply.ts'
import { secondsUntil } from '../domain/challenge.ts'
import { noteRefusal } from '../stores/limits.ts'
import type { Full } from '../stores/registers.ts'

/** What an entry says of a limit that refused. */
export const limitReached = <About extends Pick<Happened, 'subject'> & Partial<Happened>>(
  limit: string,
  about: About,
) => ({ ...about, type: 'LIMIT_REACHED', outcome: 'failure', reason: limit, limit }) as const

/** Records that a register was full, once a window. @throws Unavailable */
export async function noteFull(
  call: Call,
  { register: { pk, name }, until, met }: Full,
  about: Parameters<typeof limitReached>[1],
): Promise<void> {
  const event = call.event(limitReached(name, about))
  await noteRefusal({ key: { pk }, attribute: 'noted', window: until, met }, event.write)
}

/** Answers whoever met a full register. @throws Unavailable */
export async function refuseFull(
  call: Call,
  full: Full,
  about: Parameters<typeof limitReached>[1],
): Promise<Reply> {
  await noteFull(call, full, about)
  return refuse('RATE_LIMITED', { retryAfterSeconds: secondsUntil(full.until, call.now) })
}
