/** Judging a password: read, compare, and let the commit decide (G2). Login and password change share it. */

import type { Call } from '../call/call.ts'
import type { Happened } from '../call/recorder.ts'
import { type Reply, refuse } from '../call/reply.ts'
import { decoyPassword, verifyPassword } from '../crypto/seal.ts'
import { type Identity, isEligible } from '../domain/identity.ts'
import { identitySubject } from '../domain/subject.ts'
import type { Subject } from '../events.ts'
import type { Judged } from '../judged.ts'
import { policy } from '../policy.ts'
import type { Item } from '../stores/database.ts'
import {
  countWrongPassword,
  endStreak,
  endStreakAtSignIn,
  failuresInRow,
  isSignInLocked,
  lockPassword,
  passwordNotLockedCheck,
  wrongPasswordBeyond,
} from '../stores/logins.ts'
import { firstFull, type Register, recordWrites, roomCheck } from '../stores/registers.ts'
import { commit, type Refusal } from '../stores/transaction.ts'
import { untilItHolds } from '../stores/until-it-holds.ts'
import { confirmations } from './confirm.ts'
import { limitReached, refuseFull } from './limits.ts'
import { refuseLocked } from './streak.ts'

/** A password as it is judged, with the limits it counts against. */
export interface PasswordTry {
  readonly subject: Subject
  readonly registers: readonly Register[]
  /** Where failures in a row are counted: of the identity, or of the identifier where it is unknown. */
  readonly streaksKey: { readonly pk: string }
  /** What was counted there before the comparison. */
  readonly streaks: Item | undefined
  /** The entry a failure becomes. */
  readonly failed: Happened
  /** The identity that the identifier leads to, whatever its state. */
  readonly identity: Identity | undefined
}

/** Why an identity's password does not count, or undefined when it does. */
function unusable(identity: Identity | undefined, streaks: Item | undefined): string | undefined {
  if (identity === undefined) return 'unknown'
  if (!isEligible(identity)) return 'suspended'
  if (identity.password === undefined) return 'no_password'
  if (identity.resetRequired) return 'reset_required'
  return failuresInRow(streaks) >= policy.loginFailuresPerIdentity ? 'locked' : undefined
}

/**
 * Compares a password with what counts: one hash and one KMS call, for a decoy as well.
 * @returns the identity whose password it is, or why it is none
 * @throws Unavailable
 */
export async function comparePassword(
  identity: Identity | undefined,
  streaks: Item | undefined,
  password: string,
): Promise<Judged<{ readonly identity: Identity }, string>> {
  const reason = unusable(identity, streaks)
  const sealed = reason === undefined ? identity?.password : undefined
  const right = await verifyPassword(identity?.userId ?? '~', password, sealed ?? decoyPassword())
  return identity && sealed && right ? { identity } : { refused: reason ?? 'wrong_password' }
}

/** What a right password must hold before anything may tell that it is right: room in each register, and a streak that has not locked it (G2). */
export const passwordLimits = ['limits', 'streak'] as const

/**
 * The writes of a right password.
 * @param use `sign-in` and `sign-in-with-code`: locked by a hundred wrong codes in a row; that streak ends too where no code is needed.
 * `change`: the password is replaced; `refusal`: it is not
 */
export const rightPassword = (
  { registers, streaksKey }: PasswordTry,
  use: 'sign-in' | 'sign-in-with-code' | 'change' | 'refusal',
  now: number,
) => ({
  limits: registers.map((register) => roomCheck(register, now)),
  streak: use.startsWith('sign-in')
    ? endStreakAtSignIn(streaksKey, use === 'sign-in')
    : endStreak(streaksKey, use === 'change'),
})

/** Answers a right password that one of its limits refused. */
export async function refuseRight(
  call: Call,
  tried: PasswordTry,
  { refusedBy, met }: Pick<Refusal<string>, 'refusedBy' | 'met'>,
): Promise<Reply> {
  const { subject, registers, streaksKey } = tried
  if (refusedBy === 'limits') {
    const full = firstFull(registers, [met], call.now)
    return full ? refuseFull(call, full, { subject }) : refusePassword(call, tried, 'locked')
  }
  const leaked =
    refusedBy === 'streak' && failuresInRow(met) < policy.loginFailuresPerIdentity && isSignInLocked(met)
  if (!leaked) return refusePassword(call, tried, refusedBy === 'streak' ? 'locked' : 'stale_epoch')
  // This answer too tells that the password is right.
  const held = await commit({
    limits: registers.map((register) => roomCheck(register, call.now)),
    streak: passwordNotLockedCheck(streaksKey),
  })
  if (!held.committed) return refuseRight(call, tried, held)
  return refuseLocked(call, identitySubject(tried.identity?.userId ?? '~'), met)
}

/**
 * Counts a failure and answers by that commit. The hundredth in a row locks the password and tells the owner.
 * @throws Unavailable
 */
export async function refusePassword(call: Call, tried: PasswordTry, reason: string): Promise<Reply> {
  const { subject, registers, streaksKey, streaks, identity } = tried
  const limits = registers.flatMap((register) => recordWrites(register, call.now))
  const event = call.event({ ...tried.failed, reason })
  const locked = call.event(limitReached('logins-per-identity', tried.failed))
  const told = identity ? confirmations(call, identity, 'loginLocked', locked.id) : []
  const below = [
    { streak: countWrongPassword(streaksKey, call.now) },
    { streak: lockPassword(streaksKey, call.now), locked: [locked.write, ...told] },
  ]
  const beyond = { streak: wrongPasswordBeyond(streaksKey, call.now) }
  // What was read comes first, so that failures past the hundredth cost the calls of one before it, whoever is meant (G1).
  const isBeyond = failuresInRow(streaks) >= policy.loginFailuresPerIdentity
  const choices = isBeyond ? [beyond, ...below] : [...below, beyond]
  const attempt = async (choice: (typeof choices)[number]) => {
    const end = await commit<string>({ limits, ...choice, event: event.write })
    if (end.committed) return refuse('CREDENTIALS_INVALID')
    const full = firstFull(registers, [end.met], call.now)
    return full && refuseFull(call, full, { subject })
  }
  return untilItHolds('The count of failed logins', [...choices, ...choices], attempt)
}
