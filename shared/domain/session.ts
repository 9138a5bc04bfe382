/** Rules of sessions and the factors proved in them. */
import type { Device, Factor } from '../events.ts'
import { policy } from '../policy.ts'
import type { Identity } from './identity.ts'

export interface ProvedFactor extends Factor {
  /** Epoch ms. */
  readonly at: number
  readonly expiresAt: number
}

export interface Session {
  readonly userId: string
  /** Public: names the session in lists. */
  readonly sessionId: string
  readonly secretHash: string
  readonly credentialEpoch: number
  readonly sessionEpoch: number
  readonly factors: readonly ProvedFactor[]
  readonly device?: Device
  readonly userAgent?: string
  readonly createdAt: number
  readonly lastUsedAt: number
  readonly expiresAt: number
}

/** How long sessions live, in milliseconds. */
export interface SessionTimes {
  /** From the sign-in on. */
  readonly lifeMs: number
  /** Without use; Infinity where that ends none. */
  readonly idleMs: number
}

/**
 * Live: not over its time, used lately enough, and its identity is active and of both epochs. The secret is compared by the
 * caller. A session keeps the end that it was given; the time without use is the one that is set now.
 */
export function isLive(
  session: Session,
  identity: Identity,
  now: number,
  { idleMs }: Pick<SessionTimes, 'idleMs'>,
): boolean {
  return (
    session.expiresAt > now &&
    now - session.lastUsedAt < idleMs &&
    identity.status === 'active' &&
    session.credentialEpoch === identity.credentialEpoch &&
    session.sessionEpoch === identity.sessionEpoch
  )
}

/** Factors that still count. */
export const liveFactors = (session: Session, now: number): ProvedFactor[] =>
  session.factors.filter((factor) => factor.expiresAt > now)

/** G15: a PIN counts only beside a live factor of possession in the same session. */
export const hasPossession = (session: Session, now: number): boolean =>
  liveFactors(session, now).some((factor) => factor.group === 'POSSESSION')

/** The live factors with a fresh one, which replaces an older proof by the same method. */
export function withFactor(session: Session, factor: ProvedFactor, now: number): ProvedFactor[] {
  return [...liveFactors(session, now).filter(({ method }) => method !== factor.method), factor]
}

/** Proof of possession by a code. */
export const possession = (method: 'sms-otp' | 'email-otp', now: number): ProvedFactor => ({
  group: 'POSSESSION',
  method,
  at: now,
  expiresAt: now + policy.possessionFactorLifeSeconds * 1000,
})

/** Proof of knowledge by the password: as long as the session it opened. */
export const knowsPassword = (now: number, { lifeMs }: Pick<SessionTimes, 'lifeMs'>): ProvedFactor => ({
  group: 'KNOWLEDGE',
  method: 'password',
  at: now,
  expiresAt: now + lifeMs,
})

/** Proof of knowledge by the PIN. */
export const knowsPin = (now: number): ProvedFactor => ({
  group: 'KNOWLEDGE',
  method: 'pin',
  at: now,
  expiresAt: now + policy.pinFactorLifeSeconds * 1000,
})
