/** Rows of the outbox and of the notices, written in the transaction of the state they speak of. Event rows have no TTL: they are the only copy. */
import { identitySubject, subjectKey } from '../domain/subject.ts'
import type { CodeOrder, LedgerEvent, Message, MessageRow, OutboxRow, Subject } from '../events.ts'
import { put, remove, type Write } from './database.ts'
import { commit } from './transaction.ts'

/** Rows of one typed subject, or of one session's identity, share a partition and so a shard, which keeps their order. */
const partitionOf = (subject: Subject) => `S#${subjectKey(subject)}`

const row = (item: OutboxRow, table: 'outbox' | 'notices' = 'outbox'): Write =>
  put(table, { ...item }, { condition: 'attribute_not_exists(pk)' })

/** @param id unique for the event, the same however often its cause is repeated */
export const eventRow = (event: LedgerEvent, id: string): Write =>
  row({ pk: partitionOf(event.subject), sk: id, createdAt: event.time, kind: 'event', event })

export const codeRow = (order: CodeOrder, id: string): Write =>
  row({ pk: partitionOf(order.subject), sk: id, createdAt: order.time, kind: 'code', order })

export const messageRow = (message: Message, id: string): Write =>
  row(
    {
      pk: partitionOf(identitySubject(message.userId)),
      sk: id,
      createdAt: message.time,
      kind: 'message',
      message,
    },
    'notices',
  )

/** A notice of the version before, which stands in the outbox, goes to where it is sent from. Once. @throws Unavailable */
export async function moveNotice({ pk, sk, createdAt, kind, message }: MessageRow): Promise<void> {
  await commit({
    from: remove('outbox', { pk, sk }, { condition: 'attribute_exists(pk)' }),
    to: row({ pk, sk, createdAt, kind, message }, 'notices'),
  })
}
