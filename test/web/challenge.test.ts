import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Failure, FailureCode } from '../../web/client.ts'
import {
  challengeAfter,
  challengeAtHand,
  isFrozen,
  isSpent,
  isStanding,
  mayBeAtHand,
  namesOf,
  newChallenge,
} from '../../web/parts/challenge.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const failed = (code: FailureCode, retryAfterSeconds?: number): Failure => ({
  ...{ ok: false, code, message: '', details: [], retryAfterSeconds, requestId: undefined },
})
const asked = { flowId: 'f', expiresInSeconds: 300, resendAfterSeconds: 60 }

test('a reference is sent without the flow id: it may be that of a newer code', () => {
  const challenge = newChallenge('password-email', asked)
  expect(namesOf(challenge)).toEqual({ flowId: 'f' })
  expect(namesOf({ ...challenge, ref: 'K7QX' })).toEqual({ ref: 'K7QX' })
  expect(namesOf(challengeAtHand('password-email', failed('RATE_LIMITED', 900)))).toEqual({})
})

test('a wait beyond the hour of the budget is a freeze, and there is no way to a code at hand', () => {
  for (const [failure, frozen, atHand] of [
    [failed('TRIES_EXHAUSTED', 86_400), true, false],
    [failed('TRIES_EXHAUSTED', 3_600), false, true],
    [failed('TRIES_EXHAUSTED'), false, true],
    [failed('RATE_LIMITED', 7_200), false, true],
    [failed('OFFLINE'), false, false],
  ] as const)
    expect([isFrozen(failure), mayBeAtHand(failure)]).toEqual([frozen, atHand])
})

test('a code at hand counts no tries, lives as long as it can, and stands while no other is to be had', () => {
  const challenge = challengeAtHand('pin-reset', failed('RATE_LIMITED', 900))
  expect(challenge).toMatchObject({ triesLeft: undefined, flowId: undefined, reference: 'asked' })
  expect(challenge.expiresAt - Date.now()).toBe((300 - 60) * 1000)
  expect(isStanding(challenge)).toBe(true)
  vi.advanceTimersByTime(240_000)
  expect([isSpent(challenge), isStanding(challenge)]).toEqual([true, false])
})

test('without tries only the reference helps, and nothing helps a code that is over', () => {
  const challenge = { ...newChallenge('password-email', asked), triesLeft: 0 }
  expect(isSpent(challenge)).toBe(true)
  expect(isSpent({ ...challenge, reference: 'offered' })).toBe(true)
  expect(isSpent({ ...challenge, reference: 'asked' })).toBe(false)
  expect(isSpent({ ...challenge, reference: 'asked', over: true })).toBe(true)
  // Its view says why, while no other is to be had.
  expect(isStanding({ ...challenge, over: true })).toBe(true)
})

test('where another code was refused the reference is offered, and what is known of the present one stays', () => {
  const present = { ...newChallenge('password-email', asked), triesLeft: 3 }
  expect(challengeAfter(failed('RATE_LIMITED', 900), 'password-email', present)).toMatchObject({
    ...{ flowId: 'f', triesLeft: 3, reference: 'offered' },
  })
  const spent = challengeAfter(failed('RATE_LIMITED', 900), 'password-email', { ...present, triesLeft: 0 })
  expect(spent?.reference).toBeUndefined()
  const unfolded = { ...present, reference: 'asked' } as const
  expect(challengeAfter(failed('RATE_LIMITED', 900), 'password-email', unfolded)?.reference).toBe('asked')
  expect(challengeAfter(failed('RESEND_TOO_SOON', 20), 'password-email', present)).toMatchObject({
    ...{ flowId: undefined, triesLeft: undefined, reference: 'offered' },
    expiresAt: Date.now() + (300 - 60 + 20) * 1000,
  })
  expect(challengeAfter(failed('UNAVAILABLE', 1), 'password-email', present)?.reference).toBeUndefined()
})
