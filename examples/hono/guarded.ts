/** Latchkey before routes of Hono, or of any server that hands on the web-standard request. */
import type { Check, GuardedSession, Need } from 'latchkey/guard'

/** What is used of Hono's context. */
export interface Context {
  readonly req: { readonly raw: Request }
  set(name: 'session', session: GuardedSession): void
}

/** @param needs what the route asks for beyond a live session, such as `'POSSESSION', 'PIN'` */
export const guarded =
  (check: Check, ...needs: Need[]) =>
  async (context: Context, next: () => Promise<void>): Promise<Response | undefined> => {
    const checked = await check(context.req.raw, { needs })
    if (!checked.ok) return checked
    context.set('session', checked)
    await next()
    return undefined
  }
