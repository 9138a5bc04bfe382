/** Puts rows before the workers again that were left over: lost by a stream, or set aside after too many tries. */
import type { OutboxRow } from '../events.ts'
import { type Key, noteOne, scan } from './database.ts'
import { eachItem } from './pages.ts'

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
  /**
   * While more rows than this wait for a worker (see {@link isWaiting}), none are put before it: it is behind, will come
   * to them by itself, and would only fall further behind. No end where it is not given.
   */
  readonly mostWaiting?: number
}

/** Workers that rows are put before, and where rows lie. */
const fed = ['deliver', 'notify', 'append-ledger'] as const
type Fed = (typeof fed)[number]
const places = ['outbox', 'notices'] as const

export interface Swept {
  readonly redriven: number
  /** Age of the oldest row, or 0; an alarm reads it. */
  readonly oldestMs: number
  /** Workers that were left alone, since more rows wait for them than `mostWaiting`. */
  readonly behind: readonly Fed[]
}

type Waiting = Pick<OutboxRow, 'kind' | 'createdAt' | 'redrivenAt'>

const workers = { event: 'append-ledger', message: 'notify', code: 'deliver' } as const
const workerOf = ({ kind }: Waiting): Fed => workers[kind] ?? 'deliver'

/** The age from which the stream is not expected to bring it any more. */
function leftOverAfterMs(row: Waiting, { olderThanMs, messagesOlderThanMs = olderThanMs }: SweepOptions) {
  return row.kind === 'event' ? olderThanMs : messagesOlderThanMs
}

/** @returns whether a row should be put before the workers (again) now. */
export function isDue(row: Waiting, options: SweepOptions): boolean {
  const { now, backOff } = options
  const afterMs = leftOverAfterMs(row, options)
  if (now - row.createdAt < afterMs) return false
  if (row.redrivenAt === undefined || !backOff) return true
  return now - row.redrivenAt >= Math.max(afterMs, row.redrivenAt - row.createdAt)
}

/** A worker that keeps up has taken a row by then, and its tries are over. */
const takenWithinMs = 10_000

/** @returns whether the stream has yet to bring a row that it should have brought by now. */
export function isWaiting(row: Waiting, options: SweepOptions): boolean {
  const age = options.now - row.createdAt
  return row.redrivenAt === undefined && age >= takenWithinMs && age < leftOverAfterMs(row, options)
}

/**
 * Sets `redrivenAt` on the rows that are due, which the stream shows to the workers as a change.
 * @throws Unavailable
 */
export async function redrive(options: SweepOptions): Promise<Swept> {
  const { now, limit, mostWaiting = Number.POSITIVE_INFINITY } = options
  const waiting = { deliver: 0, notify: 0, 'append-ledger': 0 }
  const due: Record<Fed, Place[]> = { deliver: [], notify: [], 'append-ledger': [] }
  let oldestMs = 0
  for await (const { table, row } of allRows()) {
    const worker = workerOf(row)
    oldestMs = Math.max(oldestMs, now - row.createdAt)
    if (isWaiting(row, options)) waiting[worker] += 1
    if (due[worker].length < limit && isDue(row, options))
      due[worker].push({ table, key: { pk: row.pk, sk: row.sk } })
  }
  const isBehind = (worker: Fed) => waiting[worker] > mostWaiting
  const taken = fed.filter((worker) => !isBehind(worker)).flatMap((worker) => due[worker])
  return { redriven: await touchAll(taken.slice(0, limit), now), oldestMs, behind: fed.filter(isBehind) }
}

interface Place {
  readonly table: (typeof places)[number]
  readonly key: Pick<OutboxRow, 'pk' | 'sk'>
}

/** Every row that no worker has taken yet. */
async function* allRows(): AsyncGenerator<{ readonly table: Place['table']; readonly row: OutboxRow }> {
  for (const table of places)
    for await (const row of eachItem((from: Key | undefined) => scan(table, from))) yield { table, row }
}

/** @returns when the oldest row was written (epoch ms), or undefined. @throws Unavailable */
export async function oldestRow(): Promise<number | undefined> {
  let oldest: number | undefined
  for await (const { row } of allRows()) oldest = Math.min(oldest ?? row.createdAt, row.createdAt)
  return oldest
}

/** Few enough for a table that has other work, and enough for all rows of a run within a function's life. */
const touchedAtOnce = 10

/** @returns how many were still there: of the others a worker came first. */
async function touchAll(rows: readonly Place[], now: number): Promise<number> {
  const change = 'SET redrivenAt = :now'
  const only = { condition: 'attribute_exists(pk)', values: { now } }
  let touched = 0
  for (let next = 0; next < rows.length; next += touchedAtOnce) {
    const some = rows.slice(next, next + touchedAtOnce)
    const results = await Promise.all(some.map(({ table, key }) => noteOne(table, key, change, only)))
    touched += results.filter(Boolean).length
  }
  return touched
}
