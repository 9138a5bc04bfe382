/** Judging a code: counted, compared, answered by what was committed. The one place where codes are judged. */
import type { Call } from '../call/call.ts'
import type { Reply } from '../call/reply.ts'
import { proveCode } from '../crypto/codes.ts'
import { newId } from '../crypto/tokens.ts'
import { bindingOf } from '../domain/challenge.ts'
import type { Judged } from '../judged.ts'
import { challengeKey, verifiedKey } from '../stores/challenges.ts'
import { type CountedTry, countTry, giveBackWrite } from '../stores/tries.ts'
import { orGiveBack } from './give-back.ts'
import { type Guess, refuseUncounted, refuseWrong, type Uncounted } from './refuse-guess.ts'

/**
 * Judges a code. Nothing is compared before a conditional write has counted the try (G2).
 * A wrong or uncounted guess is answered and recorded here; a right one is the caller's to commit.
 * @throws Unavailable
 */
export async function judgeCode(call: Call, guess: Guess): Promise<Judged<CountedTry, Reply>> {
  const tried = await tryChallenge(call, guess)
  if (tried.refused) return { refused: await refuseUncounted(call, guess, tried.refused) }
  const { challenge, counter } = tried
  const giveBack = [giveBackWrite(challenge, counter, call.now)]
  const proved = await orGiveBack(giveBack, proveCode(bindingOf(challenge, guess.key), guess.otp, challenge))
  const right = proved && challenge.userId !== undefined
  return right ? { challenge, counter } : { refused: await refuseWrong(call, guess, challenge) }
}

/** Counts at the newest challenge, or at the verified one that is meant instead. */
async function tryChallenge(call: Call, guess: Guess): Promise<Judged<CountedTry, Uncounted>> {
  const { flow, key, flowId, ref, sessionId } = guess
  const base = { flow, flowId, callId: call.callId, now: call.now, ...(ref !== undefined && { ref }) }
  const owner = sessionId === undefined ? {} : { sessionId }
  const counted = await countTry({ ...base, ...challengeKey(flow, key), state: 'ISSUED', ...owner })
  if (!counted.refused) return counted
  const { met: newest, item: register } = counted.refused
  const refused = { ...counted.refused, register }
  if (!guess.takesVerified) return { refused }
  const isNewest = flowId === undefined || flowId === newest?.challengeId
  if (newest?.state === 'ISSUED' && isNewest) return { refused }
  // Looked for also where there is none: a code that was used up costs the calls of one never asked for (G1).
  const verifiedId = flowId ?? newest?.challengeId ?? newId()
  const verified = await countTry({ ...base, ...verifiedKey(verifiedId), state: 'VERIFIED', key })
  if (!verified.refused) return verified
  const { item } = verified.refused
  const isOwn = item?.['subject'] === key && item['flow'] === flow
  // What is known of the newest challenge tells more than the absence of a verified one, or another subject's.
  return { refused: isOwn ? { ...verified.refused, register } : refused }
}
