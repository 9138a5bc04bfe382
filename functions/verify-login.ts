/** Finishes signing in: the code of this login opens its session. */

import type { Challenge } from '#shared/domain/challenge.ts'
import { knowsPassword, possession } from '#shared/domain/session.ts'
import type { Call } from '#shared/edge/call.ts'
import { edge } from '#shared/edge/edge.ts'
import { done } from '#shared/edge/reply.ts'
import { confirmations } from '#shared/steps/confirm.ts'
import { codeMethod } from '#shared/steps/factors.ts'
import { type Guess, judgeCode, refuseCode } from '#shared/steps/guess.ts'
import { claimedUserId } from '#shared/steps/sign-in-code.ts'
import { consumeWrite } from '#shared/stores/challenges.ts'
import { transact } from '#shared/stores/database.ts'
import { readIdentity, signInWrite } from '#shared/stores/identities.ts'
import { clearGuesses } from '#shared/stores/limits.ts'
import { newSession } from '#shared/stores/sessions.ts'

/** A wrong code after a right password: someone may have the password. The owner is told once a sign-in. */
async function tellOwner(call: Call, challenge: Challenge, eventId: string) {
  const identity =
    challenge.triesFlow === 1 && challenge.userId ? await readIdentity(challenge.userId) : undefined
  return identity ? confirmations(call, identity, 'wrongSignInCode', eventId) : []
}

export const handler = edge('verify-login', async (call) => {
  const { challengeId, otp, flowId } = call.body
  const claimed = claimedUserId(challengeId)
  // No userId holds a tilde: an id of no known form is an unknown subject.
  const subject = { kind: 'identity', value: claimed ?? '~' } as const
  const guess: Guess = {
    flow: call.flow,
    key: challengeId,
    subject,
    claimed: { kind: 'userId', value: claimed ?? '~' },
    otp,
    flowId: flowId ?? challengeId,
    type: 'MFA_VERIFIED',
    takesVerified: false,
    onWrong: (challenge, eventId) => tellOwner(call, challenge, eventId),
  }
  const judged = await judgeCode(call, guess)
  if (!judged.right) return judged.reply
  const { challenge, counter } = judged
  const identity = await readIdentity(challenge.userId ?? '')
  if (identity === undefined || identity.credentialEpoch !== challenge.epoch || identity.status !== 'active')
    return refuseCode(call, guess, 'stale_epoch', challenge)
  const method = codeMethod(challenge.channel)
  const session = newSession({
    identity,
    factors: [knowsPassword(call.now), possession(method, call.now)],
    device: challenge.device,
    userAgent: call.userAgent,
    now: call.now,
  })
  const event = call.event({
    type: 'MFA_VERIFIED',
    outcome: 'success',
    otpVerified: true,
    subject,
    userId: identity.userId,
    ...(challenge.device && { device: challenge.device }),
    factors: [
      { group: 'KNOWLEDGE', method: 'password' },
      { group: 'POSSESSION', method },
    ],
    guess: 'cleared',
  })
  const verdict = await transact([
    signInWrite(identity, { signedIn: true }, call.now),
    consumeWrite(challenge, counter, call.now),
    clearGuesses(subject, call.now),
    session.write,
    event.write,
  ])
  if (!verdict.committed)
    return refuseCode(call, guess, verdict.refused(0) ? 'stale_epoch' : 'used', challenge)
  return done('You are signed in.', {
    accessToken: session.token,
    expiresInSeconds: session.expiresInSeconds,
  })
})
