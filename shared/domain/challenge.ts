/** Rules of one-time codes: what a stored challenge and a guess come to. Pure; the stores carry them out. */
import { type Flow, type FlowId, flowOf } from '../contract/flows.ts'
import type { Device } from '../events.ts'

/** A challenge as stored (`C#` or `V#` item). Absent `boundAt`: the worker has not come to it, or nobody is meant. */
export interface Challenge {
  readonly pk: string
  readonly flow: FlowId
  readonly challengeId: string
  readonly state: 'ISSUED' | 'VERIFIED' | 'CONSUMED'
  /** Wrong guesses by calls that carry the flowId, and by calls that do not. */
  readonly triesFlow: number
  readonly triesOpen: number
  /** Epoch ms; always tested, since DynamoDB deletes late (G11). */
  readonly expiresAt: number
  /** Device that signs in (login-mfa). */
  readonly device?: Device
  /** Session that asked (step-up). */
  readonly sessionId?: string
  readonly codeMac?: string
  /** KMS key of the MAC, so that rotating keys does not kill live codes. */
  readonly codeKeyId?: string
  /** Absent on a decoy. */
  readonly userId?: string
  readonly epoch?: number
  readonly channel?: 'email' | 'sms'
  readonly address?: string
}

/** Which of the two counters a call uses: a stranger without the flowId cannot burn its owner's tries. */
export type Counter = 'triesFlow' | 'triesOpen'
export const counterOf = (flowId: string | undefined): Counter =>
  flowId === undefined ? 'triesOpen' : 'triesFlow'

/** Why a try was not counted. `exhausted` is told to the caller; the others are one answer (G1). */
export type NotCounted = 'unknown' | 'other_challenge' | 'expired' | 'used' | 'verified' | 'exhausted'

/**
 * Reads the challenge that refused a count.
 * @param met the stored challenge, if any
 * @param flowId what the caller sent, if anything
 * @param now epoch ms
 */
export function whyNotCounted(
  met: Challenge | undefined,
  flowId: string | undefined,
  now: number,
): NotCounted {
  if (met === undefined) return 'unknown'
  if (flowId !== undefined && flowId !== met.challengeId) return 'other_challenge'
  if (met.expiresAt <= now) return 'expired'
  if (met[counterOf(flowId)] >= flowOf(met.flow).triesPerCode) return 'exhausted'
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
