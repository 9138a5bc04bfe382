/** Sets a new password with a code or a token. All checks come before anything is consumed; one transaction does it. */

import { refuse } from '#shared/call/reply.ts'
import { flowOf } from '#shared/contract/flows.ts'
import { checkPassword } from '#shared/domain/password.ts'
import { edge } from '#shared/edge/edge.ts'
import { proveReset, resetSubject } from '#shared/steps/proof.ts'
import { replacePassword } from '#shared/steps/replace-password.ts'
import { readForReset } from '#shared/stores/first-reads.ts'

export const handler = edge('reset-password', async (call) => {
  const { body, flow } = call
  const rule = flowOf(flow).passwordRule
  if (rule === undefined) throw new Error('A flow that resets passwords has a password rule')
  const subject = resetSubject(body)
  const details = checkPassword(body.newPassword, rule, subject.typed)
  if (details.length > 0) return refuse('PASSWORD_WEAK', { details })
  const proof = await proveReset(call, subject, 'PASSWORD_RESET', readForReset)
  if (proof.refused) return proof.refused
  return replacePassword(call, proof, body.newPassword, rule)
})
