/** Puts rows before the workers again that were left over: lost by a stream, or set aside after too many tries. */
import type { OutboxRow } from '../events.ts'
import { scan, updateOne } from './database.ts'

export interface SweepOptions {
  /** Epoch milliseconds. */
  readonly now: number
  /** Rows younger than this are left to the stream. */
  readonly olderThanMs: number
  /** The same for codes and messages, which someone waits for; `olderThanMs` where it is not given. */
  readonly messagesOlderThanMs?: number
  /** Most rows in one run. */
  readonly limit: number
  /** Rows that were put back before wait as long again as they had waited then, so that poison does not fill the stream. */
  readonly backOff: boolean
}

export interface Swept {
  readonly redriven: number
  /** Age of the oldest row of the outbox, or 0; an alarm reads it. */
  readonly oldestMs: number
}

/** @returns whether a row should be put before the workers (again) now. */
export function isDue(
  row: Pick<OutboxRow, 'kind' | 'createdAt' | 'redrivenAt'>,
  options: SweepOptions,
): boolean {
  const { now, backOff } = options
  const olderThanMs =
    row.kind === 'event' ? options.olderThanMs : (options.messagesOlderThanMs ?? options.olderThanMs)
  if (now - row.createdAt < olderThanMs) return false
  if (row.redrivenAt === undefined || !backOff) return true
  return now - row.redrivenAt >= Math.max(olderThanMs, row.redrivenAt - row.createdAt)
}

/**
 * Sets `redrivenAt` on the rows that are due, which the stream shows to the workers as a change.
 * @throws Unavailable
 */
export async function redrive(options: SweepOptions): Promise<Swept> {
  let [redriven, oldestMs] = [0, 0]
  let from: Awaited<ReturnType<typeof scan>>['next']
  do {
    const page = await scan('outbox', from)
    for (const row of page.items as unknown as OutboxRow[]) {
      oldestMs = Math.max(oldestMs, options.now - row.createdAt)
      if (redriven >= options.limit || !isDue(row, options)) continue
      const { pk, sk } = row
      const condition = 'attribute_exists(pk)'
      const change = 'SET redrivenAt = :now'
      const { done } = await updateOne('outbox', { pk, sk }, change, {
        condition,
        values: { now: options.now },
      })
      if (done) redriven += 1
    }
    from = page.next
  } while (from !== undefined)
  return { redriven, oldestMs }
}
