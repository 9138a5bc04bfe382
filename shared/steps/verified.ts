/** A right code becomes a verified challenge. */

import type { Call } from '../call/call.ts'
import type { Reply } from '../call/reply.ts'
import { newResetToken, tokenHash } from '../crypto/tokens.ts'
import { provedSms } from '../domain/sms-breaker.ts'
import type { Judged } from '../judged.ts'
import { sameEpochCheck } from '../stores/identities.ts'
import { commit } from '../stores/transaction.ts'
import { type CountedTry, challengeIn, verifyWrites } from '../stores/tries.ts'
import { times, untilItHolds } from '../stores/until-it-holds.ts'
import { codeFactor } from './factors.ts'
import { type Guess, refuseCode } from './refuse-guess.ts'

/** More than all the guesses that can still be counted at one challenge. */
const mostAttempts = 18

/**
 * Moves a challenge to VERIFIED with all that goes with it.
 * Guesses counted meanwhile move the counters under it: then it is read again, never lost.
 * @param givesToken whether the flow gives a reset token
 * @returns the token, where there is one
 * @throws Unavailable
 */
export async function commitVerified(
  call: Call,
  guess: Guess,
  judged: CountedTry,
  givesToken: boolean,
): Promise<Judged<{ readonly token: string | undefined }, Reply>> {
  const { counter } = judged
  let { challenge } = judged
  const { userId, epoch, challengeId, channel } = challenge
  const token = givesToken ? newResetToken(challengeId, guess.otp) : undefined
  const event = call.event({
    type: guess.type,
    outcome: 'success',
    otpVerified: true,
    subject: guess.subject,
    flow: guess.flow,
    ...(userId !== undefined && { userId }),
    factors: [codeFactor(channel)],
    guess: 'cleared',
    ...provedSms(challenge),
  })
  const attempt = async (): Promise<Judged<{ readonly token: string | undefined }, Reply> | undefined> => {
    const end = await commit({
      streak: guess.streak.end,
      identity: sameEpochCheck(userId ?? '', epoch ?? 0),
      challenge: verifyWrites(challenge, counter, guess.key, token && tokenHash(token), call.now),
      event: event.write,
    })
    if (end.committed) return { token }
    if (end.refusedBy === 'streak') return { refused: await refuseCode(call, guess, 'frozen', challenge) }
    if (end.refusedBy === 'identity')
      return { refused: await refuseCode(call, guess, 'stale_epoch', challenge) }
    const met = challengeIn(end.met)
    const onlyCounters =
      met?.challengeId === challengeId && met.state === 'ISSUED' && met.expiresAt > call.now
    if (!onlyCounters || met === undefined)
      return { refused: await refuseCode(call, guess, 'used', challenge) }
    challenge = met
    return undefined
  }
  return untilItHolds('The challenge', times(mostAttempts), attempt)
}
