/** What a PUT makes of an identity, as a pure rule. */
import { describe, expect, test } from 'vitest'
import type { Identity } from '#shared/domain/identity.ts'
import { blank, type IdentityChange, merge, statusReason } from '#shared/domain/registration.ts'

const [before, now] = [1_700_000_000_000, 1_800_000_000_000]
const sealed = (name: string) => ({ mac: name }) as unknown as NonNullable<Identity['password']>
const putHash = { keyId: 'key', mac: 'mac' }
const person: Identity = {
  ...blank('u-1', 'en', before),
  email: 'a@example.com',
  username: 'someone',
  phone: '+201001234567',
  password: sealed('present'),
  history: [sealed('older')],
  consents: { terms: { version: '1', acceptedAt: before, lastPut: '1' } },
  resetRequired: true,
  credentialEpoch: 7,
  rev: 3,
}

test('an identity of whom nothing is known is active, and of epochs that none before it had', () => {
  expect(blank('u-1', 'ar', now)).toEqual({
    userId: 'u-1',
    locale: 'ar',
    status: 'active',
    mfaEnabled: false,
    consents: {},
    credentialEpoch: now,
    sessionEpoch: now,
    history: [],
    pinFailures: 0,
    createdAt: now,
    updatedAt: now,
    rev: 0,
  })
})

test.each<[string, IdentityChange, string[], 0 | 1]>([
  ['email', { email: 'b@example.com' }, ['email'], 1],
  ['username', { username: 'other' }, ['username'], 1],
  ['phone', { phone: '+201001234568' }, ['phone'], 1],
  ['mfaEnabled', { mfaEnabled: true }, ['mfaEnabled'], 1],
  ['suspension', { status: 'suspended' }, ['status'], 1],
  ['locale', { locale: 'ar' }, ['locale'], 0],
  ['several', { locale: 'ar', email: null, username: 'someone' }, ['email', 'locale'], 1],
])('a change of %s names its fields, and moves the epoch where it must', (_, change, fields, by) => {
  const merged = merge(person, change, {}, now)
  expect(merged.fields).toEqual(fields)
  expect(merged.remembers).toBe(false)
  expect(merged).not.toHaveProperty('consent')
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== null))
  expect(merged.next).toMatchObject({ ...given, credentialEpoch: 7 + by, updatedAt: now, rev: 4 })
  expect(merged.next.resetRequired, 'a hash alone lifts it').toBe(true)
})

test('an entry says which a status became, where nothing else changed', () => {
  const reasonOf = (change: IdentityChange) => statusReason(merge(person, change, {}, now))
  expect(reasonOf({ status: 'suspended' })).toEqual({ reason: 'suspended' })
  expect(statusReason(merge({ ...person, status: 'suspended' }, { status: 'active' }, {}, now))).toEqual({
    reason: 'resumed',
  })
  expect(reasonOf({ status: 'suspended', locale: 'ar' })).toBeUndefined()
  expect(reasonOf({ locale: 'ar' })).toBeUndefined()
})

test('reactivation does not move the epoch', () => {
  const { next } = merge({ ...person, status: 'suspended' }, { status: 'active' }, {}, now)
  expect([next.status, next.credentialEpoch]).toEqual(['active', 7])
})

test.each(['email', 'username', 'phone'] as const)(
  'null takes the %s away, and leaves no trace of it',
  (field) => {
    const { next, fields } = merge(person, { [field]: null }, {}, now)
    expect(fields).toEqual([field])
    expect(next).not.toHaveProperty(field)
    const again = merge(next, { [field]: null }, {}, now + 1)
    expect([again.fields, again.next.updatedAt]).toEqual([[], now])
  },
)

test('what is the same already is no change, and what is the service’s own is not looked at', () => {
  const { email = '', username = '', phone = '', locale, status, mfaEnabled } = person
  const given = { email, username, phone, locale, status, mfaEnabled, consent: null, resetRequired: false }
  const own = {
    hasPin: true,
    hasPassword: false,
    consents: [],
    createdAt: 'x',
    updatedAt: 'y',
    userId: 'u-2',
  }
  const merged = merge(person, { ...given, ...own }, {}, now)
  expect(merged).toEqual({ next: { ...person, rev: 4 }, fields: [], remembers: false })
})

describe('a hash', () => {
  test('that is new replaces the password, keeps the old one from coming back, and lifts a required reset', () => {
    const hash = { password: sealed('new'), lastPutHash: putHash }
    const { next, fields, remembers } = merge(person, {}, hash, now)
    expect([fields, remembers]).toEqual([['passwordHash'], true])
    expect(next).toMatchObject({ ...hash, history: [sealed('present'), sealed('older')], credentialEpoch: 8 })
    expect(next).not.toHaveProperty('resetRequired')
  })

  test('that was put last is remembered, and changes nothing', () => {
    const { next, fields, remembers } = merge(person, {}, { lastPutHash: putHash }, now)
    expect([fields, remembers]).toEqual([[], true])
    expect(next).toEqual({ ...person, lastPutHash: putHash, rev: 4 })
  })
})

describe('an agreement', () => {
  const put = (consents: Identity['consents'], version: string) =>
    merge({ ...person, consents }, { consent: { document: 'terms', version } }, {}, now)

  test('that is new is recorded as put, named for the entry, and moves no epoch', () => {
    const { next, fields, remembers, consent } = put({}, '2')
    expect([fields, remembers, consent]).toEqual([['consent'], true, 'terms@2'])
    expect(next.consents).toEqual({ terms: { version: '2', acceptedAt: now, lastPut: '2' } })
    expect(next.credentialEpoch).toBe(7)
  })

  test('that was put last is no change, whatever was accepted since', () => {
    const accepted = { terms: { version: '5', acceptedAt: before, lastPut: '1' } }
    const { next, fields, remembers, ...rest } = put(accepted, '1')
    expect([fields, remembers, rest]).toEqual([[], false, {}])
    expect(next.consents).toEqual(accepted)
  })

  test('that the person accepted already is remembered as put, with the time of the acceptance', () => {
    const { next, fields, remembers, ...rest } = put({ terms: { version: '2', acceptedAt: before } }, '2')
    expect([fields, remembers, rest]).toEqual([[], true, {}])
    expect(next.consents).toEqual({ terms: { version: '2', acceptedAt: before, lastPut: '2' } })
  })
})
