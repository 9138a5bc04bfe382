/** Every message the emulated SES and SNS took, in the order they took them. */
import { randomUUID } from 'node:crypto'
import { keepLines } from '../kept-lines.ts'
import { Signal } from '../signal.ts'

export interface InboxMessage {
  readonly id: string
  readonly channel: 'email' | 'sms'
  readonly to: string
  /** null for SMS. */
  readonly subject: string | null
  readonly text: string
  readonly html: string | null
  /** Of a mail that has them. */
  readonly replyTo?: string
  readonly configurationSet?: string
  /** ISO 8601, by the stack's clock. */
  readonly sentAt: string
}

/** What is older is forgotten, so that a stack that runs for long does not grow; a file keeps all. */
export const messagesKept = 2000

export interface Inbox {
  add(message: Omit<InboxMessage, 'id' | 'sentAt'>): InboxMessage
  /** The newest of them, oldest first; of one address or phone when it is given, and only those behind a place. */
  messages(to?: string, place?: number): readonly InboxMessage[]
  /** Where a message stands among all, or undefined for one that is not there. */
  placeOf(id: string): number | undefined
  /** Notified at each message. */
  readonly added: Signal
  /** Forgets all of them, in the file too. */
  clear(): void
}

/**
 * @param file keeps the messages in clear, one JSON object a line, as a mailbox does.
 * @param told takes each as it comes in
 */
export function openInbox(
  file: string | undefined,
  told: (message: InboxMessage) => void = () => undefined,
): Inbox {
  const lines = keepLines<InboxMessage>(file)
  const messages: InboxMessage[] = []
  // Whoever waits for a code asks again and again, and must not look through what everybody was sent.
  const byAddress = new Map<string, InboxMessage[]>()
  const places = new Map<string, number>()
  const added = new Signal()
  let taken = 0
  const keep = (message: InboxMessage) => {
    taken += 1
    places.set(message.id, taken)
    messages.push(message)
    byAddress.set(message.to, [...(byAddress.get(message.to) ?? []), message])
    const oldest = messages.length > messagesKept ? messages.shift() : undefined
    if (oldest !== undefined) forget(oldest)
  }
  const forget = ({ id, to }: InboxMessage) => {
    places.delete(id)
    const [, ...others] = byAddress.get(to) ?? []
    if (others.length === 0) byAddress.delete(to)
    else byAddress.set(to, others)
  }
  lines.found.forEach(keep)
  return {
    add(message) {
      const sent = { id: randomUUID(), ...message, sentAt: new Date().toISOString() }
      lines.add(sent)
      keep(sent)
      told(sent)
      added.notify()
      return sent
    },
    messages(to, place = 0) {
      const all = to === undefined ? messages : (byAddress.get(to) ?? [])
      return all.filter(({ id }) => (places.get(id) ?? 0) > place)
    },
    placeOf: (id) => places.get(id),
    added,
    clear() {
      lines.clear()
      messages.length = 0
      byAddress.clear()
      places.clear()
    },
  }
}
