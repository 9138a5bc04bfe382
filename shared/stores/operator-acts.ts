/** What an operator does to a stage, as an entry of the ledger: in the chain of the system, under who did it. */

import { identitySubject } from '../domain/subject.ts'
import type { LedgerEvent } from '../events.ts'
import type { Write } from './database.ts'
import { eventRow } from './outbox.ts'
import { commit } from './transaction.ts'

export interface Act {
  /** Random: names the act, as a request's id does. */
  readonly id: string
  /** Who does it: an ARN. */
  readonly actor: string
  readonly note?: string | undefined
}

type Said = Pick<LedgerEvent, 'type'> &
  Partial<Pick<LedgerEvent, 'fields' | 'flow' | 'limit' | 'outcome' | 'reason'>>

/** The row of the outbox that becomes the entry. A failure is a second row of the same act. */
export function actRow(said: Said, { id, actor, note }: Act, now: number): Write {
  const event: LedgerEvent = {
    time: now,
    actor,
    subject: identitySubject('system'),
    outcome: 'success',
    reason: 'operator',
    requestId: id,
    ...(note !== undefined && { note }),
    ...said,
  }
  return eventRow(event, `${id}#${event.outcome === 'success' ? 1 : 2}`)
}

/** Writes it by itself, where what was done is no item of ours. @throws Unavailable */
export async function recordAct(said: Said, act: Act, now: number): Promise<void> {
  await commit({ act: actRow(said, act, now) })
}
