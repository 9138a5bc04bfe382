/** Rules of one-time codes: what a stored challenge and a guess come to. Pure; the stores carry them out. */
import { type Flow, type FlowId, flowOf } from '../contract/flows.ts'
import type { CodeBinding } from '../crypto/codes.ts'
import type { Device } from '../events.ts'

/** A challenge. Without `codeMac` the worker has not come to it. */
export interface Challenge {
  readonly flow: FlowId
  readonly challengeId: string
  readonly state: 'ISSUED' | 'VERIFIED' | 'CONSUMED'
  /** Wrong guesses by calls that carry the flowId, by calls that carry the message's reference, and by calls with neither. */
  readonly triesFlow: number
  readonly triesOpen: number
  readonly triesRef?: number
  /** New secrets that were refused by what is stored or known of them, after a right code or token. */
  readonly refusals?: number
  /** Epoch ms; always tested, since DynamoDB deletes late (G11). */
  readonly expiresAt: number
  /** Device that signs in (login-mfa). */
  readonly device?: Device
  /** Session that asked (step-up). */
  readonly sessionId?: string
  /** Over the code and all that follows, so that no item can be turned to another person. */
  readonly codeMac?: string
  /** KMS key of the MAC, so that rotating keys does not kill live codes. */
  readonly codeKeyId?: string
  /** Absent on a decoy. */
  readonly userId?: string
  readonly epoch?: number
  readonly channel?: 'email' | 'sms'
  readonly address?: string
  /** Stands in the message and in no reply: whoever types it holds the message. */
  readonly ref?: string
}

/**
 * The counters of wrong guesses. A stranger without the flowId cannot burn its owner's tries, and one who asked for the code
 * himself cannot burn those of whoever holds the message.
 */
export type Counter = 'triesFlow' | 'triesOpen' | 'triesRef'
export const counters = ['triesFlow', 'triesOpen', 'triesRef'] as const satisfies readonly Counter[]

/** The counter of a call without the message's reference. */
export const counterOf = (flowId: string | undefined): Counter =>
  flowId === undefined ? 'triesOpen' : 'triesFlow'

type BoundChallenge = Pick<
  Challenge,
  'challengeId' | 'flow' | 'userId' | 'epoch' | 'channel' | 'address' | 'ref' | 'sessionId'
>

/** All that a challenge's code is bound to; one that is bound to nobody has a binding that no code was made for. */
export const bindingOf = (challenge: BoundChallenge, key: string): CodeBinding => ({
  ...{ challengeId: challenge.challengeId, flow: challenge.flow, subject: key },
  ...{ userId: challenge.userId ?? '', epoch: challenge.epoch ?? 0, channel: challenge.channel ?? '' },
  ...{ address: challenge.address ?? '', ref: challenge.ref ?? '', sessionId: challenge.sessionId },
})

/** Why a try was not counted. `exhausted` is told to the caller; the others are one answer (G1). */
export type NotCounted = 'unknown' | 'other_challenge' | 'expired' | 'used' | 'verified' | 'exhausted'

/**
 * Reads the challenge that refused a count.
 * @param met the stored challenge, if any
 * @param flowId what the caller sent, if anything
 * @param counter that was to count
 * @param now epoch ms
 */
export function whyNotCounted(
  met: Challenge | undefined,
  flowId: string | undefined,
  counter: Counter,
  now: number,
): NotCounted {
  if (met === undefined) return 'unknown'
  if (flowId !== undefined && flowId !== met.challengeId) return 'other_challenge'
  if (met.expiresAt <= now) return 'expired'
  if ((met[counter] ?? 0) >= flowOf(met.flow).triesPerCode) return 'exhausted'
  return met.state === 'VERIFIED' ? 'verified' : 'used'
}

/** Why an ask was refused, with the end of the refusal (epoch ms). */
export interface AskRefusal {
  readonly limit: 'frozen' | 'cooldown' | 'codes-per-subject' | 'codes-per-ip'
  readonly until: number
}

/** Send times as an ask meets them. */
export interface AskMet {
  readonly frozenUntil: number
  /** Last accepted ask of flow and subject. */
  readonly lastAskAt: number
  readonly subjectFullUntil: number
  readonly sourceFullUntil: number
}

/** The refusal that is told where several hold: the longest-lasting kind first. */
export function askRefusal(met: AskMet, flow: Flow, now: number): AskRefusal | undefined {
  if (met.frozenUntil > now) return { limit: 'frozen', until: met.frozenUntil }
  const cooledAt = met.lastAskAt + flow.cooldownSeconds * 1000
  if (met.lastAskAt > 0 && cooledAt > now) return { limit: 'cooldown', until: cooledAt }
  if (met.subjectFullUntil > now) return { limit: 'codes-per-subject', until: met.subjectFullUntil }
  if (met.sourceFullUntil > now) return { limit: 'codes-per-ip', until: met.sourceFullUntil }
  return undefined
}

/** Whole seconds until a moment, at least 1. */
export const secondsUntil = (until: number, now: number): number =>
  Math.max(1, Math.ceil((until - now) / 1000))
