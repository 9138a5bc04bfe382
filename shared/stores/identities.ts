/** Identities and their unique identifiers. */

import type { Channel, SubjectKind } from '../contract/flows.ts'
import { nativeScheme } from '../crypto/scheme.ts'
import type { SealedPassword, SealedPin } from '../crypto/sealed.ts'
import { historyAfter } from '../domain/history.ts'
import { type Identity, lastResetChannel } from '../domain/identity.ts'
import type { Subject } from '../events.ts'
import { check, get, type Item, putOne, update, type Write } from './database.ts'
import { identityKeys } from './keys.ts'

export type { Identity } from '../domain/identity.ts'

export const identityKey = (userId: string) => ({ pk: `${identityKeys.identity}${userId}` })

/** Read in place of an unknown identity, so that knowing no one costs the same calls and bytes (G1). `~` is in no userId. */
const decoyKey = { pk: identityKeys.decoy }

/** Key of the row that says whose identifier this is. */
export const lookupKey = (kind: Exclude<SubjectKind, 'userId'>, value: string) => ({
  pk: `${identityKeys[kind]}${value}`,
})

/** Key to read for an identity that may not exist. */
export const identityOrDecoyKey = (userId: string | undefined) =>
  userId === undefined ? decoyKey : identityKey(userId)

/** The identity in an item that may be the decoy. */
export function identityIn(item: Item | undefined, userId: string | undefined): Identity | undefined {
  return item !== undefined && userId !== undefined && item['userId'] === userId
    ? (item as unknown as Identity)
    : undefined
}

/** Strongly consistent. @throws Unavailable */
export async function readIdentity(userId: string): Promise<Identity | undefined> {
  return identityIn(await get('identities', identityKey(userId)), userId)
}

/** Whose identifier a lookup row names. */
export const ownerIn = (item: Item | undefined): string | undefined => item?.['userId'] as string | undefined

/**
 * Finds who is meant: two consistent reads, one for a userId, the same for unknown subjects.
 * @throws Unavailable
 */
export async function findIdentity(subject: Subject): Promise<Identity | undefined> {
  const { kind, value } = subject
  const userId =
    kind === 'userId' || kind === 'identity'
      ? value
      : ownerIn(await get('identities', lookupKey(kind, value)))
  return identityIn(await get('identities', identityOrDecoyKey(userId)), userId)
}

const unchanged = '#status = :active AND credentialEpoch = :epoch'
const unchangedValues = (epoch: number) => ({ active: 'active', epoch })

/** Holds a transaction to an active identity of this epoch. */
export const sameEpochCheck = (userId: string, epoch: number): Write =>
  check('identities', identityKey(userId), { condition: unchanged, values: unchangedValues(epoch) })

/** Condition that the identity is still what it was when it was read, by both epochs. */
export const sameIdentity = ({ credentialEpoch, sessionEpoch }: Identity) => ({
  condition: `${unchanged} AND sessionEpoch = :sessionEpoch`,
  values: { ...unchangedValues(credentialEpoch), sessionEpoch },
})

/** Holds a transaction of a session to the identity as the session knows it. */
export const sameIdentityCheck = (identity: Identity): Write =>
  check('identities', identityKey(identity.userId), sameIdentity(identity))

/**
 * Changes an identity while it is active and of the epoch given.
 * @param change assignments and removals; `updatedAt` and `rev` are kept by this
 */
export function changeIdentity(
  identity: Pick<Identity, 'userId' | 'credentialEpoch'>,
  change: { readonly set: string; readonly remove?: string },
  more: {
    readonly condition?: string
    readonly values?: Readonly<Record<string, unknown>>
    readonly now: number
  },
): Write {
  const set = `SET ${change.set}, updatedAt = :now, rev = rev + :one`
  return update(
    'identities',
    identityKey(identity.userId),
    change.remove ? `${set} REMOVE ${change.remove}` : set,
    {
      condition: more.condition ? `${unchanged} AND ${more.condition}` : unchanged,
      values: { ...unchangedValues(identity.credentialEpoch), now: more.now, one: 1, ...more.values },
    },
  )
}

/**
 * A new password in place of the present one: older sessions, challenges and tokens are dead (G6).
 * @param more how it was proved (`resetBy`, of a reset: until a sign-in succeeds its codes go by the other channel); whether
 * the breach check was skipped and is to be made at the next sign-in; a condition beside the usual one
 */
export function replacePasswordWrite(
  identity: Identity,
  sealed: SealedPassword,
  more: {
    readonly resetBy?: Channel | undefined
    readonly breachCheckDue: boolean
    readonly condition?: string
    readonly values?: Readonly<Record<string, unknown>>
    readonly now: number
  },
): Write {
  const { resetBy, breachCheckDue, condition, values, now } = more
  const set = [
    'password = :password, history = :history, credentialEpoch = credentialEpoch + :one',
    ...(resetBy ? ['lastResetBy = :resetBy'] : []),
    ...(breachCheckDue ? ['breachCheckDue = :due'] : []),
  ]
  const gone = ['resetRequired', 'signInCodeByEmail', ...(breachCheckDue ? [] : ['breachCheckDue'])]
  return changeIdentity(
    identity,
    { set: set.join(', '), remove: gone.join(', ') },
    {
      ...(condition !== undefined && { condition }),
      values: {
        ...{ password: sealed, history: historyAfter(identity), ...values },
        ...(resetBy && { resetBy }),
        ...(breachCheckDue && { due: true }),
      },
      now,
    },
  )
}

/** A new PIN in place of the present one: older sessions, challenges and tokens are dead (G6), and the PIN is no longer locked. */
export const replacePinWrite = (identity: Identity, sealed: SealedPin, now: number): Write =>
  changeIdentity(
    identity,
    {
      set: 'pin = :pin, pinFailures = :zero, credentialEpoch = credentialEpoch + :one',
      remove: 'pinResetRequired',
    },
    { values: { pin: sealed, zero: 0 }, now },
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
  const gone = [
    ...(signedIn && lastResetChannel(identity) !== undefined ? ['lastResetBy', 'signInCodeByEmail'] : []),
    ...(breachCheck === 'passed' ? ['breachCheckDue'] : []),
  ]
  if (password === undefined && gone.length === 0) return sameIdentityCheck(identity)
  const { sessionEpoch } = identity
  return changeIdentity(
    identity,
    {
      set: password ? 'password = :password' : 'sessionEpoch = :sessionEpoch',
      ...(gone.length > 0 && { remove: gone.join(', ') }),
    },
    {
      condition: 'sessionEpoch = :sessionEpoch',
      values: { sessionEpoch, ...(password && { password }) },
      now,
    },
  )
}

/** Stores the decoy identity; made once, at deployment. */
export async function putDecoy(): Promise<void> {
  await putOne('identities', decoyItem())
}

/** About the size of a usual identity. Its userId names no one. */
function decoyItem(): Item {
  const sealed = { scheme: nativeScheme('A'.repeat(24)), keyId: 'k'.repeat(36), mac: 'A'.repeat(44) }
  return {
    ...decoyKey,
    userId: '',
    email: 'decoy.identity@example.com',
    username: 'decoy.identity',
    phone: '+200000000000',
    locale: 'en',
    status: 'suspended',
    mfaEnabled: false,
    consents: {},
    credentialEpoch: 0,
    sessionEpoch: 0,
    password: sealed,
    history: [],
    pinFailures: 0,
    createdAt: 0,
    updatedAt: 0,
    rev: 0,
  }
}
