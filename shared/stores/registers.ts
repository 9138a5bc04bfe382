/**
 * Registers: the times of the last n accepted things, newest first, in attributes `s1..sn` of one item. Each acceptance
 * shifts them in the write that counts it, under the condition that the oldest is out of the window, so that no sliding
 * window ever holds more than n, under any concurrency and whatever the clocks.
 */
import { type Item, update, type Write } from './database.ts'

export interface Limit {
  readonly count: number
  readonly windowMs: number
}

export const perHour = (count: number): Limit => ({ count, windowMs: 3_600_000 })

/** Assignments that shift the register; needs the values `now` and `zero`. */
export function shift({ count }: Limit): string {
  const moved = Array.from({ length: count - 1 }, (_, index) => {
    const to = count - index
    return `s${to} = if_not_exists(s${to - 1}, :zero)`
  })
  return [...moved, 's1 = :now'].join(', ')
}

/** Condition under which one more is allowed; needs the value `windowStart`. */
export const hasRoom = ({ count }: Limit): string =>
  `(attribute_not_exists(s${count}) OR s${count} <= :windowStart)`

/** The values that {@link shift} and {@link hasRoom} name. */
export const registerValues = (limit: Limit, now: number) => ({
  now,
  // A value that no expression names is an error; a register of one has nothing to shift.
  ...(limit.count > 1 && { zero: 0 }),
  windowStart: now - limit.windowMs,
})

/** Records one more in a register that holds nothing else, while there is room. */
export const recordWrite = (
  { pk, limit }: { readonly pk: string; readonly limit: Limit },
  now: number,
): Write =>
  update('challenges', { pk }, `SET ${shift(limit)}, sweepAt = :sweepAt`, {
    condition: hasRoom(limit),
    values: { ...registerValues(limit, now), sweepAt: sweepAfter(limit, now) },
  })

/** @returns when the register has room again (epoch ms), or 0 when it has room now. */
export function fullUntil(item: Item | undefined, limit: Limit, now: number): number {
  const oldest = Number(item?.[`s${limit.count}`] ?? 0)
  const until = oldest === 0 ? 0 : oldest + limit.windowMs
  return until > now ? until : 0
}

/** Seconds after which nothing in the register counts any more, as a TTL. */
export const sweepAfter = (limit: Limit, now: number): number => Math.ceil((now + limit.windowMs * 2) / 1000)
