/** What the stack sent, and the wait for what is on its way. */
import type { LocalRoutes, Message } from './local.ts'

export interface Inbox {
  /** All messages to an email address or a phone, oldest first. */
  messages(to: string): Promise<readonly Message[]>
  /**
   * The next code to an address: one that this call has not given before, waited for where it is still on its way.
   * @throws Error where none comes in time
   */
  code(to: string, waitSeconds?: number): Promise<string>
  /** What was given is forgotten, as the stack forgets what was sent. */
  forget(): void
}

const usualWaitSeconds = 10
/** Six digits that stand alone: none of a longer number, a date or an id. */
const codeIn = (text: string) => /(?<![\w-])[0-9]{6}(?![\w-])/.exec(text)?.[0]

export function createInbox(local: LocalRoutes): Inbox {
  const read = new Map<string, string>()
  const next = (to: string, waitSeconds: number) => {
    const query = new URLSearchParams({ to, wait: String(waitSeconds) })
    const after = read.get(to)
    if (after !== undefined) query.set('after', after)
    return local.get<readonly Message[]>(`/_local/messages?${query}`)
  }
  return {
    messages: (to) => local.get(`/_local/messages?${new URLSearchParams({ to })}`),
    async code(to, waitSeconds = usualWaitSeconds) {
      const until = performance.now() + waitSeconds * 1000
      for (;;) {
        const left = Math.max(0, until - performance.now()) / 1000
        const messages = await next(to, left)
        for (const { id, text } of messages) {
          read.set(to, id)
          const code = codeIn(text)
          if (code !== undefined) return code
        }
        if (messages.length === 0) throw new Error(`No code was sent to ${to} within ${waitSeconds} seconds.`)
      }
    },
    forget: () => read.clear(),
  }
}
