/** Guessing a code: counted, compared, answered by what was committed. The one place where codes are judged. */
import { randomBytes } from 'node:crypto'
import { Unavailable } from '../aws/unavailable.ts'
import type { Call } from '../call/call.ts'
import { type Reply, refuse } from '../call/reply.ts'
import type { FlowId } from '../contract/flows.ts'
import { proveCode } from '../crypto/codes.ts'
import { newId } from '../crypto/tokens.ts'
import { bindingOf, type Challenge, type Counter, secondsUntil, whyNotCounted } from '../domain/challenge.ts'
import type { EventType, Subject } from '../events.ts'
import { challengeKey, newCodeAt, verifiedKey } from '../stores/challenges.ts'
import type { Item, Write } from '../stores/database.ts'
import { frozenUntilOf, isNoted, noteWrite, uncountedRegister } from '../stores/limits.ts'
import { fullOf, recordWrite } from '../stores/registers.ts'
import { commit } from '../stores/transaction.ts'
import { type Counted, countTry, giveBackWrite } from '../stores/tries.ts'
import { limitReached, noteFull } from './limits.ts'
import type { Streak } from './streak.ts'

export interface Guess {
  readonly flow: FlowId
  /** Subject key of the challenge. */
  readonly key: string
  /** Who was typed, or whose session it is. */
  readonly subject: Subject
  /** Who an entry names where no challenge is met: a claim nobody has proved must not name a chain. */
  readonly claimed?: Subject
  readonly otp: string
  readonly flowId: string | undefined
  /** Reference typed from the message. */
  readonly ref: string | undefined
  /** The entry a failure becomes. */
  readonly type: EventType
  /** The challenge must belong to this session. */
  readonly sessionId?: string
  /** Whether a code that was verified before counts too. */
  readonly takesVerified: boolean
  /** What wrong codes in a row come to. */
  readonly streak: Streak
  /** Tells the owner of a wrong guess, once a challenge: refused where somebody else was told at the same moment. */
  readonly tells?: (challenge: Challenge, eventId: string) => Promise<readonly Write[]>
}

export type Judged =
  | { readonly right: true; readonly challenge: Challenge; readonly counter: Counter }
  | { readonly right: false; readonly reply: Reply }

const failure = (guess: Guess, reason: string, challenge: Challenge | undefined) => ({
  type: guess.type,
  outcome: 'failure' as const,
  reason,
  otpVerified: false,
  subject: challenge === undefined ? (guess.claimed ?? guess.subject) : guess.subject,
  flow: guess.flow,
  ...(challenge?.userId !== undefined && { userId: challenge.userId }),
  ...(challenge?.device !== undefined && { device: challenge.device }),
})

/**
 * Records an attempt that came to nothing after its try was counted.
 * @returns `OTP_INVALID`, or the answer of a streak that is over
 */
export async function refuseCode(
  call: Call,
  guess: Guess,
  reason: string,
  challenge: Challenge,
): Promise<Reply> {
  const event = call.event(failure(guess, reason, challenge))
  const end = await commit({ streak: guess.streak.goesOn, event: event.write })
  const over = end.committed ? undefined : guess.streak.refuse(end.met)
  return over ?? refuse('OTP_INVALID')
}

/** Records an attempt that no live challenge counted: so many entries an hour and address, then one that says so (G8). */
async function refuseUncountable(call: Call, guess: Guess, reason: string, met: Challenge | undefined) {
  // Only where a challenge was met can the streak of whoever is claimed be told: else the claim alone would tell of it.
  const goesOn = guess.claimed !== undefined && met === undefined ? undefined : guess.streak.goesOn
  const register = uncountedRegister(call.source)
  const event = call.event(failure(guess, reason, met))
  const end = await commit({ streak: goesOn, room: recordWrite(register, call.now), event: event.write }, [
    'streak',
  ])
  if (end.committed) return refuse('OTP_INVALID')
  if (end.refusedBy === 'streak') return guess.streak.refuse(end.met) ?? refuse('OTP_INVALID')
  await noteFull(call, fullOf(register, end.met, call.now), failure(guess, register.name, met))
  return refuse('OTP_INVALID')
}

/** Answers a wrong guess by the commit that counts it; the hundredth in a row has its consequence. */
async function refuseWrong(call: Call, guess: Guess, challenge: Challenge): Promise<Reply> {
  const { streak } = guess
  const event = call.event({ ...failure(guess, 'wrong_code', challenge), ...streak.counts })
  let told = await guess.tells?.(challenge, event.id)
  // Counted short of the hundredth, or as that one, whichever the streak is at.
  const choices = [() => streak.count, () => streak.last(challenge.pk)]
  for (const choice of [...choices, ...choices, ...choices]) {
    const end = await commit({ streak: await choice(), told, event: event.write }, ['streak'])
    if (end.committed) return refuse('OTP_INVALID')
    if (end.refusedBy === 'told') told = undefined
    const over = end.refusedBy === 'streak' ? streak.refuse(end.met) : undefined
    if (over) return over
  }
  throw new Unavailable('The count of wrong codes stayed contended')
}

const noted = { triesFlow: 'notedTriesFlow', triesOpen: 'notedTriesOpen', triesRef: 'notedTriesRef' } as const

/** Answers a challenge whose tries are used up: one call, the first of its window two; a sign-in's one more. */
async function refuseExhausted(call: Call, guess: Guess, met: Challenge, tried: Uncounted): Promise<Reply> {
  const { item, counter } = tried.counted
  const { goesOn, refuse: refuseOver } = guess.streak
  // The challenge whose guess froze says so itself.
  const frozen = frozenUntilOf(item) > call.now ? refuseOver(item) : undefined
  if (frozen) return frozen
  const event = call.event(limitReached('tries', failure(guess, 'tries', met)))
  const note = { key: { pk: met.pk }, attribute: noted[counter], window: met.challengeId, met: item }
  if (!isNoted(note)) {
    const end = await commit({ streak: goesOn, note: noteWrite(note), event: event.write }, ['streak'])
    const over = end.committed || end.refusedBy !== 'streak' ? undefined : refuseOver(end.met)
    if (over) return over
  }
  return refuse('TRIES_EXHAUSTED', {
    retryAfterSeconds: secondsUntil(await newCodeAt(guess.flow, met, tried.register, call.now), call.now),
  })
}

async function refuseUncounted(call: Call, guess: Guess, tried: Uncounted): Promise<Reply> {
  const { met, counter } = tried.counted
  const why =
    guess.sessionId !== undefined && met !== undefined && met.sessionId !== guess.sessionId
      ? 'other_challenge'
      : whyNotCounted(met, guess.flowId, counter, call.now)
  if (why !== 'exhausted' || met === undefined) return refuseUncountable(call, guess, why, met)
  return refuseExhausted(call, guess, met, tried)
}

interface Tried {
  readonly counted: Counted
  /** The send register of flow and subject, as met. */
  readonly register: Item | undefined
}
type Uncounted = Tried & { readonly counted: { readonly counted: false } }

/** Counts at the newest challenge, or at the verified one that is meant instead. */
async function tryChallenge(call: Call, guess: Guess): Promise<Tried> {
  const { flow, key, flowId, ref, sessionId } = guess
  const base = { flow, flowId, callId: call.callId, now: call.now, ...(ref !== undefined && { ref }) }
  const owner = sessionId === undefined ? {} : { sessionId }
  const counted = await countTry({ ...base, ...challengeKey(flow, key), state: 'ISSUED', ...owner })
  if (counted.counted) return { counted, register: undefined }
  const register = counted.item
  if (!guess.takesVerified) return { counted, register }
  const newest = counted.met
  const isNewest = flowId === undefined || flowId === newest?.challengeId
  if (newest?.state === 'ISSUED' && isNewest) return { counted, register }
  // Looked for also where there is none: a code that was used up costs the calls of one never asked for (G1).
  const verifiedId = flowId ?? newest?.challengeId ?? newId()
  const verified = await countTry({ ...base, ...verifiedKey(verifiedId), state: 'VERIFIED', key })
  const isOwn = verified.counted || (verified.item?.['subject'] === key && verified.item['flow'] === flow)
  // What is known of the newest challenge tells more than the absence of a verified one, or another subject's.
  return { counted: isOwn ? verified : counted, register }
}

/**
 * Judges a code. Nothing is compared before a conditional write has counted the try (G2).
 * A wrong or uncounted guess is answered and recorded here; a right one is the caller's to commit.
 * @throws Unavailable
 */
export async function judgeCode(call: Call, guess: Guess): Promise<Judged> {
  const { counted, register } = await tryChallenge(call, guess)
  if (!counted.counted)
    return { right: false, reply: await refuseUncounted(call, guess, { counted, register }) }
  const { challenge, counter } = counted
  const codeMac = challenge.codeMac ?? randomBytes(32).toString('base64')
  const sealed = { codeMac, codeKeyId: challenge.codeKeyId }
  const proved = await proveCode(bindingOf(challenge, guess.key), guess.otp, sealed).catch(async (outage) => {
    // Nothing was compared: an outage must not use up the person's tries. Best effort, for it may well go on.
    await commit({ challenge: giveBackWrite(challenge, counter, call.now) }).catch(() => undefined)
    throw outage
  })
  const right = proved && challenge.userId !== undefined
  if (!right) return { right, reply: await refuseWrong(call, guess, challenge) }
  return { right, challenge, counter }
}
