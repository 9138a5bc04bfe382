/** Changes the password with the present one. Ends all other sessions; this one goes on. */

import { done, refuse } from '#shared/call/reply.ts'
import { checkPassword } from '#shared/domain/password.ts'
import { sessionEdge } from '#shared/edge/edge.ts'
import { confirmations } from '#shared/steps/confirm.ts'
import { judgeNewPassword } from '#shared/steps/new-password.ts'
import { refuseEnded, refuseNewSecret, tryPresentPassword } from '#shared/steps/present-password.ts'
import { passwordLimits, refuseRight, rightPassword } from '#shared/steps/sign-in.ts'
import { replacePasswordWrite } from '#shared/stores/identity-changes.ts'
import { clearSignInRegisters } from '#shared/stores/person-limits.ts'
import { keepSessionWrite } from '#shared/stores/sessions.ts'
import { commit } from '#shared/stores/transaction.ts'

const rule = 'enterprise'
const factors = [{ group: 'KNOWLEDGE', method: 'password' }] as const

export const handler = sessionEdge('change-password', async (call) => {
  const { identity, session, now } = call
  const { password, newPassword } = call.body
  const weak = checkPassword(newPassword, rule, {})
  if (weak.length > 0) return refuse('PASSWORD_WEAK', { details: weak })
  const judged = await tryPresentPassword(call, identity, password)
  if (judged.refused) return judged.refused
  const { tried } = judged
  const own = checkPassword(newPassword, rule, identity)
  if (own.length > 0) return refuseNewSecret(call, tried, 'PASSWORD_WEAK', own)
  const fit = await judgeNewPassword(identity, newPassword, rule)
  if (fit.refused !== undefined) return refuseNewSecret(call, tried, fit.refused)
  const { sealed, breachCheck } = fit
  const checked = breachCheck && { breachCheck }
  const event = call.event({ ...tried.failed, outcome: 'success', ...checked, factors })
  const end = await commit(
    {
      ...rightPassword(tried, 'change', now),
      identity: replacePasswordWrite(identity, sealed, {
        breachCheckDue: breachCheck === 'skipped',
        inSession: true,
        now,
      }),
      session: keepSessionWrite(session, identity),
      cleared: clearSignInRegisters(identity),
      event: event.write,
      told: confirmations(call, identity, 'passwordChanged', event.id),
    },
    // That the session has ended is told after a right password alone (G2).
    passwordLimits,
  )
  if (end.committed) return done('Your password is changed. All other sessions have ended.')
  const ended = end.refusedBy === 'identity' || end.refusedBy === 'session'
  return ended ? refuseEnded(call, tried) : refuseRight(call, tried, end)
})
