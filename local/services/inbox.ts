/** Every message the emulated SES and SNS took, in the order they took them. */
import { randomUUID } from 'node:crypto'
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'

export interface InboxMessage {
  readonly id: string
  readonly channel: 'email' | 'sms'
  readonly to: string
  /** null for SMS. */
  readonly subject: string | null
  readonly text: string
  readonly html: string | null
  /** ISO 8601, by the stack's clock. */
  readonly sentAt: string
}

/** What is older is forgotten, so that a stack that runs for long does not grow; a file keeps all. */
export const messagesKept = 2000

export interface Inbox {
  add(message: Omit<InboxMessage, 'id' | 'sentAt'>): InboxMessage
  /** The newest of them, oldest first; of one address or phone when it is given. */
  messages(to?: string): readonly InboxMessage[]
}

/**
 * @param file keeps the messages in clear, one JSON object a line, as a mailbox does.
 * @param told takes each as it comes in
 */
export function openInbox(
  file: string | undefined,
  told: (message: InboxMessage) => void = () => undefined,
): Inbox {
  const messages: InboxMessage[] = []
  // Whoever waits for a code asks again and again, and must not look through what everybody was sent.
  const byAddress = new Map<string, InboxMessage[]>()
  const keep = (message: InboxMessage) => {
    messages.push(message)
    byAddress.set(message.to, [...(byAddress.get(message.to) ?? []), message])
    const oldest = messages.length > messagesKept ? messages.shift() : undefined
    if (oldest !== undefined) forget(oldest)
  }
  const forget = ({ to }: InboxMessage) => {
    const [, ...others] = byAddress.get(to) ?? []
    if (others.length === 0) byAddress.delete(to)
    else byAddress.set(to, others)
  }
  if (file !== undefined) load(file).forEach(keep)
  return {
    add(message) {
      const added = { id: randomUUID(), ...message, sentAt: new Date().toISOString() }
      if (file !== undefined) appendFileSync(file, `${JSON.stringify(added)}\n`, { mode: 0o600 })
      keep(added)
      told(added)
      return added
    },
    messages: (to) => [...(to === undefined ? messages : (byAddress.get(to) ?? []))],
  }
}

/** A kill may leave half a line at the end: it goes, or the next message would be joined to it. */
function load(file: string): InboxMessage[] {
  if (!existsSync(file)) return []
  const text = readFileSync(file, 'utf8')
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  if (whole.length < text.length) writeFileSync(file, whole)
  const lines = whole.split('\n').filter((line) => line !== '')
  return lines.map((line) => JSON.parse(line) as InboxMessage)
}
