/** What a right password is good for at a login: the breach check that is still due, and a seal of our own. */

import type { Call } from '../call/call.ts'
import { type Reply, refuse } from '../call/reply.ts'
import { checkBreached } from '../crypto/breach.ts'
import { sealPassword } from '../crypto/seal.ts'
import { isNative, isReadWhole, type SealedPassword } from '../crypto/sealed.ts'
import type { Identity } from '../domain/identity.ts'
import type { Judged } from '../judged.ts'
import { commit } from '../stores/transaction.ts'
import { requireResetWrites } from './require-reset.ts'
import { type PasswordTry, passwordLimits, refuseRight, rightPassword } from './sign-in.ts'

/** What a login leaves on the identity and in its entry. */
export interface RightPassword {
  /** The imported hash, sealed anew: the password is at hand, and known to be right. */
  readonly upgrade: SealedPassword | undefined
  /** Set where it was due. `skipped` leaves it to the next login. */
  readonly breachCheck: 'passed' | 'skipped' | undefined
}

async function upgradeOf({ userId, password, history }: Identity, typed: string) {
  if (password === undefined || isNative(password) || !isReadWhole(typed, password)) return undefined
  return sealPassword(userId, typed, history)
}

/** Within the limits on passwords, as any answer that tells a right one from a wrong one (G2). */
async function refuseBreached(call: Call, tried: PasswordTry, identity: Identity): Promise<Reply> {
  const failed = call.event({ ...tried.failed, reason: 'password_breached' })
  const end = await commit(
    {
      ...rightPassword(tried, 'sign-in-with-code', call.now),
      ...requireResetWrites(call, identity, 'as-read', 'system'),
      failed: failed.write,
    },
    passwordLimits,
  )
  return end.committed ? refuse('CREDENTIALS_INVALID') : refuseRight(call, tried, end)
}

/**
 * Asks the breach service again where it did not answer when the password was chosen. A breached password is of no use
 * until it is reset.
 * @returns what the login is to leave, or the refusal
 * @throws Unavailable
 */
export async function followRightPassword(
  call: Call,
  tried: PasswordTry,
  identity: Identity,
  typed: string,
): Promise<Judged<RightPassword, Reply>> {
  if (identity.breachCheckDue) {
    // The service may take longer than the floor, which tells that the password is right: the limits hold first (G2).
    const held = await commit(rightPassword(tried, 'sign-in-with-code', call.now))
    if (!held.committed) return { refused: await refuseRight(call, tried, held) }
  }
  const breachCheck = identity.breachCheckDue ? await checkBreached(typed) : undefined
  if (breachCheck === 'breached') return { refused: await refuseBreached(call, tried, identity) }
  return { upgrade: await upgradeOf(identity, typed), breachCheck }
}
