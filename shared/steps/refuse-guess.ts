/** Refusing a guess at a code: each answer is that of a commit. What is told where is in `Streak`. */
import type { Call } from '../call/call.ts'
import { type Reply, refuse } from '../call/reply.ts'
import type { FlowId } from '../contract/flows.ts'
import { secondsUntil, whyNotCounted } from '../domain/challenge.ts'
import type { EventType, Subject } from '../events.ts'
import { newCodeAt, type StoredChallenge } from '../stores/challenges.ts'
import type { Item, Write } from '../stores/database.ts'
import { frozenUntilOf, isNoted, noteWrite, uncountedRegister } from '../stores/limits.ts'
import { fullOf, recordWrite } from '../stores/registers.ts'
import { commit } from '../stores/transaction.ts'
import type { UncountedTry } from '../stores/tries.ts'
import { untilItHolds } from '../stores/until-it-holds.ts'
import { limitReached, noteFull } from './limits.ts'
import type { Streak } from './streak.ts'

/** A code as it was typed, and what it is typed for. */
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
  readonly tells?: (challenge: StoredChallenge, eventId: string) => Promise<readonly Write[]>
}

/** A guess that no challenge counted, with the send register of flow and subject as it was met. */
export interface Uncounted extends UncountedTry {
  readonly register: Item | undefined
}

/** Answers a guess that was not counted, so not compared. @throws Unavailable */
export async function refuseUncounted(call: Call, guess: Guess, uncounted: Uncounted): Promise<Reply> {
  const { met, counter } = uncounted
  const why =
    guess.sessionId !== undefined && met !== undefined && met.sessionId !== guess.sessionId
      ? 'other_challenge'
      : whyNotCounted(met, guess.flowId, counter, call.now)
  if (why !== 'exhausted' || met === undefined) return refuseUncountable(call, guess, why, met)
  return refuseExhausted(call, guess, met, uncounted)
}

const noted = { triesFlow: 'notedTriesFlow', triesOpen: 'notedTriesOpen', triesRef: 'notedTriesRef' } as const

/** Answers a challenge whose tries are used up: one call, the first of its window two; a sign-in's one more. */
async function refuseExhausted(
  call: Call,
  guess: Guess,
  met: StoredChallenge,
  { item, counter, register }: Uncounted,
): Promise<Reply> {
  const { goesOn, refuse: refuseOver } = guess.streak
  // Noted on the challenge by the guess that froze (`markFrozen`).
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
    retryAfterSeconds: secondsUntil(await newCodeAt(guess.flow, met, register, call.now), call.now),
  })
}

/** Records an attempt that no live challenge counted: so many entries an hour and address, then one that says so (G8). */
async function refuseUncountable(call: Call, guess: Guess, reason: string, met: StoredChallenge | undefined) {
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

/** Answers a wrong guess by the commit that counts it; the hundredth in a row has its consequence. @throws Unavailable */
export async function refuseWrong(call: Call, guess: Guess, challenge: StoredChallenge): Promise<Reply> {
  const { streak } = guess
  const event = call.event({ ...failure(guess, 'wrong_code', challenge), ...streak.counts })
  let told = await guess.tells?.(challenge, event.id)
  // Counted short of the hundredth, or as that one, whichever the streak is at.
  const choices = [() => streak.count, () => streak.last(challenge.pk)]
  const attempt = async (choice: (typeof choices)[number]) => {
    const end = await commit({ streak: await choice(), told, event: event.write }, ['streak'])
    if (end.committed) return refuse('OTP_INVALID')
    if (end.refusedBy === 'told') told = undefined
    return end.refusedBy === 'streak' ? streak.refuse(end.met) : undefined
  }
  return untilItHolds('The count of wrong codes', [...choices, ...choices, ...choices], attempt)
}

/**
 * Records an attempt that came to nothing after its try was counted.
 * @returns `OTP_INVALID`, or the answer of a streak that is over
 */
export async function refuseCode(
  call: Call,
  guess: Guess,
  reason: string,
  challenge: StoredChallenge,
): Promise<Reply> {
  const event = call.event(failure(guess, reason, challenge))
  const end = await commit({ streak: guess.streak.goesOn, event: event.write })
  const over = end.committed ? undefined : guess.streak.refuse(end.met)
  return over ?? refuse('OTP_INVALID')
}

const failure = (guess: Guess, reason: string, challenge: StoredChallenge | undefined) => ({
  type: guess.type,
  outcome: 'failure' as const,
  reason,
  otpVerified: false,
  subject: challenge === undefined ? (guess.claimed ?? guess.subject) : guess.subject,
  flow: guess.flow,
  ...(challenge?.userId !== undefined && { userId: challenge.userId }),
  ...(challenge?.device !== undefined && { device: challenge.device }),
})
