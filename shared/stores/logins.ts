/** Failed logins: per typed identifier, per address, and in a row over all aliases of one identity. */
import { subjectKey } from '../domain/subject.ts'
import type { Subject } from '../events.ts'
import { policy } from '../policy.ts'
import { check, type Item, update, type Write } from './database.ts'
import { hasRoom, type Limit, registerValues, shift, sweepAfter } from './registers.ts'

export interface LoginRegister {
  readonly pk: string
  readonly limit: Limit
  /** As LIMIT_REACHED names it. */
  readonly name: string
}

const perIdentifier: Limit = {
  count: policy.loginFailuresPerIdentifier,
  windowMs: policy.loginFailuresPerIdentifierWindowSeconds * 1000,
}
const perIp: Limit = {
  count: policy.loginFailuresPerIp,
  windowMs: policy.loginFailuresPerIpWindowSeconds * 1000,
}

export const identifierRegisterPk = (subject: Subject) => `A#${subjectKey(subject)}`

export const loginRegisters = (subject: Subject, source: string): LoginRegister[] => [
  { pk: identifierRegisterPk(subject), limit: perIdentifier, name: 'logins-per-identifier' },
  { pk: `A#ip#${source}`, limit: perIp, name: 'logins-per-ip' },
]

/** Counts a failure, while there is room. */
export const failureWrite = ({ pk, limit }: LoginRegister, now: number): Write =>
  update('challenges', { pk }, `SET ${shift(limit)}, sweepAt = :sweepAt`, {
    condition: hasRoom(limit),
    values: { ...registerValues(limit, now), sweepAt: sweepAfter(limit, now) },
  })

/** Holds a success to the room that a failure would have needed. */
export const roomCheck = ({ pk, limit }: LoginRegister, now: number): Write =>
  check('challenges', { pk }, { condition: hasRoom(limit), values: { windowStart: now - limit.windowMs } })

/** Failures in a row of one identity; of an unknown identifier under a name of its own, so that both cost the same. */
export const rowKey = (userId: string | undefined, subject: Subject) => ({
  pk: userId === undefined ? `L#~${subjectKey(subject)}` : `L#${userId}`,
})

export const failuresInRow = (item: Item | undefined): number => Number(item?.['fails'] ?? 0)

const belowLast = '(attribute_not_exists(fails) OR fails < :last)'
const rowLast = policy.loginFailuresPerIdentity - 1

/** One more in the row, short of the one that locks. Decoys are forgotten in time. */
export const rowFailure = (key: { pk: string }, now: number): Write =>
  update('challenges', key, rowChange(key), {
    condition: belowLast,
    values: { ...rowValues(key, now), last: rowLast },
  })

/** The one that locks. */
export const rowLock = (key: { pk: string }, now: number): Write =>
  update('challenges', key, rowChange(key), {
    condition: 'fails = :last',
    values: { ...rowValues(key, now), last: rowLast },
  })

/** Beyond: counted no further, but written all the same. */
export const rowBeyond = (key: { pk: string }, now: number): Write =>
  update('challenges', key, 'SET lastFailAt = :now', {
    condition: 'fails > :last',
    values: { now, last: rowLast },
  })

const isDecoy = (key: { pk: string }) => key.pk.startsWith('L#~')
const rowChange = (key: { pk: string }) =>
  `SET fails = if_not_exists(fails, :zero) + :one, lastFailAt = :now${isDecoy(key) ? ', sweepAt = :sweepAt' : ''}`
const rowValues = (key: { pk: string }, now: number) => ({
  zero: 0,
  one: 1,
  now,
  ...(isDecoy(key) && { sweepAt: Math.ceil(now / 1000) + 30 * 24 * 3600 }),
})

/** A success ends the row, unless it has locked the password. */
export const rowEnd = (key: { pk: string }): Write =>
  update('challenges', key, 'SET fails = :zero', {
    condition: `${belowLast} OR fails = :last`,
    values: { zero: 0, last: rowLast },
  })

/** A reset or an unlock ends it in any case. */
export const rowReset = (userId: string): Write =>
  update('challenges', { pk: `L#${userId}` }, 'SET fails = :zero', { values: { zero: 0 } })
