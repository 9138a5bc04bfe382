/** Rules of sessions and factors, at their edges. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Identity } from '#shared/domain/identity.ts'
import {
  hasPossession,
  isLive,
  knowsPassword,
  knowsPin,
  liveFactors,
  possession,
  type Session,
  withFactor,
} from '#shared/domain/session.ts'

const now = 1_800_000_000_000
const hourMs = 3_600_000
const times = { lifeMs: 12 * hourMs, idleMs: Number.POSITIVE_INFINITY }
const session: Session = {
  userId: 'u-1',
  sessionId: 's-1',
  secretHash: 'h',
  credentialEpoch: 7,
  sessionEpoch: 3,
  factors: [],
  createdAt: now,
  lastUsedAt: now,
  expiresAt: now + 1000,
}
const identity: Identity = {
  userId: 'u-1',
  locale: 'en',
  status: 'active',
  mfaEnabled: false,
  consents: {},
  credentialEpoch: 7,
  sessionEpoch: 3,
  history: [],
  pinFailures: 0,
  createdAt: now,
  updatedAt: now,
  rev: 1,
}

describe('a session is live', () => {
  test('until the millisecond of its end, which is no longer in it', () => {
    expect(isLive(session, identity, now + 999, times)).toBe(true)
    expect(isLive(session, identity, now + 1000, times)).toBe(false)
  })

  test('without use until the millisecond that is set, and without end where none is', () => {
    const old = { ...session, expiresAt: now + 100 * hourMs }
    const idle = { idleMs: hourMs }
    expect(isLive(old, identity, now + hourMs - 1, idle)).toBe(true)
    expect(isLive(old, identity, now + hourMs, idle)).toBe(false)
    expect(isLive({ ...old, lastUsedAt: now + 1 }, identity, now + hourMs, idle)).toBe(true)
    expect(isLive(old, identity, now + 99 * hourMs, times)).toBe(true)
  })

  test('only with both epochs and an active identity', () => {
    expect(isLive(session, { ...identity, credentialEpoch: 8 }, now, times)).toBe(false)
    expect(isLive(session, { ...identity, credentialEpoch: 6 }, now, times)).toBe(false)
    expect(isLive(session, { ...identity, sessionEpoch: 4 }, now, times)).toBe(false)
    expect(isLive(session, { ...identity, status: 'suspended' }, now, times)).toBe(false)
  })
})

describe('factors', () => {
  test.each([
    ['a code', possession('sms-otp', now), 15 * 60],
    ['a PIN', knowsPin(now), 5 * 60],
    ['a password', knowsPassword(now, times), 12 * 3600],
  ])('%s counts for its time and not a millisecond longer', (_, factor, seconds) => {
    const proved = { ...session, factors: [factor] }
    expect(liveFactors(proved, now + seconds * 1000 - 1)).toEqual([factor])
    expect(liveFactors(proved, now + seconds * 1000)).toEqual([])
  })

  test('knowledge, however much of it, is no possession', () => {
    const factors = [knowsPassword(now, times), knowsPin(now)]
    expect(hasPossession({ ...session, factors }, now)).toBe(false)
    expect(hasPossession({ ...session, factors: [...factors, possession('email-otp', now)] }, now)).toBe(true)
  })

  test('whatever is proved in whatever order, each method counts once, newest proof last, none of it dead', () => {
    const kinds = [
      knowsPin,
      (at: number) => knowsPassword(at, times),
      (at: number) => possession('sms-otp', at),
      (at: number) => possession('email-otp', at),
    ]
    const proof = fc.record({ kind: fc.nat(kinds.length - 1), waitMs: fc.nat(20 * 60_000) })
    fc.assert(
      fc.property(fc.array(proof, { minLength: 1, maxLength: 30 }), (proofs) => {
        let at = now
        let held = session
        for (const { kind, waitMs } of proofs) {
          at += waitMs
          const factor = kinds[kind]?.(at) ?? knowsPin(at)
          held = { ...held, factors: withFactor(held, factor, at) }
          expect(held.factors.at(-1)).toEqual(factor)
        }
        const methods = held.factors.map(({ method }) => method)
        expect(new Set(methods).size).toBe(methods.length)
        for (const { expiresAt } of held.factors) expect(expiresAt).toBeGreaterThan(at)
      }),
    )
  })
})

test('a fresh proof replaces that of its own method and leaves the others', () => {
  const [password, older, newer] = [
    knowsPassword(now, times),
    possession('sms-otp', now),
    possession('sms-otp', now + 1),
  ]
  const proved = { ...session, factors: [password, older] }
  expect(withFactor(proved, newer, now)).toEqual([password, newer])
})

test('password and PIN are knowledge', () => {
  expect(knowsPassword(now, times)).toMatchObject({ group: 'KNOWLEDGE', method: 'password', at: now })
  expect(knowsPin(now)).toMatchObject({ group: 'KNOWLEDGE', method: 'pin', at: now })
})
