/** Proves a code: moves the challenge to VERIFIED, once, and gives the token where the flow has one. */

import { done } from '#shared/call/reply.ts'
import { flowOf } from '#shared/contract/flows.ts'
import { subjectKey } from '#shared/domain/subject.ts'
import { edge } from '#shared/edge/edge.ts'
import { policy } from '#shared/policy.ts'
import { judgeCode } from '#shared/steps/guess.ts'
import { pairOf } from '#shared/steps/pair.ts'
import { freezeStreak } from '#shared/steps/streak.ts'
import { typedSubject } from '#shared/steps/typed.ts'
import { commitVerified } from '#shared/steps/verified.ts'

export const handler = edge('verify-code', async (call) => {
  const { body, flow } = call
  const pair = 'identifier' in body ? pairOf(body) : undefined
  const subject = pair?.identifier ?? typedSubject(body as { email: string })
  const key = pair?.key ?? subjectKey(subject)
  const guess = {
    flow,
    key,
    subject,
    otp: body.otp,
    flowId: body.flowId,
    ref: body.ref,
    type: 'CODE_VERIFIED',
    takesVerified: false,
    streak: freezeStreak(call, subject),
  } as const
  const judged = await judgeCode(call, guess)
  if (judged.refused) return judged.refused
  const verified = await commitVerified(call, guess, judged, flowOf(flow).givesToken)
  if (verified.refused) return verified.refused
  const { token } = verified
  // Seed 002 reads `token`, seed 004 `resetToken`.
  const tokens = token === undefined ? {} : pair ? { resetToken: token } : { token }
  return done(
    'The code is right. You can now set a new password.',
    { ...tokens, expiresInSeconds: policy.verifiedLifeSeconds },
    tokens,
  )
})
