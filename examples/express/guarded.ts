/** Latchkey before routes of Express, or of any server that has `(request, response, next)`. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Check, GuardedSession, Need } from 'latchkey/guard'

/** The request, once it was let through: `request.latchkey.userId`. */
export type Guarded = IncomingMessage & { latchkey?: GuardedSession }
type Next = (error?: unknown) => void

/** What the guard reads of a request. The host is not: it would be the caller's word. */
const asRequest = ({ method = 'GET', url = '/', headers }: IncomingMessage) =>
  new Request(new URL(url, 'http://api.invalid'), {
    method,
    headers: { authorization: headers.authorization ?? '' },
  })

/** @param needs what the route asks for beyond a live session, such as `'POSSESSION', 'PIN'` */
export const guarded =
  (check: Check, ...needs: Need[]) =>
  async (request: Guarded, response: ServerResponse, next: Next): Promise<void> => {
    try {
      const checked = await check(asRequest(request), { needs })
      if (checked.ok) {
        request.latchkey = checked
        next()
        return
      }
      response.writeHead(checked.status, Object.fromEntries(checked.headers))
      response.end(await checked.text())
    } catch (error) {
      next(error)
    }
  }
