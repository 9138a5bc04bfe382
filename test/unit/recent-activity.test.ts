/** What an account's owner is told of its entries. */
import { describe, expect, test } from 'vitest'
import { mostActivities } from '#shared/contract/activities.ts'
import type { Entry } from '#shared/ledger/entry.ts'
import { recentActivity } from '#shared/steps/recent-activity.ts'
import { eventWords } from '#shared/words/events.ts'

const entry = (given: Partial<Entry>): Entry => ({
  ...{ id: 'e#1', chain: 'identity/u-1', seq: 1, prevHash: '', hash: '', writtenAt: 0, policyVersion: '1' },
  ...{ type: 'LOGIN', outcome: 'success', actor: 'subject', userId: 'u-1', requestId: 'r', time: 0 },
  ...given,
})
const whatOf = (given: Partial<Entry>) => recentActivity([entry(given)])[0]?.what

describe('what an entry tells its owner', () => {
  const silent = [
    ...['CODE_REQUESTED', 'CODE_NOT_SENT', 'IDENTITY_VERIFIED', 'STEP_UP_VERIFIED', 'CONSENT_ACCEPTED'],
    ...['IDENTITY_CREATED', 'LIMIT_REACHED', 'LEDGER_TAMPERED', 'ADDRESSES_SHOWN', 'SMS_FLOOR_SET'],
    ...['SMS_PAUSED', 'SMS_RESUMED', 'FLOW_STOPPED', 'FLOW_STARTED'],
  ]
  const told = {
    LOGIN: ['SIGNED_IN', 'SIGN_IN_FAILED'],
    MFA_VERIFIED: ['SIGNED_IN', 'SIGN_IN_FAILED'],
    LOGOUT: ['SIGNED_OUT', undefined],
    CODE_SENT: ['CODE_SENT', undefined],
    CODE_VERIFIED: [undefined, 'RESET_FAILED'],
    PASSWORD_RESET: ['PASSWORD_CHANGED', 'RESET_FAILED'],
    PIN_SET: ['PIN_CHANGED', undefined],
    PIN_RESET: ['PIN_CHANGED', 'RESET_FAILED'],
    PIN_VERIFIED: [undefined, 'PIN_FAILED'],
    PIN_LOCKED: ['PIN_LOCKED', undefined],
    RECOVERY_FROZEN: ['RECOVERY_FROZEN', undefined],
    IDENTITY_CHANGED: ['ACCOUNT_CHANGED', undefined],
  } as const

  test('each type of entry is in one of the two lists', () => {
    expect([...silent, ...Object.keys(told)].toSorted()).toEqual(Object.keys(eventWords).toSorted())
  })

  test.each(Object.entries(told))('%s', (type, [success, failure]) => {
    expect(whatOf({ type: type as Entry['type'], outcome: 'success' })).toBe(success)
    expect(whatOf({ type: type as Entry['type'], outcome: 'failure' })).toBe(failure)
  })

  test.each(silent)('%s: nothing', (type) => {
    for (const outcome of ['success', 'failure'] as const)
      expect(whatOf({ type: type as Entry['type'], outcome })).toBeUndefined()
  })

  test('a right password whose code has still to follow is no sign-in', () => {
    expect(whatOf({ type: 'LOGIN', reason: 'mfa_required' })).toBeUndefined()
  })

  test('a change is of the password where it put one, in a session or by the backend', () => {
    const changed = { type: 'IDENTITY_CHANGED' } as const
    expect(whatOf({ ...changed, fields: ['password'] })).toBe('PASSWORD_CHANGED')
    expect(whatOf({ ...changed, fields: ['email', 'passwordHash'] })).toBe('PASSWORD_CHANGED')
    expect(whatOf({ ...changed, fields: ['email', 'locale'] })).toBe('ACCOUNT_CHANGED')
    expect(whatOf({ ...changed, fields: ['password'], reason: 'reset_required' })).toBe('ACCOUNT_CHANGED')
    expect(whatOf({ ...changed, fields: ['password'], outcome: 'failure' })).toBeUndefined()
  })
})

test('it is in the order in which it happened, whatever the place in the chain, newest first and no more than ten', () => {
  const times = [3, 9, 1, 12, 7, 5, 11, 2, 8, 4, 10, 6]
  const kinds = ['LOGIN', 'LOGOUT'] as const
  const shown = recentActivity(
    times.map((time, seq) => entry({ time, seq, type: kinds[time % 2] ?? 'LOGIN' })),
  )
  expect(shown).toHaveLength(mostActivities)
  expect(shown.map(({ at }) => Date.parse(at))).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3])
})

test('the same in a row from the same browser is one line, with the time of the newest', () => {
  const wrong = { type: 'PIN_VERIFIED', outcome: 'failure', userAgent: 'Firefox/1' } as const
  const shown = recentActivity([
    ...[9, 8, 7].map((time) => entry({ ...wrong, time })),
    entry({ ...wrong, time: 6, userAgent: 'Chrome/1' }),
    // Says nothing, so it parts nothing.
    entry({ type: 'LIMIT_REACHED', outcome: 'failure', time: 5 }),
    entry({ ...wrong, time: 4, userAgent: 'Chrome/1' }),
    entry({ time: 3 }),
    entry({ ...wrong, time: 2, userAgent: 'Chrome/1' }),
  ])
  expect(shown.map(({ what, at, times }) => [what, Date.parse(at), times])).toEqual([
    ['PIN_FAILED', 9, 3],
    ['PIN_FAILED', 6, 2],
    ['SIGNED_IN', 3, 1],
    ['PIN_FAILED', 2, 1],
  ])
})

test('of an entry nothing goes on but what happened, when, and what the browser said of itself', () => {
  const shown = recentActivity([
    entry({ time: 1, userAgent: 'Firefox/1', note: 'n', reason: 'r', device: { model: 'Call +44 20' } }),
    entry({ time: 0 }),
  ])
  expect(shown).toEqual([
    { what: 'SIGNED_IN', at: '1970-01-01T00:00:00.001Z', userAgent: 'Firefox/1', times: 1 },
    { what: 'SIGNED_IN', at: '1970-01-01T00:00:00.000Z', userAgent: null, times: 1 },
  ])
})
