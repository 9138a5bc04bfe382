/** Writes of a whole identity with its unique identifiers. */
import type { Identity } from '../domain/identity.ts'
import { get, put, remove, type Write } from './database.ts'
import { identityItem, identityKey, lookupKey, ownerIn } from './identities.ts'

const identifiers = ['email', 'username', 'phone'] as const

/** One owner for each identifier. */
const claim = (kind: (typeof identifiers)[number], value: string, userId: string): Write =>
  put(
    'identities',
    { ...lookupKey(kind, value), userId },
    { condition: 'attribute_not_exists(pk) OR userId = :userId', values: { userId } },
  )

const give = (kind: (typeof identifiers)[number], value: string, userId: string): Write =>
  remove('identities', lookupKey(kind, value), { condition: 'userId = :userId', values: { userId } })

/** An identifier that is another's. */
export interface Taken {
  readonly field: (typeof identifiers)[number]
  /** The userId of whose it is. */
  readonly owner: string
}

/** Which identifiers of an identity are another's by now. @throws Unavailable */
export async function takenIdentifiers(identity: Identity): Promise<Taken[]> {
  const owners = await Promise.all(
    identifiers.map(async (kind) => {
      const value = identity[kind]
      return value === undefined ? undefined : ownerIn(await get('identities', lookupKey(kind, value)))
    }),
  )
  return identifiers.flatMap((field, place) => {
    const owner = owners[place]
    return owner === undefined || owner === identity.userId ? [] : [{ field, owner }]
  })
}

/** The writes of a whole identity, by name: refused where it is not as it was read, and where an identifier is another's. */
export type Registration = { readonly identity: Write; readonly identifiers: readonly Write[] }

/** A new identity. */
export const createWrites = (identity: Identity): Registration => ({
  identity: put('identities', identityItem(identity), { condition: 'attribute_not_exists(pk)' }),
  identifiers: identifiers.flatMap((kind) => {
    const value = identity[kind]
    return value === undefined ? [] : [claim(kind, value, identity.userId)]
  }),
})

/** The identity as it is to be, while it is as it was read. */
export const replaceWrites = (old: Identity, next: Identity): Registration => ({
  identity: put('identities', identityItem(next), { condition: 'rev = :rev', values: { rev: old.rev } }),
  identifiers: identifiers
    .filter((kind) => old[kind] !== next[kind])
    .flatMap((kind) => {
      const [was, is] = [old[kind], next[kind]]
      return [
        ...(was === undefined ? [] : [give(kind, was, old.userId)]),
        ...(is === undefined ? [] : [claim(kind, is, next.userId)]),
      ]
    }),
})

/** Everything that names the person. */
export const eraseWrites = (identity: Identity): Registration => ({
  identity: remove('identities', identityKey(identity.userId), {
    condition: 'rev = :rev',
    values: { rev: identity.rev },
  }),
  identifiers: identifiers.flatMap((kind) => {
    const value = identity[kind]
    return value === undefined ? [] : [give(kind, value, identity.userId)]
  }),
})
