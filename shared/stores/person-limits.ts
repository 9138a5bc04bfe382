/** All limits and challenges that are kept for one person, under the userId and each alias. */
import { type FlowId, flows } from '../contract/flows.ts'
import type { Identity } from '../domain/identity.ts'
import { pairKey, subjectKey } from '../domain/subject.ts'
import type { Subject } from '../events.ts'
import { challengePk, signInPk } from './challenges.ts'
import { remove, update, type Write } from './database.ts'
import { challengeKeys as key } from './keys.ts'
import { freezeKey } from './limits.ts'
import { identifierRegisterPk, refusedSecretsRegister, rowReset } from './logins.ts'

/** Every way to type this person. */
export function subjectsOf({ userId, email, username, phone }: Identity): Subject[] {
  const typed = { email, username, phone, userId, identity: userId }
  return Object.entries(typed).flatMap(([kind, value]) =>
    value === undefined ? [] : [{ kind, value } as Subject],
  )
}

const pairsOf = ({ phone }: Identity, subjects: readonly Subject[]) =>
  subjects
    .filter(({ kind }) => kind === 'email' || kind === 'username')
    .flatMap((subject) => (phone === undefined ? [] : [pairKey(subject, phone)]))

const flowIds = Object.keys(flows) as FlowId[]

/** Keys of the challenges that may exist for this person. */
function challengeKeys(identity: Identity): string[] {
  const subjects = subjectsOf(identity)
  return flowIds.flatMap((flow) => {
    const keys = flows[flow].subject === 'pair' ? pairsOf(identity, subjects) : subjects.map(subjectKey)
    return keys.map((key) => challengePk(flow, key))
  })
}

/** Keys of what counts against this person and holds nothing else. */
function limitKeys(identity: Identity): string[] {
  const { userId } = identity
  const subjects = subjectsOf(identity)
  return [
    ...subjects.flatMap((subject) => [
      freezeKey(subject).pk,
      identifierRegisterPk(subject),
      `${key.pairs}${subjectKey(subject)}`,
    ]),
    `${key.guesses}${userId}`,
    refusedSecretsRegister(userId).pk,
    ...flowIds.map((flow) => `${key.identityRegister(flow)}${userId}`),
    `${key.loginRow}${userId}`,
    signInPk(userId),
  ]
}

/** Failures at signing in by each of this person's identifiers. */
export const clearSignInRegisters = (identity: Identity): Write[] =>
  subjectsOf(identity)
    .filter(({ kind }) => kind !== 'userId' && kind !== 'identity')
    .map((subject) => remove('challenges', { pk: identifierRegisterPk(subject) }))

/**
 * What stands against signing in as this person: failures at each identifier, and both rows of the identity. A proved reset
 * takes it away, so that the sign-in that it promises works.
 */
export const clearSignInLimits = (identity: Identity): Write[] => [
  ...clearSignInRegisters(identity),
  rowReset(identity.userId),
]

/** Send times of a challenge's item, and that its guess froze; the challenge itself stays. */
const limitAttributes = [...Array.from({ length: 10 }, (_, index) => `s${index + 1}`), 'frozenUntil'].join(
  ', ',
)

/** Where there is no item, the update leaves an empty one, to be swept. */
const clearLimits = (pk: string, now: number): Write =>
  update('challenges', { pk }, `SET sweepAt = if_not_exists(sweepAt, :sweepAt) REMOVE ${limitAttributes}`, {
    values: { sweepAt: Math.ceil(now / 1000) + 3600 },
  })

/**
 * Writes that lift every limit of a person. A challenge keeps its tries: unlocking is no way to guess on.
 * At most a hundred with what else a transaction needs.
 */
export function liftWrites(identity: Identity, now: number): Write[] {
  return [
    ...limitKeys(identity).map((pk) => remove('challenges', { pk })),
    ...challengeKeys(identity).map((pk) => clearLimits(pk, now)),
  ]
}

/** Writes that delete all that is kept of a person among challenges and limits; as many as {@link liftWrites} makes. */
export function eraseLimitWrites(identity: Identity): Write[] {
  const keys = [...limitKeys(identity), ...challengeKeys(identity)]
  return keys.map((pk) => remove('challenges', { pk }))
}
