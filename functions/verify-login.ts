/** Finishes signing in: the code of this login opens its session. */

import { knowsPassword, possession } from '#shared/domain/session.ts'
import { identitySubject } from '#shared/domain/subject.ts'
import { edge } from '#shared/edge/edge.ts'
import { codeFactor, codeMethod } from '#shared/steps/factors.ts'
import { judgeCode } from '#shared/steps/guess.ts'
import { type Guess, refuseCode } from '#shared/steps/refuse-guess.ts'
import { claimedUserId } from '#shared/steps/sign-in-code.ts'
import { signedIn } from '#shared/steps/signed-in.ts'
import { signInStreak } from '#shared/steps/streak.ts'
import { tellOwner } from '#shared/steps/wrong-sign-in-code.ts'
import { readIdentity } from '#shared/stores/identities.ts'
import { signInWrite } from '#shared/stores/identity-changes.ts'
import { newSession, sessionTimes } from '#shared/stores/sessions.ts'
import { commit } from '#shared/stores/transaction.ts'
import { consumeWrite } from '#shared/stores/tries.ts'

export const handler = edge('verify-login', async (call) => {
  const { challengeId, otp, flowId, ref } = call.body
  // No userId holds a tilde: an id of no known form is an unknown subject.
  const userId = claimedUserId(challengeId) ?? '~'
  const subject = identitySubject(userId)
  const guess: Guess = {
    ...{ flow: call.flow, key: challengeId, subject, otp, flowId: flowId ?? challengeId, ref },
    claimed: { kind: 'userId', value: userId },
    type: 'MFA_VERIFIED',
    takesVerified: false,
    streak: signInStreak(call, userId),
    tells: (challenge, eventId) => tellOwner(call, userId, challenge, eventId),
  }
  const judged = await judgeCode(call, guess)
  if (judged.refused) return judged.refused
  const { challenge, counter } = judged
  const identity = await readIdentity(challenge.userId ?? '')
  if (identity === undefined || identity.credentialEpoch !== challenge.epoch || identity.status !== 'active')
    return refuseCode(call, guess, 'stale_epoch', challenge)
  const { now, userAgent } = call
  const { device } = challenge
  const factors = [knowsPassword(now, sessionTimes()), possession(codeMethod(challenge.channel), now)]
  const session = newSession({ identity, factors, device, userAgent, now })
  const event = call.event({
    ...{ type: 'MFA_VERIFIED', outcome: 'success', otpVerified: true, subject, userId: identity.userId },
    ...(device && { device }),
    factors: [{ group: 'KNOWLEDGE', method: 'password' }, codeFactor(challenge.channel)],
    guess: 'cleared',
  })
  const end = await commit({
    streak: guess.streak.end,
    identity: signInWrite(identity, { signedIn: true }, now),
    challenge: consumeWrite(challenge, counter, now),
    session: session.write,
    event: event.write,
  })
  if (!end.committed)
    return refuseCode(call, guess, end.refusedBy === 'identity' ? 'stale_epoch' : 'used', challenge)
  return signedIn(session)
})
