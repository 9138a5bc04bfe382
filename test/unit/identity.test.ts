/** Questions that rules ask of an identity. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { historyAfter } from '#shared/domain/history.ts'
import {
  addressOf,
  confirmationChannels,
  type Identity,
  identifiersOf,
  isEligible,
  openingConsent,
  pairMatches,
  signInChannel,
  withConsent,
} from '#shared/domain/identity.ts'

const person = {
  userId: 'u-1',
  email: 'a@example.com',
  username: 'someone',
  phone: '+201001234567',
  status: 'active',
  consents: {},
} as unknown as Identity
const only = (name: 'email' | 'phone') =>
  ({ ...person, email: undefined, phone: undefined, [name]: person[name] }) as unknown as Identity

test('only an active identity is eligible', () => {
  expect(isEligible(person)).toBe(true)
  expect(isEligible({ ...person, status: 'suspended' })).toBe(false)
  expect(isEligible(undefined)).toBe(false)
})

describe('a pair matches', () => {
  const byEmail = { kind: 'email', value: 'a@example.com' } as const
  const byName = { kind: 'username', value: 'someone' } as const

  test('when both halves are the identity’s own', () => {
    expect(pairMatches(person, byEmail, '+201001234567')).toBe(true)
    expect(pairMatches(person, byName, '+201001234567')).toBe(true)
  })

  test('not with another phone, another identifier, or one typed as the other kind', () => {
    expect(pairMatches(person, byEmail, '+201001234568')).toBe(false)
    expect(pairMatches(person, { kind: 'email', value: 'b@example.com' }, '+201001234567')).toBe(false)
    expect(pairMatches(person, { kind: 'email', value: 'someone' }, '+201001234567')).toBe(false)
    expect(pairMatches(person, { kind: 'username', value: 'a@example.com' }, '+201001234567')).toBe(false)
  })

  test('not with nobody, a suspended identity, or one without a phone', () => {
    expect(pairMatches(undefined, byEmail, '+201001234567')).toBe(false)
    expect(pairMatches({ ...person, status: 'suspended' }, byEmail, '+201001234567')).toBe(false)
    expect(pairMatches(only('email'), byEmail, '+201001234567')).toBe(false)
  })
})

test('a confirmation goes by email, else by SMS, and by both where the code came by email', () => {
  expect(confirmationChannels(person, undefined)).toEqual(['email'])
  expect(confirmationChannels(person, 'sms')).toEqual(['email'])
  expect(confirmationChannels(person, 'email')).toEqual(['email', 'sms'])
  expect(confirmationChannels(only('email'), 'email')).toEqual(['email'])
  expect(confirmationChannels(only('phone'), 'sms')).toEqual(['sms'])
  expect(confirmationChannels({ ...only('phone'), phone: undefined } as unknown as Identity, 'sms')).toEqual(
    [],
  )
})

test('a sign-in code goes by the other channel than the last reset’s, and by SMS where there was none', () => {
  expect(signInChannel(person)).toBe('sms')
  expect(signInChannel({ ...person, lastResetBy: 'email' })).toBe('sms')
  expect(signInChannel({ ...person, lastResetBy: 'sms' })).toBe('email')
  // As it was stored before there was a channel of the last reset.
  expect(signInChannel({ ...person, signInCodeByEmail: true })).toBe('email')
  expect(signInChannel({ ...person, signInCodeByEmail: true, lastResetBy: 'email' })).toBe('sms')
})

test('a sign-in code goes nowhere rather than by the channel of the last reset', () => {
  const reset = { ...only('phone'), lastResetBy: 'sms' } as const
  expect(addressOf(reset, signInChannel(reset))).toBeUndefined()
})

describe('the consent that opens the PIN gate', () => {
  const consents = { terms: { version: '2', acceptedAt: 5 }, privacy: { version: '1', acceptedAt: 9 } }

  test('is any, the newest first, where none is named', () => {
    expect(openingConsent({ consents }, '')).toEqual({ document: 'privacy', version: '1', acceptedAt: 9 })
    expect(openingConsent({ consents: {} }, '')).toBeNull()
  })

  test('is the named document, in the named version', () => {
    expect(openingConsent({ consents }, 'terms')).toEqual({ document: 'terms', version: '2', acceptedAt: 5 })
    expect(openingConsent({ consents }, 'terms@2')?.document).toBe('terms')
    expect(openingConsent({ consents }, 'terms@1')).toBeNull()
    expect(openingConsent({ consents }, 'cookies')).toBeNull()
  })
})

test('a new consent replaces its older version and keeps the rest, twenty at most', () => {
  const documents = fc.array(fc.stringMatching(/^[a-z]{1,3}$/), { maxLength: 40 })
  fc.assert(
    fc.property(documents, (names) => {
      let consents: Identity['consents'] = {}
      for (const [at, name] of names.entries())
        consents = withConsent({ consents }, name, { version: `${at}`, acceptedAt: at })
      const newest = [...new Set(names.toReversed())].slice(0, 20)
      expect(Object.keys(consents).toSorted()).toEqual(newest.toSorted())
      for (const name of newest) expect(consents[name]?.acceptedAt).toBe(names.lastIndexOf(name))
    }),
  )
})

test('history holds the four before the present one, newest first: five in all may not come back', () => {
  const sealed = (name: string) => ({ mac: name }) as never
  let identity: Parameters<typeof historyAfter>[0] = { history: [] }
  for (const name of ['1', '2', '3', '4', '5', '6', '7'])
    identity = { password: sealed(name), history: historyAfter(identity) }
  expect(identity.history).toEqual(['6', '5', '4', '3'].map(sealed))
})

test('the identifiers of a person are those that are there', () => {
  expect(identifiersOf(person)).toEqual(['a@example.com', 'someone', '+201001234567', 'u-1'])
  expect(identifiersOf(only('email'))).toEqual(['a@example.com', 'someone', 'u-1'])
})

test('a person keeps the twenty newest consents, one for each document', () => {
  const consents = Object.fromEntries(
    Array.from({ length: 25 }, (_, place) => [`d${place}`, { version: '1', acceptedAt: (place * 7) % 25 }]),
  )
  const fresh = { version: '2', acceptedAt: 100 }
  const kept = withConsent({ consents }, 'd3', fresh)
  const others = Object.entries(consents).filter(([name]) => name !== 'd3')
  const newest = others.sort(([, a], [, b]) => b.acceptedAt - a.acceptedAt).slice(0, 19)
  expect(kept).toEqual({ ...Object.fromEntries(newest), d3: fresh })
  expect(Object.keys(kept)).toHaveLength(20)
})
