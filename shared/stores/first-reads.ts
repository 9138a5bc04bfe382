/** What is read before a secret is compared, in as few calls as can be, and the same for known and unknown (G1). */
import type { Identifier } from '../contract/schemas.ts'
import type { Identity } from '../domain/identity.ts'
import type { Subject } from '../events.ts'
import { getSeveral, type Item } from './database.ts'
import { guessKey } from './guesses.ts'
import { findOwner, identityIn, identityOrDecoyKey, lookupKey, ownerIn } from './identities.ts'
import { frozenUntilOf } from './limits.ts'
import { streakKey } from './logins.ts'
import { type Full, firstFull, type Register } from './registers.ts'

const inChallenges = (pk: string) => ({ table: 'challenges', key: { pk } }) as const

/** Whose an identifier is, and the first of its registers that is full. @throws Unavailable */
export async function readOwner(
  { kind, value }: Pick<Identifier, 'kind' | 'value'>,
  registers: readonly Register[],
  now: number,
): Promise<{ readonly owner: string | undefined; readonly full: Full | undefined }> {
  const [lookup, ...items] = await getSeveral([
    { table: 'identities', key: lookupKey(kind, value) },
    ...registers.map(({ pk }) => inChallenges(pk)),
  ])
  return { owner: ownerIn(lookup), full: firstFull(registers, items, now) }
}

/** The identity that an owner is, and its failures in a row. @throws Unavailable */
export async function readWithStreaks(
  owner: string | undefined,
  key: { readonly pk: string },
): Promise<{ readonly identity: Identity | undefined; readonly streaks: Item | undefined }> {
  const [identity, streaks] = await getSeveral([
    { table: 'identities', key: identityOrDecoyKey(owner) },
    inChallenges(key.pk),
  ])
  return { identity: identityIn(identity, owner), streaks }
}

/** The identity whose password is to be reset, and what may stand against its sign-in after that. @throws Unavailable */
export const readForReset = (userId: string) => readWithStreaks(userId, streakKey(userId))

/**
 * Whom a code is for, and until when guesses have frozen their recovery over all aliases (epoch ms, 0 where they have not).
 * @throws Unavailable
 */
export async function findRecipient(
  subject: Subject,
): Promise<{ readonly identity: Identity | undefined; readonly frozenUntil: number }> {
  const owner = await findOwner(subject)
  const [identity, guesses] = await getSeveral([
    { table: 'identities', key: identityOrDecoyKey(owner) },
    inChallenges(guessKey(owner ?? '~').pk),
  ])
  return { identity: identityIn(identity, owner), frozenUntil: frozenUntilOf(guesses) }
}

/** The first of some registers that is full, and failures in a row. @throws Unavailable */
export async function readLimits(
  registers: readonly Register[],
  key: { readonly pk: string },
  now: number,
): Promise<{ readonly full: Full | undefined; readonly streaks: Item | undefined }> {
  const [streaks, ...items] = await getSeveral([key, ...registers].map(({ pk }) => inChallenges(pk)))
  return { full: firstFull(registers, items, now), streaks }
}
