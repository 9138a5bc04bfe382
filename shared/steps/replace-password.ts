/** The last step of every password reset. */

import type { Code, Detail } from '../contract/codes.ts'
import type { PasswordRule } from '../contract/flows.ts'
import { checkBreached } from '../crypto/breach.ts'
import { resealAndCompare } from '../crypto/seal.ts'
import { historyAfter } from '../domain/history.ts'
import { checkPassword } from '../domain/password.ts'
import { provedSms } from '../domain/sms-breaker.ts'
import type { Call } from '../edge/call.ts'
import { done, type Reply, refuse } from '../edge/reply.ts'
import { transact } from '../stores/database.ts'
import { changeIdentity } from '../stores/identities.ts'
import { rowReset } from '../stores/logins.ts'
import { confirmations } from './confirm.ts'
import { type Proof, provedEvent } from './proof.ts'

/** Refuses a new secret after a right proof, which stays as it was. */
export async function refuseSecret(
  call: Call,
  proof: Proof,
  code: Code,
  details?: readonly Detail[],
): Promise<Reply> {
  const event = call.event({ ...provedEvent(proof), outcome: 'failure', reason: code.toLowerCase() })
  const verdict = await transact([...proof.giveBack, event.write])
  if (!verdict.committed) return proof.refuse('used')
  return refuse(code, details ? { details } : {})
}

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
  const { userId, password, history } = identity
  const { sealed, reused } = await resealAndCompare(userId, newPassword, password, history)
  if (reused) return refuseSecret(call, proof, 'PASSWORD_REUSED')
  const breachCheck = rule === 'enterprise' ? await checkBreached(newPassword) : undefined
  if (breachCheck === 'breached') return refuseSecret(call, proof, 'PASSWORD_BREACHED')
  const event = call.event({
    ...provedEvent(proof),
    ...provedSms(challenge),
    ...proof.clears,
    outcome: 'success',
    ...(breachCheck && { breachCheck }),
  })
  const bySms = challenge.channel === 'sms'
  const verdict = await transact([
    changeIdentity(
      identity,
      {
        set: `password = :password, history = :history, credentialEpoch = credentialEpoch + :one${bySms ? ', signInCodeByEmail = :bySms' : ''}`,
        remove: 'resetRequired',
      },
      {
        values: { password: sealed, history: historyAfter(identity), ...(bySms && { bySms }) },
        now: call.now,
      },
    ),
    ...proof.consume,
    rowReset(userId),
    event.write,
    ...confirmations(call, identity, 'passwordChanged', event.id, challenge.channel),
  ])
  if (!verdict.committed) return proof.refuse(verdict.refused(0) ? 'stale_epoch' : 'used')
  return done('Your password has been reset. Please sign in with your new password.')
}
