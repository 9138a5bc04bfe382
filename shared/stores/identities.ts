/** Identities and their unique identifiers: where they are, and what holds of them. Their changes: `identity-changes.ts`. */

import type { SubjectKind } from '../contract/flows.ts'
import { nativeScheme } from '../crypto/scheme.ts'
import type { Sealed } from '../crypto/sealed.ts'
import type { Identity } from '../domain/identity.ts'
import type { Subject } from '../events.ts'
import { check, get, type Item, putOne, type Write } from './database.ts'
import { identityKeys } from './keys.ts'
import { packSeal, packSeals, type StoredSeal, unpackSeals } from './sealed-form.ts'

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

/** What is stored of an identity's secrets. */
interface StoredSecrets {
  readonly password?: StoredSeal
  readonly pin?: StoredSeal
  readonly history?: readonly StoredSeal[]
}

/** An identity as it is stored. */
export function identityItem(identity: Identity): Item {
  const { password, pin, history, ...others } = identity
  return {
    ...identityKey(identity.userId),
    ...others,
    ...(password && { password: packSeal(password) }),
    ...(pin && { pin: packSeal(pin) }),
    history: packSeals(history),
  }
}

/** The identity that an item holds, in either form of its secrets. */
export function identityOf(item: Item): Identity {
  const { pk: _, password, pin, history, ...others } = item as StoredSecrets & Item
  const one = (stored: StoredSeal | undefined): Sealed | undefined => stored && unpackSeals([stored])[0]
  return {
    ...others,
    ...(password && { password: one(password) }),
    ...(pin && { pin: one(pin) }),
    ...(history && { history: unpackSeals(history) }),
  } as unknown as Identity
}

/** The identity in an item that may be the decoy. */
export function identityIn(item: Item | undefined, userId: string | undefined): Identity | undefined {
  return item !== undefined && userId !== undefined && item['userId'] === userId
    ? identityOf(item)
    : undefined
}

/** Strongly consistent. @throws Unavailable */
export async function readIdentity(userId: string): Promise<Identity | undefined> {
  return identityIn(await get('identities', identityKey(userId)), userId)
}

/** The same where nobody may be meant: the decoy is read in their place. @throws Unavailable */
export async function readIdentityOrDecoy(userId: string | undefined): Promise<Identity | undefined> {
  return identityIn(await get('identities', identityOrDecoyKey(userId)), userId)
}

/** Whose identifier a lookup row names. */
export const ownerIn = (item: Item | undefined): string | undefined => item?.['userId'] as string | undefined

/** Whom a subject names: one consistent read, none for a userId, which need not be anybody's. @throws Unavailable */
export async function findOwner({ kind, value }: Subject): Promise<string | undefined> {
  if (kind === 'userId' || kind === 'identity') return value
  return ownerIn(await get('identities', lookupKey(kind, value)))
}

/**
 * Finds who is meant: two consistent reads, one for a userId, the same for unknown subjects.
 * @throws Unavailable
 */
export const findIdentity = async (subject: Subject): Promise<Identity | undefined> =>
  readIdentityOrDecoy(await findOwner(subject))

/**
 * Whose an identifier is: one consistent read, of who has it alone, as it goes and comes with its identity.
 * @throws Unavailable
 */
export async function findUserId(subject: Subject): Promise<string | undefined> {
  const { kind, value } = subject
  if (kind === 'userId' || kind === 'identity') return (await findIdentity(subject))?.userId
  return ownerIn(await get('identities', lookupKey(kind, value)))
}

/** Condition that an identity is active and of this epoch. */
export const ofEpoch = (epoch: number) => ({
  condition: '#status = :active AND credentialEpoch = :epoch',
  values: { active: 'active', epoch },
})

/** Condition that the identity is still what it was when it was read, by both epochs. */
export const sameIdentity = ({ credentialEpoch, sessionEpoch }: Identity) => {
  const { condition, values } = ofEpoch(credentialEpoch)
  return { condition: `${condition} AND sessionEpoch = :sessionEpoch`, values: { ...values, sessionEpoch } }
}

/** Holds a transaction to an active identity of this epoch. */
export const sameEpochCheck = (userId: string, epoch: number): Write =>
  check('identities', identityKey(userId), ofEpoch(epoch))

/** Holds a transaction of a session to the identity as the session knows it. */
export const sameIdentityCheck = (identity: Identity): Write =>
  check('identities', identityKey(identity.userId), sameIdentity(identity))

/** Stores the decoy identity; made once, at deployment. */
export async function putDecoy(): Promise<void> {
  await putOne('identities', { ...identityItem(decoy()), ...decoyKey })
}

/** About the size of a usual identity. Its userId names no one. */
function decoy(): Identity {
  const zeros = (bytes: number) => Buffer.alloc(bytes).toString('base64')
  const sealed = { scheme: nativeScheme(zeros(16)), keyId: 'k'.repeat(36), mac: zeros(32) }
  return {
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
