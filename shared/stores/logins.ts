/** Failed logins: per typed identifier, per address, and in a row over all aliases of one identity. */
import { budgetOf } from '../domain/address-budgets.ts'
import { subjectKey } from '../domain/subject.ts'
import type { Subject } from '../events.ts'
import { policy } from '../policy.ts'
import { settings } from '../settings.ts'
import { check, type Item, update, type Write } from './database.ts'
import { challengeKinds } from './keys.ts'
import { type Limit, perHour, type Register, sharedCopies } from './registers.ts'

const perIdentifier: Limit = {
  count: policy.loginFailuresPerIdentifier,
  windowMs: policy.loginFailuresPerIdentifierWindowSeconds * 1000,
}
const perIp = (): Limit => ({
  count: budgetOf(settings().ADDRESS_BUDGETS, 'wrong-passwords'),
  windowMs: policy.loginFailuresPerIpWindowSeconds * 1000,
})

export const identifierRegisterKey = (subject: Subject) => challengeKinds.logins.key(subjectKey(subject))

export const loginRegisters = (subject: Subject, source: string): Register[] => [
  { ...identifierRegisterKey(subject), limit: perIdentifier, name: 'logins-per-identifier' },
  { ...challengeKinds.loginSource.key(source), limit: perIp(), name: 'logins-per-ip', copies: sharedCopies },
]

/** Refusals of a new password, behind a session, that speak of a stored or a leaked one. */
export const refusedSecretsRegister = (userId: string): Register => ({
  ...challengeKinds.refusedSecrets.key(userId),
  limit: perHour(policy.secretRefusalsPerIdentityHour),
  name: 'refused-secrets',
})

/** Failures in a row of one identity; of an unknown identifier under a name of its own, so that both cost the same. */
export const loginStreaksKey = (userId: string | undefined, subject: Subject) =>
  challengeKinds.loginStreaks.key(userId ?? `~${subjectKey(subject)}`)

export const failuresInRow = (item: Item | undefined): number => Number(item?.['fails'] ?? 0)

const belowLast = '(attribute_not_exists(fails) OR fails < :last)'
const lastFailure = policy.loginFailuresPerIdentity - 1

/** Counts a wrong password, short of the one that locks. Decoys are forgotten in time. */
export const countWrongPassword = (key: { pk: string }, now: number): Write =>
  update('challenges', key, countChange(key), {
    condition: belowLast,
    values: { ...countValues(key, now), last: lastFailure },
  })

/** Counts the one that locks. */
export const lockPassword = (key: { pk: string }, now: number): Write =>
  update('challenges', key, countChange(key), {
    condition: 'fails = :last',
    values: { ...countValues(key, now), last: lastFailure },
  })

/** Beyond: counted no further, but written all the same. */
export const wrongPasswordBeyond = (key: { pk: string }, now: number): Write =>
  update('challenges', key, 'SET lastFailAt = :now', {
    condition: 'fails > :last',
    values: { now, last: lastFailure },
  })

const isDecoy = (key: { pk: string }) => key.pk.startsWith(challengeKinds.loginStreaks.key('~').pk)
const countChange = (key: { pk: string }) =>
  `SET fails = if_not_exists(fails, :zero) + :one, lastFailAt = :now${isDecoy(key) ? ', sweepAt = :sweepAt' : ''}`
const countValues = (key: { pk: string }, now: number) => ({
  zero: 0,
  one: 1,
  now,
  ...(isDecoy(key) && { sweepAt: Math.ceil(now / 1000) + 30 * 24 * 3600 }),
})

const notLocked = `(${belowLast} OR fails = :last)`
const codesGoOn = '(attribute_not_exists(wrongCodes) OR wrongCodes < :most)'
const mostWrongCodes = policy.wrongSignInCodesPerIdentity

/**
 * A right password ends its streak of wrong ones, unless that has locked it.
 * @param changed it is being replaced: the streak of wrong sign-in codes after it ends too
 */
export const endStreak = (key: { pk: string }, changed: boolean): Write =>
  update('challenges', key, `SET fails = :zero${changed ? ' REMOVE wrongCodes, notedLock' : ''}`, {
    condition: notLocked,
    values: { zero: 0, last: lastFailure },
  })

/**
 * The same at a sign-in, which also needs that its codes were not guessed at a hundred times.
 * @param done the sign-in needs no code: the streak of wrong ones ends too
 */
export const endStreakAtSignIn = (key: { pk: string }, done: boolean): Write =>
  update('challenges', key, `SET fails = :zero${done ? ' REMOVE wrongCodes' : ''}`, {
    condition: `${notLocked} AND ${codesGoOn}`,
    values: { zero: 0, last: lastFailure, most: mostWrongCodes },
  })

/** Holds a transaction to a password that wrong ones have not locked. */
export const passwordNotLockedCheck = (key: { pk: string }): Write =>
  check('challenges', key, { condition: notLocked, values: { last: lastFailure } })

/** A proved reset, a password change or an unlock ends both streaks in any case. */
export const clearStreaks = (userId: string): Write =>
  update('challenges', streakKey(userId), 'SET fails = :zero REMOVE wrongCodes, notedLock', {
    values: { zero: 0 },
  })

/** Where failures in a row of an identity are counted: wrong passwords over all aliases, wrong codes over all sign-ins. */
export const streakKey = (userId: string) => challengeKinds.loginStreaks.key(userId)

/** Whether the password is taken for leaked: a hundred sign-ins in a row knew it, and not the code. */
export const isSignInLocked = (item: Item | undefined): boolean =>
  Number(item?.['wrongCodes'] ?? 0) >= mostWrongCodes

export const signInNotLockedCheck = (userId: string): Write =>
  check('challenges', streakKey(userId), { condition: codesGoOn, values: { most: mostWrongCodes } })

/** Counts a wrong sign-in code, short of the one that locks. */
export const countWrongCode = (userId: string): Write =>
  update('challenges', streakKey(userId), 'SET wrongCodes = if_not_exists(wrongCodes, :zero) + :one', {
    condition: '(attribute_not_exists(wrongCodes) OR wrongCodes < :last)',
    values: { zero: 0, one: 1, last: mostWrongCodes - 1 },
  })

/** The one that locks. */
export const lockSignIn = (userId: string): Write =>
  update('challenges', streakKey(userId), 'SET wrongCodes = wrongCodes + :one', {
    condition: 'wrongCodes = :last',
    values: { one: 1, last: mostWrongCodes - 1 },
  })

/** A right sign-in code ends the streak of wrong ones, unless that has locked sign-in. */
export const noWrongCodes = (userId: string): Write =>
  update('challenges', streakKey(userId), 'REMOVE wrongCodes', {
    condition: codesGoOn,
    values: { most: mostWrongCodes },
  })
