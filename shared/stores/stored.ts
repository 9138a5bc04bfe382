/**
 * What lies in a table that holds items of one kind: what its writers put is what its readers get. Elsewhere an item is read by what it is
 * (`challengeIn`, `identityIn`, `guessesIn` and their like).
 */
import type { Session } from '../domain/session.ts'
import type { OutboxRow } from '../events.ts'
import type { Entry } from '../ledger/entry.ts'
import type { TableId } from '../tables.ts'
import type { Item } from './wire-item.ts'

interface OneKind {
  readonly sessions: Session
  readonly outbox: OutboxRow
  readonly notices: OutboxRow
  readonly ledger: Entry
}

/** An item of a table. */
export type Stored<T extends TableId> = T extends keyof OneKind ? OneKind[T] : Item
