/** Many requests at once, and what they were answered. */
import type { Envelope, Response } from './reply.ts'
import type { World } from './world.ts'

/** Starts all calls before any of them is answered. */
export const atOnce = <T>(count: number, call: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => call(index)))

/** `OK`, or the code of the refusal. */
export const codeOf = ({ status, body }: Response<Envelope>): string =>
  status < 300 ? 'OK' : (body.error?.code ?? String(status))

/** How often each answer came. */
export function tally(replies: readonly Response<Envelope>[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const code of replies.map(codeOf)) counts[code] = (counts[code] ?? 0) + 1
  return counts
}

/** AWS calls that a request made before its reply, as `service Operation table`. */
export function callsOf(world: World, reply: Response<Envelope>): string[] {
  const calls = world.stack.services.calls.byRequest(reply.headers.get('x-request-id') ?? '')
  return calls.map(({ service, operation, table }) => [service, operation, table].filter(Boolean).join(' '))
}

/** Replies that told what a code's comparison came to. */
export const judged = (replies: readonly Response<Envelope>[]): Response<Envelope>[] =>
  replies.filter((reply) => ['OK', 'OTP_INVALID'].includes(codeOf(reply)))
