/** Changes the password with the present one. Ends all other sessions; this one goes on. */

import type { Code, Detail } from '#shared/contract/codes.ts'
import { checkBreached } from '#shared/crypto/breach.ts'
import { resealAndCompare } from '#shared/crypto/seal.ts'
import { historyAfter } from '#shared/domain/history.ts'
import { checkPassword } from '#shared/domain/password.ts'
import { sessionEdge } from '#shared/edge/edge.ts'
import { done, refuse } from '#shared/edge/reply.ts'
import { confirmations } from '#shared/steps/confirm.ts'
import {
  comparePassword,
  type PasswordTry,
  readRefusal,
  refuseFull,
  refusePassword,
  successWrites,
} from '#shared/steps/sign-in.ts'
import { getSeveral, transact } from '#shared/stores/database.ts'
import { changeIdentity } from '#shared/stores/identities.ts'
import { loginRegisters, rowKey } from '#shared/stores/logins.ts'
import { keepSessionWrite } from '#shared/stores/sessions.ts'

const rule = 'enterprise'

export const handler = sessionEdge('change-password', async (call) => {
  const { body, identity, session } = call
  const { userId } = identity
  const weak = checkPassword(body.newPassword, rule, {})
  if (weak.length > 0) return refuse('PASSWORD_WEAK', { details: weak })
  const subject = { kind: 'identity', value: userId } as const
  const registers = loginRegisters(subject, call.source)
  const row = rowKey(userId, subject)
  const keys = [...registers, row].map(({ pk }) => ({ table: 'challenges' as const, key: { pk } }))
  const items = await getSeveral(keys)
  const full = await refuseFull(call, subject, registers, items)
  if (full) return full
  const changed = { type: 'IDENTITY_CHANGED', subject, userId, fields: ['password'] } as const
  const tried: PasswordTry = {
    subject,
    registers,
    rowKey: row,
    row: items.at(-1),
    identity,
    failed: { ...changed, outcome: 'failure' },
  }
  const { right, reason } = await comparePassword(identity, items.at(-1), body.password)
  if (!right) return refusePassword(call, tried, reason)
  const passed = successWrites(tried, call.now)
  const refuseNew = async (code: Code, details?: readonly Detail[]) => {
    const event = call.event({ ...changed, outcome: 'failure', reason: code.toLowerCase() })
    const verdict = await transact([...passed, event.write])
    return verdict.committed ? refuse(code, details ? { details } : {}) : readRefusal(call, tried, verdict)
  }
  const own = checkPassword(body.newPassword, rule, identity)
  if (own.length > 0) return refuseNew('PASSWORD_WEAK', own)
  const { sealed, reused } = await resealAndCompare(
    userId,
    body.newPassword,
    identity.password,
    identity.history,
  )
  if (reused) return refuseNew('PASSWORD_REUSED')
  const breachCheck = await checkBreached(body.newPassword)
  if (breachCheck === 'breached') return refuseNew('PASSWORD_BREACHED')
  const factors = [{ group: 'KNOWLEDGE', method: 'password' }] as const
  const event = call.event({ ...changed, outcome: 'success', breachCheck, factors })
  const verdict = await transact([
    ...passed,
    changeIdentity(
      identity,
      { set: 'password = :password, history = :history, credentialEpoch = credentialEpoch + :one' },
      {
        condition: 'sessionEpoch = :sessionEpoch',
        values: { password: sealed, history: historyAfter(identity), sessionEpoch: identity.sessionEpoch },
        now: call.now,
      },
    ),
    keepSessionWrite(session, identity.credentialEpoch + 1),
    event.write,
    ...confirmations(call, identity, 'passwordChanged', event.id),
  ])
  if (verdict.committed) return done('Your password is changed. All other sessions have ended.')
  // That the session has ended is told after a right password alone, so the limits on passwords are held to first (G2).
  const ended = verdict.refused(passed.length) || verdict.refused(passed.length + 1)
  const held = ended ? await transact(passed) : verdict
  return held.committed ? refuse('SESSION_INVALID') : readRefusal(call, tried, held)
})
