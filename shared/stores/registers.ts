/**
 * Registers: the times of the last n accepted things, newest first, in attributes `s1..sn` of one item. Each acceptance
 * shifts them in the write that counts it, under the condition that the oldest is out of the window, so that no sliding
 * window ever holds more than n, under any concurrency and whatever the clocks.
 */
import { randomInt } from 'node:crypto'
import { check, type Item, update, type Write } from './database.ts'

export interface Limit {
  readonly count: number
  readonly windowMs: number
}

export const perHour = (count: number): Limit => ({ count, windowMs: 3_600_000 })

/** A register in an item of its own. */
export interface Register {
  readonly pk: string
  readonly limit: Limit
  /** As LIMIT_REACHED names it. */
  readonly name: string
  /**
   * How many items hold it, all the same. Whatever is recorded is written to each, and whoever only needs room holds to any one:
   * so the many who are right do not meet in one item, and the few who are wrong are still counted exactly (ADR 0092).
   */
  readonly copies?: number
}

/** Of what strangers share, and what each right password or pair behind their address is held to. */
export const sharedCopies = 4

const copyKey = (pk: string, copy: number) => (copy === 0 ? pk : `${pk}#${copy}`)
const keysOf = ({ pk, copies = 1 }: Pick<Register, 'pk' | 'copies'>) =>
  Array.from({ length: copies }, (_, copy) => copyKey(pk, copy))

const shift = ({ count }: Limit): string => {
  const moved = Array.from({ length: count - 1 }, (_, index) => {
    const to = count - index
    return `s${to} = if_not_exists(s${to - 1}, :zero)`
  })
  return [...moved, 's1 = :now'].join(', ')
}

const hasRoom = ({ count }: Limit): string => `(attribute_not_exists(s${count}) OR s${count} <= :windowStart)`
const roomValues = ({ windowMs }: Limit, now: number) => ({ windowStart: now - windowMs })

/** What a write takes on that records one more in a register while there is room: assignments, condition, their values. */
export const recording = (limit: Limit, now: number) => ({
  set: shift(limit),
  condition: hasRoom(limit),
  // A value that no expression names is an error; a register of one has nothing to shift.
  values: { now, ...(limit.count > 1 && { zero: 0 }), ...roomValues(limit, now) },
})

/** Records one more in a register of its own, while there is room. */
export function recordWrite({ pk, limit }: Pick<Register, 'pk' | 'limit'>, now: number): Write {
  const { set, condition, values } = recording(limit, now)
  const sweepAt = sweepAfter(limit, now)
  const expression = { condition, values: { ...values, sweepAt } }
  return update('challenges', { pk }, `SET ${set}, sweepAt = :sweepAt`, expression)
}

/** The same in each of its items. */
export const recordWrites = (register: Omit<Register, 'name'>, now: number): Write[] =>
  keysOf(register).map((pk) => recordWrite({ ...register, pk }, now))

/** Holds a transaction to the room that one more would need. */
export function roomCheck({ pk, limit, copies = 1 }: Omit<Register, 'name'>, now: number): Write {
  const key = { pk: copyKey(pk, randomInt(copies)) }
  return check('challenges', key, { condition: hasRoom(limit), values: roomValues(limit, now) })
}

/** @returns when the register has room again (epoch ms), or 0 when it has room now. */
export function fullUntil(item: Item | undefined, limit: Limit, now: number): number {
  const oldest = Number(item?.[`s${limit.count}`] ?? 0)
  const until = oldest === 0 ? 0 : oldest + limit.windowMs
  return until > now ? until : 0
}

/** A register that refused. */
export interface Full {
  readonly register: Register
  /** When it has room again (epoch ms). */
  readonly until: number
  readonly met: Item | undefined
}

/** @param met the item of the register that refused */
export const fullOf = (register: Register, met: Item | undefined, now: number): Full => ({
  register,
  until: fullUntil(met, register.limit, now),
  met,
})

/** The first of some registers that is full, by those of their items that were read or met. */
export const firstFull = (
  registers: readonly Register[],
  items: readonly (Item | undefined)[],
  now: number,
): Full | undefined =>
  registers
    .map((register) =>
      fullOf(
        register,
        items.find((item) => keysOf(register).some((pk) => item?.['pk'] === pk)),
        now,
      ),
    )
    .find(({ until }) => until > 0)

/** Seconds after which nothing in the register counts any more, as a TTL. */
export const sweepAfter = (limit: Limit, now: number): number => Math.ceil((now + limit.windowMs * 2) / 1000)
