/** Records that somebody touched the ledger, once for each change that the stream shows. */

import { identitySubject } from '../domain/subject.ts'
import { put, transact } from './database.ts'
import { challengeKinds } from './keys.ts'
import { eventRow } from './outbox.ts'

/** Streams keep records for a day; a mark that outlives them lets no redelivery record twice. */
const markLifeSeconds = 2 * 24 * 3600

export interface Touched {
  /** Id of the stream's record. */
  readonly id: string
  readonly change: 'MODIFY' | 'REMOVE'
  readonly chain: string
  readonly seq: number
  /** When the change was made, as the stream says; epoch milliseconds. */
  readonly time: number
}

/** @throws Unavailable */
export async function recordTouched(touched: Touched, now: number): Promise<void> {
  const { id, change, chain, seq, time } = touched
  const mark = { ...challengeKinds.sentinel.key(id), sweepAt: Math.ceil(now / 1000) + markLifeSeconds }
  const event = {
    type: 'LEDGER_TAMPERED',
    time,
    actor: 'system',
    subject: identitySubject('system'),
    outcome: 'failure',
    reason: change === 'MODIFY' ? 'entry_changed' : 'entry_removed',
    fields: [`${chain}#${seq}`],
    requestId: id,
  } as const
  await transact([
    put('challenges', mark, { condition: 'attribute_not_exists(pk)' }),
    eventRow(event, `sentinel#${id}`),
  ])
}
