/** The last step of every password reset. */

import type { Call } from '../call/call.ts'
import { done, type Reply } from '../call/reply.ts'
import type { PasswordRule } from '../contract/flows.ts'
import { checkPassword } from '../domain/password.ts'
import { mayStandAgainstSignIn } from '../domain/sign-in-streaks.ts'
import { provedSms } from '../domain/sms-breaker.ts'
import { replacePasswordWrite } from '../stores/identity-changes.ts'
import { clearSignInLimits } from '../stores/person-limits.ts'
import { commit } from '../stores/transaction.ts'
import { confirmations } from './confirm.ts'
import { orGiveBack } from './give-back.ts'
import { judgeNewPassword } from './new-password.ts'
import { type Proof, provedEvent } from './proof.ts'
import { refuseSecret } from './refuse-secret.ts'

/**
 * Checks what only the record knows, then replaces the password, bumps the epoch, consumes the proof, and records and
 * confirms the change: together or not at all (G7).
 * @throws Unavailable
 */
export async function replacePassword(
  call: Call,
  proof: Proof,
  newPassword: string,
  rule: PasswordRule,
): Promise<Reply> {
  const { identity, challenge } = proof
  const details = checkPassword(newPassword, rule, identity)
  if (details.length > 0) return refuseSecret(call, proof, 'PASSWORD_WEAK', details)
  const fit = await orGiveBack(proof.giveBack, judgeNewPassword(identity, newPassword, rule))
  if (fit.refused !== undefined) return refuseSecret(call, proof, fit.refused)
  const { sealed, breachCheck } = fit
  const event = call.event({
    ...provedEvent(proof),
    ...provedSms(challenge),
    ...proof.clears,
    outcome: 'success',
    ...(breachCheck && { breachCheck }),
  })
  const end = await commit({
    identity: replacePasswordWrite(identity, sealed, {
      resetBy: challenge.channel,
      breachCheckDue: breachCheck === 'skipped',
      now: call.now,
    }),
    proof: proof.consume,
    cleared: mayStandAgainstSignIn(proof.streaks, identity, call.now)
      ? clearSignInLimits(identity)
      : undefined,
    event: event.write,
    told: confirmations(call, identity, 'passwordChanged', event.id, challenge.channel),
  })
  if (!end.committed) return proof.refuse(end.refusedBy === 'identity' ? 'stale_epoch' : 'used')
  return done('Your password has been reset. Please sign in with your new password.')
}
