/** Records what one call did: events and messages, each as a row of the outbox with an id of its own. */
import type { FlowId } from '../contract/flows.ts'
import type { Device, LedgerEvent, Message } from '../events.ts'
import type { Write } from '../stores/database.ts'
import { eventRow, messageRow } from '../stores/outbox.ts'

/** What a step says of an event; the recorder adds the rest. */
export type Happened = Pick<LedgerEvent, 'type' | 'subject' | 'outcome'> & Partial<LedgerEvent>

/** What all events of a call have in common. */
export interface CallFacts {
  /** `subject`, `system`, or the admin's ARN. */
  readonly actor: string
  readonly requestId: string
  readonly reason?: string
  readonly flow?: FlowId | undefined
  readonly userAgent?: string | undefined
  readonly device?: Device | undefined
  /** Why an admin does it, in their words. */
  readonly note?: string | undefined
}

export interface Recorder {
  /** Epoch ms of the call. */
  readonly now: number
  /** An event as an outbox row, with its id. */
  event(happened: Happened): { readonly id: string; readonly write: Write }
  /** A message as an outbox row. */
  message(message: Omit<Message, 'time'>): Write
}

/**
 * @param callId idempotency key of the call: its rows are numbered under it, so that a retried write adds none
 * @param now epoch ms
 */
export function recorderOf(callId: string, now: number, facts: CallFacts): Recorder {
  let rows = 0
  const nextId = () => {
    rows += 1
    return `${callId}#${rows}`
  }
  return {
    now,
    event(happened) {
      const id = nextId()
      return { id, write: eventRow({ time: now, ...facts, ...happened } as LedgerEvent, id) }
    },
    message: (message) => messageRow({ ...message, time: now }, nextId()),
  }
}
