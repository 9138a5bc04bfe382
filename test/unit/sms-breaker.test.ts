/** When a country's recovery codes by SMS pause, and when they do not. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { flows } from '#shared/contract/flows.ts'
import type { Challenge } from '#shared/domain/challenge.ts'
import { countedSms, judgeCountry, provedSms, type Slot } from '#shared/domain/sms-breaker.ts'
import { policy } from '#shared/policy.ts'

const slotMs = policy.smsSlotSeconds * 1000
const hourMs = 3_600_000
const dayMs = 24 * hourMs
const now = Date.UTC(2026, 10, 20, 12, 0, 0)
const floor = policy.smsUnverifiedPerDay

/** A slot whose codes have all ended so many minutes ago. */
const ended = (minutesAgo: number, sent: number, verified = 0): Slot => ({
  at: now - 2 * slotMs - minutesAgo * 60_000,
  sent,
  verified,
})
/** Codes that are still good. */
const live = (sent: number, verified = 0): Slot => ({ at: now - slotMs / 2, sent, verified })
const judge = (slots: readonly Slot[], verifiedByDay: readonly number[] = [], at = now) =>
  judgeCountry({ slots, verifiedByDay }, floor, at)
const ruleOf = (...given: Parameters<typeof judge>) => {
  const state = judge(...given)
  return state.paused ? `${state.rule} ${state.unverified}/${state.limit}` : 'open'
}

test('a slot is as long as the longest life of a code that is counted', () => {
  const counted = Object.values(flows).filter((flow) => flow.smsCap === 'recovery' && flow.channel === 'sms')
  expect(Math.max(...counted.map(({ codeLifeSeconds }) => codeLifeSeconds))).toBe(policy.smsSlotSeconds)
})

describe('a country without a history', () => {
  test.each([
    ['ten in an hour', [ended(5, 10)], 'open'],
    ['eleven in an hour', [ended(5, 11)], 'hour 11/10'],
    ['twenty in a day', [ended(5, 10), ended(600, 10)], 'open'],
    ['twenty-one in a day', [ended(5, 10), ended(600, 11)], 'day 21/20'],
    ['twenty-one, one of them a day ago', [ended(5, 10), ended(600, 10), ended(1440, 1)], 'open'],
    ['a hundred that are still good', [live(100)], 'open'],
    ['a hundred and one that are still good', [live(101)], 'open 101/100'],
    ['as many, where most others were verified', [live(210, 109)], 'open'],
    ['a thousand, of which ten failed', [ended(5, 1000, 990)], 'open'],
  ] as const)('%s unverified: %s', (_, slots, expected) => {
    expect(ruleOf(slots)).toBe(expected)
  })
})

test('a good day makes room for a fifth of it, and for a sixth of that in an hour', () => {
  const history = [0, 3000, 0, 1200]
  expect(ruleOf([ended(5, 100)], history)).toBe('open')
  expect(ruleOf([ended(5, 101)], history)).toBe('hour 101/100')
  const day = [200, 300, 400, 500, 600, 700].map((minutes) => ended(minutes, 100))
  expect(ruleOf(day, history)).toBe('open')
  expect(ruleOf([...day, ended(800, 1)], history)).toBe('day 601/600')
})

test('the deployer’s floor is room as well', () => {
  const state = (slots: Slot[], own: number) => judgeCountry({ slots, verifiedByDay: [] }, own, now)
  expect(state([ended(5, 100)], 600)).toEqual({ paused: false })
  expect(state([ended(5, 6)], 5)).toMatchObject({ rule: 'day', limit: 5 })
})

const anySlot = fc.record({
  at: fc.integer({ min: 0, max: 300 }).map((back) => now - back * slotMs),
  sent: fc.nat(60),
  verified: fc.nat(70),
})
const anySlots = fc.array(anySlot, { maxLength: 40 })
const anyHistory = fc.array(fc.nat(2000), { maxLength: 14 })

describe('whatever the counts are', () => {
  test('one more that is verified never pauses, one more that is sent never opens', () => {
    fc.assert(
      fc.property(anySlots, anyHistory, fc.nat(), (slots, history, pick) => {
        if (slots.length === 0) return
        const place = pick % slots.length
        const change = (more: Partial<Slot>) =>
          slots.map((slot, index) => (index === place ? { ...slot, ...more } : slot))
        const chosen = slots[place] as Slot
        const { paused } = judge(slots, history)
        if (!paused) expect(judge(change({ verified: chosen.verified + 1 }), history).paused).toBe(false)
        else expect(judge(change({ sent: chosen.sent + 1 }), history).paused).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  test('a better history never pauses', () => {
    fc.assert(
      fc.property(anySlots, anyHistory, fc.nat(5000), (slots, history, more) => {
        if (!judge(slots, history).paused) expect(judge(slots, [...history, more]).paused).toBe(false)
      }),
    )
  })

  test('when nothing more is sent it opens again, after a day and two slots at the latest', () => {
    fc.assert(
      fc.property(anySlots, anyHistory, (slots, history) => {
        expect(judge(slots, history, now + 24 * hourMs + 2 * slotMs).paused).toBe(false)
      }),
    )
  })

  test('up to ten unverified in all, nothing ever pauses', () => {
    fc.assert(
      fc.property(fc.array(anySlot, { maxLength: 10 }), anyHistory, (slots, history) => {
        const few = slots.map((slot) => ({ ...slot, sent: slot.verified + 1 }))
        expect(judge(few, history)).toEqual({ paused: false })
      }),
    )
  })

  test('the order of the counts does not matter', () => {
    fc.assert(
      fc.property(anySlots, anyHistory, (slots, history) => {
        expect(judge(slots.toReversed(), history.toReversed())).toEqual(judge(slots, history))
      }),
    )
  })
})

describe('what is counted', () => {
  const egyptian = '+201001234567'
  test.each([
    ['password-two-factor', 'sms', egyptian, 'EG'],
    ['pin-reset', 'sms', '+919876543210', 'IN'],
    ['password-email', 'email', 'a@example.com', undefined],
    ['step-up', 'sms', egyptian, undefined],
    ['login-mfa', 'sms', egyptian, undefined],
    ['pin-reset', undefined, undefined, undefined],
  ] as const)('%s by %s to %s: %s', (flow, channel, address, country) => {
    expect(countedSms('sent', flow, channel, address, 5).smsCode?.country).toBe(country)
  })

  test('a right code counts at the moment it was asked for, once: not again when it was verified before', () => {
    const challenge: Challenge = {
      flow: 'pin-reset',
      challengeId: 'c',
      state: 'ISSUED',
      triesFlow: 0,
      triesOpen: 0,
      expiresAt: now + 300_000,
      channel: 'sms',
      address: egyptian,
    }
    expect(provedSms(challenge)).toEqual({ smsCode: { country: 'EG', askedAt: now, what: 'verified' } })
    expect(provedSms({ ...challenge, state: 'VERIFIED' })).toEqual({})
  })
})

test('nothing but an SMS to a listed number is counted', () => {
  const egyptian = '+201001234567'
  expect(countedSms('sent', 'pin-reset', 'email', egyptian, 5)).toEqual({})
  expect(countedSms('sent', 'pin-reset', 'sms', undefined, 5)).toEqual({})
  expect(countedSms('sent', 'pin-reset', 'sms', '+870773111632', 5)).toEqual({})
})

test('a slot is live from the moment it begins to the moment all its codes have ended', () => {
  const many = policy.smsOpenCodes + 1
  const at = (begin: number) => [{ at: begin, sent: many, verified: 0 }]
  expect(ruleOf(at(now))).toMatch(/^open /)
  expect(ruleOf(at(now + 1))).toBe('open')
  expect(ruleOf(at(now - 2 * slotMs + 1))).toMatch(/^open /)
  expect(ruleOf(at(now - 2 * slotMs))).toMatch(/^(day|hour) /)
  expect(ruleOf(at(now - dayMs - 2 * slotMs))).toBe('open')
})

test('as many verified as open is enough', () => {
  expect(ruleOf([live(2 * (policy.smsOpenCodes + 1), policy.smsOpenCodes + 1)])).toBe('open')
  expect(ruleOf([live(2 * policy.smsOpenCodes + 3, policy.smsOpenCodes + 1)])).toMatch(/^open /)
})
