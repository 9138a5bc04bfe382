/** What stands against a person: freezes after guesses, and a sign-in that is locked. */
import type { Identity } from '../domain/identity.ts'
import { policy } from '../policy.ts'
import { getSeveral } from './database.ts'
import { guessKey } from './guesses.ts'
import { freezeKey, frozenUntilOf } from './limits.ts'
import { failuresInRow, isSignInLocked, streakKey } from './logins.ts'
import { subjectsOf } from './person-limits.ts'

export interface Standing {
  /** Epoch ms; 0 where no guesses froze recovery, by any alias. */
  readonly guessesFrozenUntil: number
  readonly signInLocked: 'passwords' | 'codes' | undefined
}

/** @throws Unavailable */
export async function readStanding(identity: Identity): Promise<Standing> {
  const { userId } = identity
  const keys = [streakKey(userId), guessKey(userId), ...subjectsOf(identity).map(freezeKey)]
  const [streaks, ...freezes] = await getSeveral(keys.map((key) => ({ table: 'challenges' as const, key })))
  const byPasswords = failuresInRow(streaks) >= policy.loginFailuresPerIdentity ? 'passwords' : undefined
  return {
    guessesFrozenUntil: Math.max(...freezes.map(frozenUntilOf)),
    signInLocked: isSignInLocked(streaks) ? 'codes' : byPasswords,
  }
}
