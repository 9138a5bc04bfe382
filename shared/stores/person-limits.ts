/** All limits and challenges that are kept for one person, under the userId and each alias. */
import type { Identity } from '../domain/identity.ts'
import { pairKey } from '../domain/subject.ts'
import type { Subject } from '../events.ts'
import { remove, update, type Write } from './database.ts'
import { keysOfPerson, limitAttributes, type PersonKeys } from './keys.ts'
import { clearStreaks, identifierRegisterKey } from './logins.ts'

/** Every way to type this person. */
export function subjectsOf({ userId, email, username, phone }: Identity): Subject[] {
  const typed = { email, username, phone, userId, identity: userId }
  return Object.entries(typed).flatMap(([kind, value]) =>
    value === undefined ? [] : [{ kind, value } as Subject],
  )
}

/** What the keys of a person's items are made of. */
function personKeys(identity: Identity): PersonKeys {
  const { userId, phone } = identity
  const subjects = subjectsOf(identity)
  const typedWithPhone = subjects.filter(({ kind }) => kind === 'email' || kind === 'username')
  const pairs = phone === undefined ? [] : typedWithPhone.map((subject) => pairKey(subject, phone))
  return { userId, subjects, pairs }
}

/** Failures at signing in by each of this person's identifiers. */
export const clearSignInRegisters = (identity: Identity): Write[] =>
  subjectsOf(identity)
    .filter(({ kind }) => kind !== 'userId' && kind !== 'identity')
    .map((subject) => remove('challenges', identifierRegisterKey(subject)))

/**
 * What stands against signing in as this person: failures at each identifier, and both streaks of the identity. A proved reset
 * takes it away, so that the sign-in that it promises works; where it can know that there is nothing
 * (`mayStandAgainstSignIn`), it writes nothing.
 */
export const clearSignInLimits = (identity: Identity): Write[] => [
  ...clearSignInRegisters(identity),
  clearStreaks(identity.userId),
]

/** The challenge itself stays. Where there is no item, the update leaves an empty one, to be swept. */
const clearLimits = (pk: string, now: number): Write =>
  update(
    'challenges',
    { pk },
    `SET sweepAt = if_not_exists(sweepAt, :sweepAt) REMOVE ${limitAttributes.join(', ')}`,
    {
      values: { sweepAt: Math.ceil(now / 1000) + 3600 },
    },
  )

/**
 * Writes that lift every limit of a person. A challenge keeps its tries: unlocking is no way to guess on.
 * At most a hundred with what else a transaction needs.
 */
export function liftWrites(identity: Identity, now: number): Write[] {
  const person = personKeys(identity)
  return [
    ...keysOfPerson(person, 'item').map((pk) => remove('challenges', { pk })),
    ...keysOfPerson(person, 'limits').map((pk) => clearLimits(pk, now)),
  ]
}

/** Writes that delete all that is kept of a person among challenges and limits; as many as {@link liftWrites} makes. */
export function eraseLimitWrites(identity: Identity): Write[] {
  const person = personKeys(identity)
  const keys = [...keysOfPerson(person, 'item'), ...keysOfPerson(person, 'limits')]
  return keys.map((pk) => remove('challenges', { pk }))
}
