/** `GET /_local/messages`: what was sent, and the wait for what is still on its way. */
import { BadRequest } from '../bad-request.ts'
import type { Inbox, InboxMessage } from '../services/inbox.ts'

const longestWaitSeconds = 60

/** @returns milliseconds. Real ones: a moved clock lets nobody wait for less. */
function waitOf(query: URLSearchParams): number {
  const seconds = Number(query.get('wait') ?? 0)
  if (!(seconds >= 0 && seconds <= longestWaitSeconds))
    throw new BadRequest(`wait: must be seconds, from 0 to ${longestWaitSeconds}`)
  return seconds * 1000
}

function placeOf(inbox: Pick<Inbox, 'placeOf'>, query: URLSearchParams): number {
  const after = query.get('after') || undefined
  const place = after === undefined ? 0 : inbox.placeOf(after)
  if (place === undefined) throw new BadRequest('after: must be the id of a message that is still there')
  return place
}

/**
 * @param query `to`: an address or phone; `after`: only what was sent after that message; `wait`: seconds to wait while there
 * is none
 * @param closing ends every wait
 * @returns oldest first
 * @throws BadRequest
 */
export async function messagesFor(
  inbox: Pick<Inbox, 'messages' | 'placeOf' | 'added'>,
  query: URLSearchParams,
  closing: AbortSignal,
): Promise<readonly InboxMessage[]> {
  // A `+` that was not encoded arrives as a space, which stands in no address.
  const to = query.get('to')?.replaceAll(' ', '+').toLowerCase()
  const place = placeOf(inbox, query)
  const until = performance.now() + waitOf(query)
  for (;;) {
    const found = inbox.messages(to, place)
    const leftMs = until - performance.now()
    if (found.length > 0 || leftMs <= 0 || closing.aborted) return found
    await inbox.added.wait(leftMs)
  }
}
