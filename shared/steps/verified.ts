/** A right code becomes a verified challenge. */
import { type Challenge, counterOf } from '../domain/challenge.ts'
import { provedSms } from '../domain/sms-breaker.ts'
import type { Call } from '../edge/call.ts'
import type { Reply } from '../edge/reply.ts'
import { verifyWrites } from '../stores/challenges.ts'
import { transact } from '../stores/database.ts'
import { sameEpochCheck } from '../stores/identities.ts'
import { clearGuesses } from '../stores/limits.ts'
import { Unavailable } from '../stores/unavailable.ts'
import { codeFactor } from './factors.ts'
import { type Guess, refuseCode } from './guess.ts'

/** More than all the guesses that can still be counted at one challenge. */
const mostAttempts = 12

/**
 * Moves a challenge to VERIFIED with all that goes with it.
 * Guesses counted meanwhile move the counters under it: then it is read again, never lost.
 */
export async function commitVerified(
  call: Call,
  guess: Guess,
  judged: Challenge,
  tokenHash: string | undefined,
): Promise<'verified' | Reply> {
  let challenge = judged
  const event = call.event({
    type: guess.type,
    outcome: 'success',
    otpVerified: true,
    subject: guess.subject,
    flow: guess.flow,
    ...(judged.userId !== undefined && { userId: judged.userId }),
    factors: [codeFactor(judged.channel)],
    guess: 'cleared',
    ...provedSms(judged),
  })
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    const moves = verifyWrites(challenge, counterOf(guess.flowId), guess.key, tokenHash, call.now)
    const verdict = await transact([
      clearGuesses(guess.subject, call.now),
      sameEpochCheck(judged.userId ?? '', judged.epoch ?? 0),
      event.write,
      ...moves,
    ])
    if (verdict.committed) return 'verified'
    const met = verdict.met(3) as Challenge | undefined
    const onlyCounters =
      met?.challengeId === judged.challengeId && met.state === 'ISSUED' && met.expiresAt > call.now
    if (verdict.refused(0)) return refuseCode(call, guess, 'frozen', judged)
    if (verdict.refused(1)) return refuseCode(call, guess, 'stale_epoch', judged)
    if (!onlyCounters || met === undefined) return refuseCode(call, guess, 'used', judged)
    challenge = met
  }
  throw new Unavailable('The challenge stayed contended')
}
