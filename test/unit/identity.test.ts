/** Questions that rules ask of an identity. */
import { describe, expect, test } from 'vitest'
import { historyAfter } from '#shared/domain/history.ts'
import {
  addressOf,
  confirmationChannels,
  formerAddressesAfter,
  type Identity,
  identifiersOf,
  isEligible,
  isLockedByWrongPins,
  isOwnAddress,
  isPinLocked,
  pairMatches,
  signInChannel,
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

test('ten wrong PINs in a row lock it, and so does its owner who disowned it', () => {
  for (const [pinFailures, locked] of [
    [0, false],
    [9, false],
    [10, true],
    [11, true],
  ] as const) {
    expect(isLockedByWrongPins({ pinFailures })).toBe(locked)
    expect(isPinLocked({ ...person, pinFailures })).toBe(locked)
    expect(isPinLocked({ ...person, pinFailures, pinResetRequired: true })).toBe(true)
  }
  expect(isLockedByWrongPins(undefined)).toBe(false)
  expect(isLockedByWrongPins({})).toBe(false)
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
  expect(confirmationChannels(person, undefined, 'always')).toEqual(['email'])
  expect(confirmationChannels(person, 'sms', 'always')).toEqual(['email'])
  expect(confirmationChannels(person, 'email', 'always')).toEqual(['email', 'sms'])
  expect(confirmationChannels(only('email'), 'email', 'always')).toEqual(['email'])
  expect(confirmationChannels(only('phone'), 'sms', 'always')).toEqual(['sms'])
  const none = { ...only('phone'), phone: undefined } as unknown as Identity
  expect(confirmationChannels(none, 'sms', 'always')).toEqual([])
})

test('where the deployer spares the SMS it goes by email alone, and by SMS only to who has no email', () => {
  for (const codeChannel of [undefined, 'sms', 'email'] as const) {
    expect(confirmationChannels(person, codeChannel, 'withoutEmail')).toEqual(['email'])
    expect(confirmationChannels(only('phone'), codeChannel, 'withoutEmail')).toEqual(['sms'])
  }
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

describe('a message may go to an address', () => {
  const now = 1_800_000_000_000
  const moved = { ...person, email: 'b@example.com', phone: '+201001234568' } as Identity
  const formerAddresses = formerAddressesAfter(person, moved, now)
  const next = { ...moved, formerAddresses }
  const old = { channel: 'email', address: 'a@example.com' } as const

  test('that is the identity’s own on that channel', () => {
    expect(isOwnAddress(next, { channel: 'email', address: 'b@example.com', time: now })).toBe(true)
    expect(isOwnAddress(next, { channel: 'sms', address: '+201001234568', time: now })).toBe(true)
    expect(isOwnAddress(next, { channel: 'sms', address: 'b@example.com', time: now })).toBe(false)
    expect(isOwnAddress(next, { channel: 'email', address: 'c@example.com', time: now })).toBe(false)
  })

  test('that was its own at what the message tells of: taken away by just that, or later', () => {
    expect(isOwnAddress(next, { ...old, time: now })).toBe(true)
    expect(isOwnAddress(next, { ...old, time: now - 5000 })).toBe(true)
    expect(isOwnAddress(next, { ...old, time: now + 1 })).toBe(false)
    expect(isOwnAddress(next, { ...old, channel: 'sms', time: now })).toBe(false)
    expect(isOwnAddress(moved, { ...old, time: now })).toBe(false)
    expect(isOwnAddress(next, { channel: 'sms', address: '+201001234567', time: now })).toBe(true)
  })

  test('never to none of an identity that has none', () => {
    const bare = { ...person, email: undefined } as unknown as Identity
    expect(isOwnAddress(bare, { ...old, time: now })).toBe(false)
  })

  test('that was taken away less than seven days ago, to the millisecond', () => {
    const week = 7 * 24 * 3600 * 1000
    const keptAfter = (later: number) => formerAddressesAfter(next, next, now + later).length
    expect([0, week - 1, week].map(keptAfter)).toEqual([2, 2, 0])
  })

  test('that is among the ten newest, however many there were in a day', () => {
    const many = Array.from({ length: 12 }, (_, index) => ({ address: `m${index}@example.com`, at: now }))
    const taken = formerAddressesAfter({ ...person, formerAddresses: many }, moved, now)
    expect(taken.map(({ address }) => address)).toEqual([
      ...['a@example.com', '+201001234567'],
      ...many.slice(0, 8).map(({ address }) => address),
    ])
  })

  test('that is among the ten newest, and was its own in the last seven days when the list was written', () => {
    const day = 24 * 3600 * 1000
    let identity = person
    for (let index = 0; index < 12; index += 1) {
      const changed = { ...identity, email: `m${index}@example.com` }
      const at = now + index * 0.7 * day
      identity = {
        ...changed,
        formerAddresses: formerAddressesAfter(identity, changed, at),
      }
    }
    const at = (index: number) => now + index * 0.7 * day
    expect(identity.formerAddresses?.map((former) => former.at)).toEqual(
      [11, 10, 9, 8, 7, 6, 5, 4, 3, 2].map(at),
    )
    const gone = { ...identity, phone: undefined } as unknown as Identity
    const later = formerAddressesAfter(identity, gone, now + 12.5 * day)
    expect(later.map((former) => former.at)).toEqual([now + 12.5 * day, ...[11, 10, 9, 8].map(at)])
  })
})
