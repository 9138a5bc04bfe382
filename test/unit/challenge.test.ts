/** Rules of challenges: which counter, why a guess is not counted, why an ask is refused. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type FlowId, flowOf, flows } from '#shared/contract/flows.ts'
import {
  askRefusal,
  bindingOf,
  type Challenge,
  counterOf,
  secondsUntil,
  whyNotCounted,
} from '#shared/domain/challenge.ts'

const now = 1_800_000_000_000
const challenge: Challenge = {
  flow: 'password-email',
  challengeId: 'c-1',
  state: 'ISSUED',
  triesFlow: 0,
  triesOpen: 0,
  expiresAt: now + 1,
}

test('a code is bound to all that its challenge is, and to the key it is kept under', () => {
  const bound = {
    ...({ userId: 'u-1', epoch: 7, channel: 'sms', address: '+201001234567', ref: 'C3D4' } as const),
    sessionId: 's-1',
  }
  expect(bindingOf({ ...challenge, ...bound }, 'key-1')).toEqual({
    ...{ challengeId: 'c-1', flow: 'password-email', subject: 'key-1' },
    ...bound,
  })
  // Bound to nobody: no person has an empty id, no code an empty address.
  expect(bindingOf(challenge, 'key-1')).toEqual({
    ...{ challengeId: 'c-1', flow: 'password-email', subject: 'key-1' },
    ...{ userId: '', epoch: 0, channel: '', address: '', ref: '', sessionId: undefined },
  })
})

describe('a guess that was not counted', () => {
  test('without a challenge: unknown', () => {
    expect(whyNotCounted(undefined, undefined, 'triesOpen', now)).toBe('unknown')
  })

  test('with the flowId of another challenge: other_challenge, before all else', () => {
    const used = { ...challenge, triesFlow: 5, expiresAt: 0 }
    expect(whyNotCounted(used, 'c-2', 'triesFlow', now)).toBe('other_challenge')
    expect(whyNotCounted(used, 'c-1', 'triesFlow', now)).toBe('expired')
  })

  test('a challenge is over at the millisecond it expires', () => {
    expect(whyNotCounted({ ...challenge, expiresAt: now }, undefined, 'triesOpen', now)).toBe('expired')
    expect(
      whyNotCounted({ ...challenge, triesOpen: 5, expiresAt: now + 1 }, undefined, 'triesOpen', now),
    ).toBe('exhausted')
  })

  test('each counter ends by itself', () => {
    const open = { ...challenge, triesOpen: 5 }
    expect(whyNotCounted(open, undefined, 'triesOpen', now)).toBe('exhausted')
    expect(whyNotCounted(open, 'c-1', 'triesFlow', now)).not.toBe('exhausted')
    const owners = { ...challenge, triesFlow: 5 }
    expect(whyNotCounted(owners, 'c-1', 'triesFlow', now)).toBe('exhausted')
    expect(whyNotCounted(owners, undefined, 'triesOpen', now)).not.toBe('exhausted')
    const holders = { ...challenge, triesFlow: 5, triesOpen: 5, triesRef: 4 }
    expect(whyNotCounted(holders, 'c-1', 'triesRef', now)).not.toBe('exhausted')
    expect(whyNotCounted({ ...holders, triesRef: 5 }, undefined, 'triesRef', now)).toBe('exhausted')
    expect(whyNotCounted({ ...challenge, triesFlow: 5 }, undefined, 'triesRef', now)).not.toBe('exhausted')
  })

  test('calls with a flowId use one counter, calls without it the other', () => {
    expect(counterOf(undefined)).toBe('triesOpen')
    fc.assert(
      fc.property(fc.string(), (flowId) => {
        expect(counterOf(flowId)).toBe('triesFlow')
      }),
    )
  })
})

describe('an ask that meets limits', () => {
  const flow = flowOf('password-email')
  const free = { frozenUntil: 0, lastAskAt: 0, subjectFullUntil: 0, sourceFullUntil: 0 }

  test('is let through where none holds', () => {
    expect(askRefusal(free, flow, now)).toBeUndefined()
  })

  test('waits 60,000 ms and not one more', () => {
    expect(askRefusal({ ...free, lastAskAt: now - 59_999 }, flow, now)).toEqual({
      limit: 'cooldown',
      until: now + 1,
    })
    expect(askRefusal({ ...free, lastAskAt: now - 60_000 }, flow, now)).toBeUndefined()
  })

  test('is told the freeze first, then the wait, then the budgets', () => {
    const all = {
      frozenUntil: now + 4,
      lastAskAt: now - 1,
      subjectFullUntil: now + 2,
      sourceFullUntil: now + 3,
    }
    expect(askRefusal(all, flow, now)?.limit).toBe('frozen')
    expect(askRefusal({ ...all, frozenUntil: now }, flow, now)?.limit).toBe('cooldown')
    expect(askRefusal({ ...all, frozenUntil: 0, lastAskAt: 0 }, flow, now)?.limit).toBe('codes-per-subject')
    expect(askRefusal({ ...free, sourceFullUntil: now + 3 }, flow, now)?.limit).toBe('codes-per-ip')
  })

  test('a refusal never ends in the past', () => {
    const time = fc.integer({ min: 0, max: 2 * now })
    const met = fc.record({
      frozenUntil: time,
      lastAskAt: time,
      subjectFullUntil: time,
      sourceFullUntil: time,
    })
    const ids = fc.constantFrom(...(Object.keys(flows) as FlowId[]))
    fc.assert(
      fc.property(met, ids, (given, id) => {
        const refusal = askRefusal(given, flowOf(id), now)
        if (refusal) expect(refusal.until).toBeGreaterThan(now)
        else
          expect(
            Math.max(given.frozenUntil, given.subjectFullUntil, given.sourceFullUntil),
          ).toBeLessThanOrEqual(now)
      }),
    )
  })
})

test('seconds to wait are whole, at least one, and never too few', () => {
  expect(secondsUntil(now, now)).toBe(1)
  expect(secondsUntil(now + 1, now)).toBe(1)
  expect(secondsUntil(now + 1000, now)).toBe(1)
  expect(secondsUntil(now + 1001, now)).toBe(2)
  fc.assert(
    fc.property(fc.integer({ min: -5000, max: 100_000_000 }), (away) => {
      const seconds = secondsUntil(now + away, now)
      expect(Number.isInteger(seconds) && seconds >= 1 && seconds * 1000 >= away).toBe(true)
    }),
  )
})

/** The numbers of the agreement; a change here is a change of policy. */
test.each([
  ['password-email', 300, 5, 5, 10, 60],
  ['password-email-basic', 600, 3, 3, 3, 60],
  ['password-two-factor', 600, 3, 5, 10, 60],
  ['pin-reset', 300, 3, 5, 10, 60],
  ['step-up', 300, 3, 5, 10, 60],
  ['login-mfa', 300, 3, 10, 30, 0],
] as const)(
  '%s: life %i s, %i tries, %i codes an hour per subject, %i per address, %i s between two',
  (id, ...numbers) => {
    const { codeLifeSeconds, triesPerCode, codesPerSubjectHour, codesPerIpHour, cooldownSeconds } = flowOf(id)
    expect([codeLifeSeconds, triesPerCode, codesPerSubjectHour, codesPerIpHour, cooldownSeconds]).toEqual(
      numbers,
    )
  },
)

test('a challenge that is over says whether it was verified or used', () => {
  expect(whyNotCounted({ ...challenge, state: 'VERIFIED' }, undefined, 'triesOpen', now)).toBe('verified')
  expect(whyNotCounted({ ...challenge, state: 'CONSUMED' }, undefined, 'triesOpen', now)).toBe('used')
})

test('a limit that ends now refuses nothing any more', () => {
  const free = { frozenUntil: now, lastAskAt: 0, subjectFullUntil: now, sourceFullUntil: now }
  expect(askRefusal(free, flowOf('password-email'), now)).toBeUndefined()
  // Never asked: there is nothing to cool down from, whatever the clock shows.
  expect(askRefusal(free, flowOf('password-email'), 1)).not.toMatchObject({ limit: 'cooldown' })
  const early = { frozenUntil: 0, lastAskAt: 0, subjectFullUntil: 0, sourceFullUntil: 0 }
  expect(askRefusal(early, flowOf('password-email'), 1)).toBeUndefined()
})
