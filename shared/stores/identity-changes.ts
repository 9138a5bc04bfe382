/** Each change of a stored identity, as one conditional write. Nobody else writes to its epochs, its secrets or its locks. */

import type { Channel } from '../contract/flows.ts'
import type { SealedPassword, SealedPin } from '../crypto/sealed.ts'
import type { Consents } from '../domain/consent.ts'
import { historyAfter } from '../domain/history.ts'
import { type Identity, lastResetChannel } from '../domain/identity.ts'
import type { Disowned } from '../domain/not-me.ts'
import { policy } from '../policy.ts'
import { type Expression, update, type Write } from './database.ts'
import { identityKey, ofEpoch, sameIdentity, sameIdentityCheck } from './identities.ts'
import { packSeal, packSeals } from './sealed-form.ts'

/** Sessions, challenges and tokens of before are dead from here on (G6). */
const newEpoch = 'credentialEpoch = credentialEpoch + :one'
/** Sessions of before are dead; challenges and tokens are not. */
const newSessionEpoch = 'sessionEpoch = sessionEpoch + :one'

interface Change {
  /** Assignments. */
  readonly set: readonly string[]
  /** Attributes that go. */
  readonly remove?: readonly string[]
  readonly values?: Expression['values']
  readonly now: number
}

/** Changes an identity while a condition holds; `updatedAt` and `rev` are kept by this. */
function changeWrite(userId: string, { set, remove = [], values, now }: Change, held: Expression): Write {
  const assignments = [...set, 'updatedAt = :now', 'rev = rev + :one'].join(', ')
  return update(
    'identities',
    identityKey(userId),
    `SET ${assignments}${remove.length > 0 ? ` REMOVE ${remove.join(', ')}` : ''}`,
    { ...held, values: { ...held.values, now, one: 1, ...values } },
  )
}

const isThere = { condition: 'attribute_exists(pk)' }

/** What a change is held to, with something beside it. */
const and = (held: Expression & { readonly condition: string }, condition: string): Expression => ({
  ...held,
  condition: `${held.condition} AND ${condition}`,
})

/**
 * A new password in place of the present one: older sessions, challenges and tokens are dead (G6).
 * @param more how it was proved: `resetBy`, of a reset (until a sign-in succeeds its codes go by the other channel), or
 * `inSession`, which then must still be live; whether the breach check was skipped and is to be made at the next sign-in
 */
export function replacePasswordWrite(
  identity: Identity,
  password: SealedPassword,
  more: {
    readonly resetBy?: Channel | undefined
    readonly inSession?: true
    readonly breachCheckDue: boolean
    readonly now: number
  },
): Write {
  const { resetBy, inSession, breachCheckDue, now } = more
  return changeWrite(
    identity.userId,
    {
      set: [
        ...['password = :password', 'history = :history', newEpoch],
        ...(resetBy ? ['lastResetBy = :resetBy'] : []),
        ...(breachCheckDue ? ['breachCheckDue = :due'] : []),
      ],
      remove: ['resetRequired', 'signInCodeByEmail', ...(breachCheckDue ? [] : ['breachCheckDue'])],
      values: {
        ...{ password: packSeal(password), history: packSeals(historyAfter(identity)) },
        ...(resetBy && { resetBy }),
        ...(breachCheckDue && { due: true }),
      },
      now,
    },
    inSession ? sameIdentity(identity) : ofEpoch(identity.credentialEpoch),
  )
}

/** A new PIN in place of the present one: older sessions, challenges and tokens are dead (G6), and the PIN is no longer locked. */
export const replacePinWrite = (identity: Identity, pin: SealedPin, now: number): Write =>
  changeWrite(
    identity.userId,
    {
      set: ['pin = :pin', 'pinFailures = :zero', newEpoch],
      remove: ['pinResetRequired'],
      values: { pin: packSeal(pin), zero: 0 },
      now,
    },
    ofEpoch(identity.credentialEpoch),
  )

/** The first PIN, in a session. Nothing that was proved before ends by it. */
export const setFirstPinWrite = (identity: Identity, pin: SealedPin, now: number): Write =>
  changeWrite(
    identity.userId,
    { set: ['pin = :pin', 'pinFailures = :zero'], values: { pin: packSeal(pin), zero: 0 }, now },
    and(sameIdentity(identity), 'attribute_not_exists(pin)'),
  )

const lastPinFailure = policy.pinFailuresBeforeLock - 1

/** Held to the PIN that was compared, in either form: wrong ones of a PIN that was replaced meanwhile count for nothing. */
function comparedPin(identity: Identity, condition: string): Expression {
  const held = and(sameIdentity(identity), `(pin = :pin OR pin.mac = :mac) AND ${condition}`)
  const { pin } = identity
  return { ...held, values: { ...held.values, pin: pin && packSeal(pin), mac: pin?.mac } }
}

const wrongPinWrite = (identity: Identity, condition: string, now: number): Write =>
  changeWrite(
    identity.userId,
    { set: ['pinFailures = pinFailures + :one'], values: { last: lastPinFailure }, now },
    comparedPin(identity, condition),
  )

/** Counts a wrong PIN, short of the one that locks. */
export const countWrongPinWrite = (identity: Identity, now: number): Write =>
  wrongPinWrite(identity, 'pinFailures < :last', now)

/** Counts the wrong PIN that locks. */
export const lockPinWrite = (identity: Identity, now: number): Write =>
  wrongPinWrite(identity, 'pinFailures = :last', now)

/** A right PIN starts the count of wrong ones anew, unless they have locked it. */
export const rightPinWrite = (identity: Identity, now: number): Write =>
  changeWrite(
    identity.userId,
    { set: ['pinFailures = :zero'], values: { zero: 0, last: lastPinFailure }, now },
    comparedPin(identity, 'pinFailures <= :last'),
  )

/**
 * What a sign-in leaves on the identity: nothing but a condition, unless an imported hash is sealed anew, a breach check
 * that was due is passed, or a sign-in succeeded after a reset, whose channel then no longer matters.
 */
export function signInWrite(
  identity: Identity,
  left: {
    readonly password?: SealedPassword | undefined
    readonly breachCheck?: 'passed' | 'skipped' | undefined
    readonly signedIn: boolean
  },
  now: number,
): Write {
  const { password, breachCheck, signedIn } = left
  const remove = [
    ...(signedIn && lastResetChannel(identity) !== undefined ? ['lastResetBy', 'signInCodeByEmail'] : []),
    ...(breachCheck === 'passed' ? ['breachCheckDue'] : []),
  ]
  if (password === undefined && remove.length === 0) return sameIdentityCheck(identity)
  const changed = password
    ? { set: ['password = :password'], values: { password: packSeal(password) } }
    : { set: [] }
  return changeWrite(identity.userId, { ...changed, remove, now }, sameIdentity(identity))
}

/**
 * Ends all sessions; codes and tokens that are on their way go on.
 * @param held the active identity as it was read, or just that there is one
 */
export const endAllSessionsWrite = (identity: Identity, held: 'as-read' | 'there', now: number): Write =>
  changeWrite(
    identity.userId,
    { set: [newSessionEpoch], now },
    held === 'as-read' ? ofEpoch(identity.credentialEpoch) : isThere,
  )

/**
 * Suspends an identity, or makes it active again, while nothing of it changed since it was read.
 * @param next what `merge` made of it
 */
export const setStatusWrite = (
  identity: Identity,
  { status, credentialEpoch }: Pick<Identity, 'status' | 'credentialEpoch'>,
  now: number,
): Write =>
  changeWrite(
    identity.userId,
    {
      set: ['#status = :status', 'credentialEpoch = :epoch'],
      values: { status, epoch: credentialEpoch },
      now,
    },
    { condition: 'rev = :read', values: { read: identity.rev } },
  )

/** Puts the agreements that were accepted in a session, while nothing of the identity changed since it was read. */
export function acceptConsentsWrite(identity: Identity, consents: Consents, now: number): Write {
  const held = and(sameIdentity(identity), 'rev = :rev')
  return changeWrite(
    identity.userId,
    { set: ['consents = :consents'], values: { consents, rev: identity.rev }, now },
    held,
  )
}

/**
 * Makes the password unusable until it is reset. Sessions, challenges and tokens are dead (G6).
 * @param held the identity as it was read, or just that there is one
 */
export const requireResetWrite = (identity: Identity, held: 'as-read' | 'there', now: number): Write =>
  changeWrite(
    identity.userId,
    { set: ['resetRequired = :yes', newEpoch], remove: ['breachCheckDue'], values: { yes: true }, now },
    held === 'as-read' ? sameIdentity(identity) : isThere,
  )

/** Lifts the owner's freeze and the lock of the PIN. A secret that its owner disowned stays unusable: it may be somebody else's. */
export const liftLocksWrite = (userId: string, now: number): Write =>
  changeWrite(
    userId,
    { set: ['pinFailures = :zero'], remove: ['recoveryFrozenUntil'], values: { zero: 0 }, now },
    isThere,
  )

const unusable = { password: 'resetRequired', pin: 'pinResetRequired', none: undefined } as const

/**
 * Freezes recovery until a moment, voids all sessions, challenges and tokens, and makes the disowned secret unusable
 * until it is reset. Held to the identity that was read by its birth, not by its epoch: whoever changes a credential
 * meanwhile does not outrun its owner.
 */
export function disownWrite(identity: Identity, disowned: Disowned, until: number, now: number): Write {
  const mark = unusable[disowned]
  return changeWrite(
    identity.userId,
    {
      set: [
        ...['recoveryFrozenUntil = :until', newEpoch, newSessionEpoch],
        ...(mark === undefined ? [] : [`${mark} = :yes`]),
      ],
      values: { until, ...(mark !== undefined && { yes: true }) },
      now,
    },
    { condition: 'createdAt = :createdAt', values: { createdAt: identity.createdAt } },
  )
}
