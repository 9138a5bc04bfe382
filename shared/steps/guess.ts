/** Guessing a code: counted, compared, answered by what was committed. The one place where codes are judged. */
import { randomBytes } from 'node:crypto'
import { type FlowId, flowOf } from '../contract/flows.ts'
import { codeMac, matches } from '../crypto/codes.ts'
import { newId } from '../crypto/tokens.ts'
import { type Challenge, type Counter, counterOf, secondsUntil, whyNotCounted } from '../domain/challenge.ts'
import type { Call } from '../edge/call.ts'
import { type Reply, refuse } from '../edge/reply.ts'
import type { EventType, Subject } from '../events.ts'
import {
  type Counted,
  challengePk,
  countTry,
  giveBackWrite,
  signInPk,
  verifiedPk,
} from '../stores/challenges.ts'
import { get, type Item, transact, type Write } from '../stores/database.ts'
import {
  countGuess,
  freeze,
  freezeKey,
  frozenUntilOf,
  isNoted,
  markFrozen,
  noteRefusal,
  noteWrite,
  notFrozenCheck,
} from '../stores/limits.ts'
import { fullUntil, perHour } from '../stores/registers.ts'
import { Unavailable } from '../stores/unavailable.ts'

export interface Guess {
  readonly flow: FlowId
  /** Subject key of the challenge. */
  readonly key: string
  /** Who was typed, or whose session it is: failed guesses are counted there. */
  readonly subject: Subject
  /** Who an entry names where no challenge is met: a claim nobody has proved must not name a chain. */
  readonly claimed?: Subject
  readonly otp: string
  readonly flowId: string | undefined
  /** The entry a failure becomes. */
  readonly type: EventType
  /** The challenge must belong to this session. */
  readonly sessionId?: string
  /** Whether a code that was verified before counts too. */
  readonly takesVerified: boolean
  /** Rows that go with a wrong guess. */
  readonly onWrong?: (challenge: Challenge, eventId: string) => Promise<readonly Write[]>
}

export type Judged =
  | { readonly right: true; readonly challenge: Challenge; readonly counter: Counter }
  | { readonly right: false; readonly reply: Reply }

/** When a new code may be asked for (epoch ms). */
function newCodeAt(register: Item | undefined, flow: FlowId, now: number): number {
  const { cooldownSeconds, codesPerSubjectHour } = flowOf(flow)
  const cooledAt = Number(register?.['s1'] ?? 0) + cooldownSeconds * 1000
  return Math.max(now, cooledAt, fullUntil(register, perHour(codesPerSubjectHour), now))
}

/** Answers with the time left of a freeze. */
async function refuseFrozen(call: Call, guess: Guess, frozen: Item | undefined): Promise<Reply> {
  const until = frozenUntilOf(frozen)
  const note = { key: freezeKey(guess.subject), attribute: 'noted', window: until, met: frozen }
  const limit = { type: 'LIMIT_REACHED', outcome: 'failure', reason: 'frozen', limit: 'frozen' } as const
  await noteRefusal(note, call.event({ ...limit, subject: guess.subject, flow: guess.flow }).write)
  return refuse('TRIES_EXHAUSTED', { retryAfterSeconds: secondsUntil(until, call.now) })
}

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
 * Records a failed attempt that used up no try.
 * @returns `OTP_INVALID`, or the time left where the subject is frozen
 */
export async function refuseCode(
  call: Call,
  guess: Guess,
  reason: string,
  challenge?: Challenge,
): Promise<Reply> {
  const event = call.event(failure(guess, reason, challenge))
  const verdict = await transact([notFrozenCheck(guess.subject, call.now), event.write])
  return verdict.committed ? refuse('OTP_INVALID') : refuseFrozen(call, guess, verdict.met(0))
}

/** Answers a wrong guess by the commit that counts it; the hundredth in a row freezes. */
async function refuseWrong(call: Call, guess: Guess, challenge: Challenge): Promise<Reply> {
  const { subject, flow } = guess
  // Behind a session or a right password nobody else can guess, so these do not freeze recovery.
  const counts = flowOf(flow).subject === 'identity' ? {} : ({ guess: 'failed' } as const)
  const event = call.event({ ...failure(guess, 'wrong_code', challenge), ...counts })
  const more = (await guess.onWrong?.(challenge, event.id)) ?? []
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const counted = await transact([countGuess(subject, call.now), event.write, ...more])
    if (counted.committed) return refuse('OTP_INVALID')
    const met = counted.met(0)
    if (frozenUntilOf(met) > call.now) return refuseFrozen(call, guess, met)
    const frozen = call.event({
      type: 'RECOVERY_FROZEN',
      outcome: 'success',
      reason: 'guesses',
      subject,
      flow,
    })
    const marked = markFrozen({ pk: challenge.pk }, call.now)
    const last = await transact([freeze(subject, call.now), event.write, frozen.write, marked, ...more])
    if (last.committed) return refuse('OTP_INVALID')
    if (frozenUntilOf(last.met(0)) > call.now) return refuseFrozen(call, guess, last.met(0))
  }
  throw new Unavailable('The count of failed guesses stayed contended')
}

type Uncounted = Tried & { readonly counted: { readonly counted: false } }

/** Answers a challenge whose tries are used up: one call, the first of its window two; a sign-in's one more. */
async function refuseExhausted(call: Call, guess: Guess, met: Challenge, tried: Uncounted): Promise<Reply> {
  const { item } = tried.counted
  if (frozenUntilOf(item) > call.now) return refuseFrozen(call, guess, item)
  const attribute = guess.flowId === undefined ? 'notedTriesOpen' : 'notedTriesFlow'
  const limit = { type: 'LIMIT_REACHED', outcome: 'failure', reason: 'tries', limit: 'tries' } as const
  const event = call.event({ ...failure(guess, 'tries', met), ...limit })
  const note = { key: { pk: met.pk }, attribute, window: met.challengeId, met: item }
  if (!isNoted(note)) {
    const thawed = notFrozenCheck(guess.subject, call.now)
    const verdict = await transact([thawed, noteWrite(note), event.write])
    // Of both refusals DynamoDB need not name the freeze.
    const held = verdict.committed || verdict.refused(0) ? verdict : await transact([thawed])
    if (!held.committed) return refuseFrozen(call, guess, held.met(0))
  }
  // A sign-in's challenge stands alone: the register of its budget is elsewhere.
  const alone = flowOf(guess.flow).opensSession && met.userId !== undefined
  const register = alone ? await get('challenges', { pk: signInPk(met.userId ?? '') }) : tried.register
  return refuse('TRIES_EXHAUSTED', {
    retryAfterSeconds: secondsUntil(newCodeAt(register, guess.flow, call.now), call.now),
  })
}

async function refuseUncounted(call: Call, guess: Guess, tried: Uncounted): Promise<Reply> {
  const { met } = tried.counted
  const why =
    guess.sessionId !== undefined && met !== undefined && met.sessionId !== guess.sessionId
      ? 'other_challenge'
      : whyNotCounted(met, guess.flowId, call.now)
  if (why !== 'exhausted' || met === undefined) return refuseCode(call, guess, why, met)
  return refuseExhausted(call, guess, met, tried)
}

interface Tried {
  readonly counted: Counted
  /** The send register of flow and subject, as met. */
  readonly register: Item | undefined
}

/** Counts at the newest challenge, or at the verified one that is meant instead. */
async function tryChallenge(call: Call, guess: Guess): Promise<Tried> {
  const { flow, key, flowId, sessionId } = guess
  const counter = counterOf(flowId)
  const base = { flow, counter, flowId, callId: call.callId, now: call.now }
  const pk = challengePk(flow, key)
  const owner = sessionId === undefined ? {} : { sessionId }
  const counted = await countTry({ ...base, pk, state: 'ISSUED', ...owner })
  if (counted.counted || !guess.takesVerified)
    return { counted, register: counted.counted ? undefined : counted.item }
  const newest = counted.met
  const isNewest = flowId === undefined || flowId === newest?.challengeId
  if (newest?.state === 'ISSUED' && isNewest) return { counted, register: counted.item }
  // Looked for also where there is none: a code that was used up costs the calls of one never asked for (G1).
  const verifiedId = flowId ?? newest?.challengeId ?? newId()
  const verified = await countTry({ ...base, pk: verifiedPk(verifiedId), state: 'VERIFIED', key })
  const isOwn = verified.counted || (verified.item?.['subject'] === key && verified.item['flow'] === flow)
  // What is known of the newest challenge tells more than the absence of a verified one, or another subject's.
  return { counted: isOwn ? verified : counted, register: counted.item }
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
  const { challenge } = counted
  const binding = { challengeId: challenge.challengeId, flow: guess.flow, subject: guess.key }
  const mac = await codeMac(binding, guess.otp, challenge.codeKeyId).catch(async (outage) => {
    // Nothing was compared: an outage must not use up the person's tries. Best effort, for it may well go on.
    await transact([giveBackWrite(challenge, counterOf(guess.flowId), call.now)]).catch(() => undefined)
    throw outage
  })
  const stored = challenge.codeMac ?? randomBytes(32).toString('base64')
  const right = matches(mac, stored) && challenge.userId !== undefined
  if (!right) return { right, reply: await refuseWrong(call, guess, challenge) }
  return { right, challenge, counter: counterOf(guess.flowId) }
}
