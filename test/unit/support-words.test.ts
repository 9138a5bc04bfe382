/** What support reads: how a person stands, and what an entry means. */
import { describe, expect, test } from 'vitest'
import { codes } from '#shared/contract/codes.ts'
import type { Entry } from '#shared/ledger/entry.ts'
import { alike } from '#shared/words/alike.ts'
import { entryInWords } from '#shared/words/entry.ts'
import { eventWords } from '#shared/words/events.ts'
import { reasonInWords, reasonWords } from '#shared/words/reasons.ts'
import { type State, stateRows } from '#shared/words/state.ts'
import { whoIsMeant } from '#shared/words/who.ts'
import { types } from '../../docs/event-types.ts'
import { deployed } from '../contract/sources.ts'

describe('an entry', () => {
  test('each type has words for whatever came of it, and is in docs/events.md', () => {
    expect(Object.keys(eventWords).sort()).toEqual(Object.keys(types).sort())
    for (const { when, success, failure, because = {} } of Object.values(eventWords))
      for (const words of [success, failure, ...Object.values(because)]) {
        expect(words).toMatch(/^[‘A-Z].*[^.]$/u)
        expect(when).not.toBe('')
      }
  })

  /** As the code spells them: where an event is recorded, where a limit refuses, where a code does not go out. */
  const spelt =
    /(?:\breason: |limitReached\(|\bnot\(|refuseToken\(|refuseAs\('[A-Z_]+', |\bname: )'([a-z][a-z_-]*)'/g
  const notReasons = new Set(['decoy'])
  test('each reason that the code names has words', () => {
    const named = deployed()
      .filter(({ path }) => !/shared\/(words|contract|messages)/.test(path))
      .flatMap(({ code }) => [...code.matchAll(spelt)].map(([, reason = '']) => reason))
    expect(new Set(named).size).toBeGreaterThan(30)
    expect(
      [...new Set(named)].filter((reason) => !(reason in reasonWords) && !notReasons.has(reason)),
    ).toEqual([])
  })

  test('so has each refusal of a new secret, which is an entry’s reason in small letters', () => {
    const secrets = Object.keys(codes).filter((code) => /^(PASSWORD|PIN)_(?!INVALID|LOCKED)/.test(code))
    for (const code of secrets) expect(reasonWords).toHaveProperty(code.toLowerCase())
  })

  test.each([
    [{ type: 'CODE_SENT', outcome: 'success', channel: 'sms' }, 'A code went out by SMS'],
    [
      { type: 'CODE_NOT_SENT', outcome: 'failure', reason: 'sms-paused' },
      'No code went out: SMS to that country are paused',
    ],
    [
      { type: 'LOGIN', outcome: 'failure', reason: 'wrong_password' },
      'A sign-in was refused: the password was wrong',
    ],
    [
      { type: 'IDENTITY_CHANGED', outcome: 'success', reason: 'unlocked' },
      'Freezes, limits and locks were lifted',
    ],
    [
      { type: 'IDENTITY_CHANGED', outcome: 'success', fields: ['passwordHash', 'email'] },
      'The person was changed: password, email',
    ],
    [
      { type: 'PASSWORD_RESET', outcome: 'success', breachCheck: 'skipped' },
      'The password was reset: its breach check was skipped',
    ],
    [
      { type: 'CONSENT_ACCEPTED', outcome: 'success', reason: 'terms@3', consent: 'terms@3' },
      'An agreement was accepted: terms@3',
    ],
    [
      { type: 'ADDRESSES_SHOWN', outcome: 'success', fields: ['email', 'phone'] },
      'Addresses were shown to support in clear: email, phone',
    ],
  ] as const)('%o means: %s', (entry, means) => {
    expect(entryInWords(entry as never)).toBe(means)
  })

  test.each([
    [{ type: 'toString', outcome: 'success' }, 'toString'],
    [{ type: 'LOGIN', outcome: 'failure', reason: 'constructor' }, 'A sign-in was refused: constructor'],
    [{ type: 'LOGIN', outcome: 'failure', reason: 'a\u202eb' }, 'A sign-in was refused: a?b'],
    [{ type: 'LOGIN', outcome: 'failure', fields: 'email' }, 'A sign-in was refused'],
    [{ outcome: 7 }, 'undefined'],
  ])('what somebody put into the table is shown as it is, and turns no line: %o', (entry, means) => {
    expect(entryInWords(entry as never)).toBe(means)
  })

  test('a reason of a later version is told as it is', () => {
    expect(reasonInWords('moon_too_full')).toBe('moon too full')
  })
})

test('entries that say the same one after another are one row, those with a reason never', () => {
  const entry = (seq: number, more: object = {}) =>
    ({ seq, type: 'LOGIN', outcome: 'failure', reason: 'wrong_password', actor: 'subject', ...more }) as Entry
  const act = { type: 'LOGOUT', outcome: 'success', reason: 'everywhere', actor: 'arn', note: 'asked for' }
  const entries = [
    entry(7, act),
    entry(6, act),
    entry(5),
    entry(4),
    entry(3, { reason: 'suspended' }),
    entry(2),
  ]
  expect(alike(entries).map((row) => row.map(({ seq }) => seq))).toEqual([[7], [6], [5, 4], [3], [2]])
})

const state: State = {
  userId: 'u-1',
  maskedEmail: 'a***@example.com',
  username: null,
  maskedPhone: null,
  locale: 'en',
  status: 'active',
  mfaEnabled: false,
  hasPassword: true,
  resetRequired: false,
  breachCheckDue: false,
  hasPin: true,
  pinLocked: false,
  pinResetRequired: false,
  frozenUntil: null,
  frozenBy: null,
  signInLocked: null,
  lastCode: null,
  smsToday: null,
  sessions: [],
  createdAt: '2026-11-27T04:00:00.000Z',
  updatedAt: '2026-11-27T04:00:00.000Z',
}
const hindering = (change: Partial<State>) =>
  stateRows({ ...state, ...change })
    .filter(({ hinders }) => hinders)
    .map(({ name, value }) => `${name}: ${value}`)

describe('how a person stands', () => {
  test('in good order nothing is told to stand in the way', () => {
    expect(hindering({})).toEqual([])
  })

  test.each<[Partial<State>, readonly string[]]>([
    [{ status: 'suspended' }, ['status: suspended']],
    [{ pinLocked: true }, ['PIN: locked after wrong PINs: a reset or an unlock opens it']],
    [
      { frozenUntil: '2026-11-28T04:00:00.000Z', frozenBy: 'guesses' },
      ['recovery: frozen until 2026-11-28 04:00 UTC after wrong codes: an unlock lifts it'],
    ],
    [
      { breachCheckDue: true },
      ['password: set; its breach check was skipped, and is made at the next sign-in'],
    ],
    [
      {
        lastCode: {
          flow: 'pin-reset',
          channel: null,
          at: '2026-11-27T04:00:00.000Z',
          state: 'not-sent',
          reason: 'country_not_listed',
        },
      },
      ['last code: not sent at 2026-11-27 04:00 UTC (pin-reset): no SMS go to that country'],
    ],
    [
      {
        smsToday: {
          country: 'EG',
          sent: { recovery: 12, signIn: 20, notice: 3 },
          mostOfEach: 20,
          pausedUntil: null,
          haltedUntil: '2026-11-28T04:00:00.000Z',
        },
      },
      [
        'SMS today: to EG: 12 recovery codes, 20 sign-in codes, 3 notices (at most 20 of each); paused by an operator until 2026-11-28 04:00 UTC; no more sign-in codes today',
      ],
    ],
  ])('%o', (change, told) => {
    expect(hindering(change)).toEqual(told)
  })
})

describe('whom a word means', () => {
  const directory = (people: Readonly<Record<string, string>>, ids: readonly string[] = []) => ({
    find: async (kind: string, value: string) => people[`${kind} ${value}`],
    isThere: async (userId: string) => ids.includes(userId),
  })

  test('whoever is meant in one way or in several, where it is one person', async () => {
    const people = directory({ 'email ann@example.com': 'u-1', 'username ann': 'ann' }, ['ann'])
    expect(await whoIsMeant(' Ann@Example.com', people)).toEqual({ userId: 'u-1' })
    expect(await whoIsMeant('ann', people)).toEqual({ userId: 'ann' })
  })

  test('nobody is chosen between two', async () => {
    const meant = await whoIsMeant('ann', directory({ 'username ann': 'u-7' }, ['ann']))
    expect(meant).toEqual({ problem: '"ann" is said of several: u-7, ann. Name one by another word.' })
  })

  test('nobody is told as nobody', async () => {
    expect(await whoIsMeant('???', directory({}))).toEqual({ problem: 'Nobody is known by "???".' })
  })
})
