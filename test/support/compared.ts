/** Tells which requests compared a code. Its proof is judged in memory, so that no call on the wire shows it. */
import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import { currentInvocation } from '#local/services/attribution.ts'
import type { Envelope, Response } from './reply.ts'

const watching = Symbol.for('latchkey.compared')
const watched = crypto as typeof crypto & { [watching]?: Set<string> }

/** Ids of the requests of this process that compared one. Put in place once, for the files of a worker share the module. */
function comparing(): Set<string> {
  if (watched[watching]) return watched[watching]
  const requests = new Set<string>()
  watched[watching] = requests
  const { verify } = crypto
  crypto.verify = ((...given: Parameters<typeof verify>) => {
    const running = currentInvocation()
    if (running) requests.add(running.requestId)
    return verify(...given)
  }) as typeof verify
  syncBuiltinESMExports()
  return requests
}
const requests = comparing()

/** Replies of this process's stack whose request compared a code. */
export const compared = (replies: readonly Response<Envelope>[]): Response<Envelope>[] =>
  replies.filter((reply) => requests.has(reply.headers.get('x-request-id') ?? ''))
