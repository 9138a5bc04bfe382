/** Failures in a row at signing in as one identity, over all its aliases, as their item keeps them. */
import { policy } from '../policy.ts'
import type { Identity } from './identity.ts'

export interface SignInStreaks {
  /** Wrong passwords in a row. */
  readonly fails?: number
  /** Epoch ms of the last wrong password; a right one leaves it. */
  readonly lastFailAt?: number
  /** Wrong sign-in codes in a row. */
  readonly wrongCodes?: number
  /** Set once it was told that they have locked sign-in. */
  readonly notedLock?: string
}

/** Failures at an identifier count so long, and a little longer, since no two clocks agree. */
const countsMs = (policy.loginFailuresPerIdentifierWindowSeconds + 60) * 1000

/**
 * Whether there may be anything to clear before a sign-in that is promised: failures at one of the identifiers, or a streak. Each
 * failure at an identifier is noted in the streaks of its owner, in one transaction, so they speak for all of them; not for
 * those from before an identifier was this person's, which no change of the identity longer ago than they count can have left.
 * What fails at this very moment stands as if it had failed a moment later.
 * @param streaks undefined where there is none, or it was not read
 */
export function mayStandAgainstSignIn(
  streaks: SignInStreaks | undefined,
  { updatedAt }: Pick<Identity, 'updatedAt'>,
  now: number,
): boolean {
  const { fails = 0, wrongCodes = 0, lastFailAt = 0, notedLock } = streaks ?? {}
  const isRecent = Math.max(lastFailAt, updatedAt) > now - countsMs
  return fails > 0 || wrongCodes > 0 || notedLock !== undefined || isRecent
}
