/** Proves the phone: lifts the session that asked, and no other. */

import { done, refuse } from '#shared/call/reply.ts'
import { possession, withFactor } from '#shared/domain/session.ts'
import { identitySubject, subjectKey } from '#shared/domain/subject.ts'
import { sessionEdge } from '#shared/edge/edge.ts'
import { policy } from '#shared/policy.ts'
import { codeFactor, codeMethod } from '#shared/steps/factors.ts'
import { judgeCode } from '#shared/steps/guess.ts'
import { type Guess, refuseCode } from '#shared/steps/refuse-guess.ts'
import { sessionStreak } from '#shared/steps/streak.ts'
import { sameIdentityCheck } from '#shared/stores/identities.ts'
import { factorsWrite } from '#shared/stores/sessions.ts'
import { commit } from '#shared/stores/transaction.ts'
import { consumeWrite } from '#shared/stores/tries.ts'

/** What an entry says where a right code came to nothing, by the write that refused. */
const why = { identity: 'stale_epoch', session: 'session_ended', challenge: 'used', event: 'used' } as const

export const handler = sessionEdge('verify-step-up', async (call) => {
  const { identity, session } = call
  const { otp, flowId, ref } = call.body
  const subject = identitySubject(identity.userId)
  const guess: Guess = {
    ...{ flow: call.flow, key: subjectKey(subject), subject, otp, flowId, ref },
    type: 'STEP_UP_VERIFIED',
    takesVerified: false,
    sessionId: session.sessionId,
    streak: sessionStreak(call, session),
  }
  const judged = await judgeCode(call, guess)
  if (judged.refused) return judged.refused
  const { challenge, counter } = judged
  if (challenge.epoch !== identity.credentialEpoch) return refuseCode(call, guess, 'stale_epoch', challenge)
  const method = codeMethod(challenge.channel)
  const event = call.event({
    type: 'STEP_UP_VERIFIED',
    outcome: 'success',
    otpVerified: true,
    subject,
    userId: identity.userId,
    factors: [codeFactor(challenge.channel)],
    guess: 'cleared',
  })
  const end = await commit({
    identity: sameIdentityCheck(identity),
    challenge: consumeWrite(challenge, counter, call.now),
    session: factorsWrite(session, withFactor(session, possession(method, call.now), call.now)),
    event: event.write,
  })
  if (end.committed)
    return done('Your phone is confirmed.', { expiresInSeconds: policy.possessionFactorLifeSeconds })
  const reply = await refuseCode(call, guess, why[end.refusedBy], challenge)
  // As a wrong code is answered there, which finds no session to count in.
  return end.refusedBy === 'session' ? refuse('SESSION_INVALID') : reply
})
