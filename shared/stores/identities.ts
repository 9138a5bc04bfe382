/** Identities and their unique identifiers. */

import type { SubjectKind } from '../contract/flows.ts'
import { nativeScheme } from '../crypto/scheme.ts'
import type { SealedPassword } from '../crypto/sealed.ts'
import type { Identity } from '../domain/identity.ts'
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

/** Holds a transaction of a session to the identity as the session knows it. */
export const sameIdentityCheck = (identity: Identity): Write =>
  check('identities', identityKey(identity.userId), {
    condition: `${unchanged} AND sessionEpoch = :sessionEpoch`,
    values: { ...unchangedValues(identity.credentialEpoch), sessionEpoch: identity.sessionEpoch },
  })

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
 * What a sign-in leaves on the identity: nothing but a condition, unless an imported hash is sealed anew, or a sign-in
 * succeeded that sends the next codes by SMS again.
 */
export function signInWrite(
  identity: Identity,
  left: { readonly password?: SealedPassword | undefined; readonly signedIn: boolean },
  now: number,
): Write {
  const { password, signedIn } = left
  const again = signedIn && identity.signInCodeByEmail === true
  if (password === undefined && !again) return sameIdentityCheck(identity)
  const { sessionEpoch } = identity
  return changeIdentity(
    identity,
    {
      set: password ? 'password = :password' : 'sessionEpoch = :sessionEpoch',
      ...(again && { remove: 'signInCodeByEmail' }),
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
export function decoyItem(): Item {
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
