/** What is asked of a new password once the record is known: whether it leaked, and whether it was there before. */
import type { PasswordRule } from '../contract/flows.ts'
import { type BreachCheck, checkBreached } from '../crypto/breach.ts'
import { resealAndCompare } from '../crypto/seal.ts'
import type { SealedPassword } from '../crypto/sealed.ts'
import type { Identity } from '../domain/identity.ts'
import type { Judged } from '../judged.ts'

/** A password that may be stored. */
interface Fit {
  readonly sealed: SealedPassword
  /** Absent where the rule asks for none. */
  readonly breachCheck?: Exclude<BreachCheck, 'breached'>
}

/**
 * The breach service is asked while the hash is made, since either is most of the answer's time. Which refusal comes first stays: a
 * leaked password is told as that whatever else is true of it, and whatever fails, so that the answer does not say whether it was
 * this person's.
 * @throws Unavailable
 */
export async function judgeNewPassword(
  { userId, password, history }: Pick<Identity, 'userId' | 'password' | 'history'>,
  newPassword: string,
  rule: PasswordRule,
): Promise<Judged<Fit, 'PASSWORD_BREACHED' | 'PASSWORD_REUSED'>> {
  const [asked, resealed] = await Promise.allSettled([
    rule === 'enterprise' ? checkBreached(newPassword) : undefined,
    resealAndCompare(userId, newPassword, password, history),
  ])
  const breachCheck = asked.status === 'fulfilled' ? asked.value : 'skipped'
  if (breachCheck === 'breached') return { refused: 'PASSWORD_BREACHED' }
  if (resealed.status === 'rejected') throw resealed.reason
  const { sealed, reused } = resealed.value
  if (reused) return { refused: 'PASSWORD_REUSED' }
  return { sealed, ...(breachCheck && { breachCheck }) }
}
