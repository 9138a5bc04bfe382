/**
 * Wrong codes in a row, and what the hundredth comes to (NIST 800-63B 3.2.2). Where anybody can guess, recovery of what was
 * typed rests for a day; behind a right password the password has leaked; behind a session its holder has no phone.
 */

import type { Call } from '../call/call.ts'
import { type Reply, refuse } from '../call/reply.ts'
import { secondsUntil } from '../domain/challenge.ts'
import { identitySubject } from '../domain/subject.ts'
import type { Subject } from '../events.ts'
import { policy } from '../policy.ts'
import type { Item, Write } from '../stores/database.ts'
import { readIdentity } from '../stores/identities.ts'
import {
  clearGuesses,
  countGuess,
  freeze,
  freezeKey,
  frozenUntilOf,
  markFrozen,
  noteRefusal,
  notFrozenCheck,
} from '../stores/limits.ts'
import {
  countWrongCode,
  isSignInLocked,
  lockSignIn,
  noWrongCodes,
  signInNotLockedCheck,
  streakKey,
} from '../stores/logins.ts'
import { countSessionWrongCode, endSpentSession } from '../stores/sessions.ts'
import type { Writes } from '../stores/transaction.ts'
import { confirmations } from './confirm.ts'
import { limitReached } from './limits.ts'

export interface Streak {
  /** Holds while the streak is not over. */
  readonly goesOn: Writes
  /** Counts a wrong code, short of the hundredth. */
  readonly count: Write
  /** The hundredth, at this challenge: its first write holds just for that one. */
  readonly last: (challengePk: string) => Promise<readonly Write[]>
  /** A right code ends it, where it is not over. */
  readonly end: Writes
  /** What the event of a wrong code counts over all aliases of the identity. */
  readonly counts: { readonly guess?: 'failed' }
  /** The answer once it is over, by the item that refused; undefined while it is not. */
  readonly refuse: (met: Item | undefined) => Promise<Reply> | undefined
}

/** Guesses at a typed subject, known or not: the hundredth freezes recovery for a day (G5). */
export function freezeStreak(call: Call, subject: Subject): Streak {
  const { now, flow } = call
  const about = { subject, ...(flow !== undefined && { flow }) }
  const refuseFrozen = async (met: Item | undefined) => {
    const until = frozenUntilOf(met)
    const note = { key: freezeKey(subject), attribute: 'noted', window: until, met }
    await noteRefusal(note, call.event(limitReached('frozen', about)).write)
    return refuse('TRIES_EXHAUSTED', { retryAfterSeconds: secondsUntil(until, now) })
  }
  const frozen = { type: 'RECOVERY_FROZEN', outcome: 'success', reason: 'guesses' } as const
  return {
    goesOn: notFrozenCheck(subject, now),
    count: countGuess(subject, now),
    last: async (pk) => [
      freeze(subject, now),
      call.event({ ...frozen, ...about }).write,
      markFrozen({ pk }, now),
    ],
    end: clearGuesses(subject, now),
    counts: { guess: 'failed' },
    refuse: (met) => (frozenUntilOf(met) > now ? refuseFrozen(met) : undefined),
  }
}

/** Answers a sign-in whose password has leaked: no time helps, only a reset or an unlock. */
export async function refuseLocked(call: Call, subject: Subject, met: Item | undefined): Promise<Reply> {
  const note = { key: streakKey(subject.value), attribute: 'notedLock', window: 'locked', met }
  const event = call.event(limitReached('sign-in-codes', { subject, userId: subject.value }))
  await noteRefusal(note, event.write)
  return refuse('TRIES_EXHAUSTED', {
    message:
      'Too many wrong codes were entered after the right password. Reset the password to sign in again.',
    retryAfterSeconds: policy.freezeSeconds,
  })
}

/** Codes of sign-ins, after a right password: the hundredth locks sign-in until a reset, and the owner is told. */
export function signInStreak(call: Call, userId: string): Streak {
  const subject = identitySubject(userId)
  return {
    goesOn: signInNotLockedCheck(userId),
    count: countWrongCode(userId),
    last: async () => {
      const event = call.event(limitReached('sign-in-codes', { subject, userId }))
      const identity = await readIdentity(userId)
      const told = identity ? confirmations(call, identity, 'signInLocked', event.id) : []
      return [lockSignIn(userId), event.write, ...told]
    },
    end: noWrongCodes(userId),
    counts: {},
    refuse: (met) => (isSignInLocked(met) ? refuseLocked(call, subject, met) : undefined),
  }
}

/** Codes of step-up: the hundredth ends the session that sent them. */
export function sessionStreak(
  call: Call,
  session: { readonly userId: string; readonly sessionId: string },
): Streak {
  const { userId } = session
  const subject = identitySubject(userId)
  return {
    goesOn: undefined,
    count: countSessionWrongCode(session),
    last: async () => [
      endSpentSession(session),
      call.event(limitReached('step-up-codes', { subject, userId })).write,
    ],
    end: undefined,
    counts: {},
    refuse: (met) => (met === undefined ? Promise.resolve(refuse('SESSION_INVALID')) : undefined),
  }
}
