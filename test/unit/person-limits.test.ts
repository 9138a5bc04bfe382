/** What is lifted and erased for one person: every alias, every flow, within one transaction. */
import { unmarshall } from '@aws-sdk/util-dynamodb'
import { describe, expect, test } from 'vitest'
import { flows } from '#shared/contract/flows.ts'
import type { Identity } from '#shared/domain/identity.ts'
import { pairKey, subjectKey } from '#shared/domain/subject.ts'
import type { Subject } from '#shared/events.ts'
import type { Write } from '#shared/stores/database.ts'
import { clearSignInLimits, eraseLimitWrites, liftWrites } from '#shared/stores/person-limits.ts'
import { tables } from '#shared/tables.ts'
import { useSettings } from '#test/support/environment.ts'
import { access } from '../../infra/access.ts'

// The names of tables are settings.
useSettings(Object.fromEntries(Object.keys(tables).map((table) => [`TABLE_${table.toUpperCase()}`, table])))

const now = 1_800_000_000_000
const whole: Identity = {
  userId: 'u-1',
  email: 'a@example.com',
  username: 'anna',
  phone: '+201001234567',
  locale: 'en',
  status: 'active',
  mfaEnabled: false,
  consents: {},
  credentialEpoch: 1,
  sessionEpoch: 1,
  history: [],
  pinFailures: 0,
  createdAt: now,
  updatedAt: now,
  rev: 1,
}
const { email: _email, username: _username, phone: _phone, ...bare } = whole

const keyOf = ({ Update, Delete, Put, ConditionCheck }: Write): string => {
  const key = Update?.Key ?? Delete?.Key ?? ConditionCheck?.Key ?? Put?.Item
  return String(unmarshall(key ?? {})['pk'])
}
const subjects: Subject[] = [
  { kind: 'email', value: 'a@example.com' },
  { kind: 'username', value: 'anna' },
  { kind: 'phone', value: '+201001234567' },
  { kind: 'userId', value: 'u-1' },
  { kind: 'identity', value: 'u-1' },
]

describe.each([
  ['lifting', (identity: Identity) => liftWrites(identity, now)],
  ['erasing', eraseLimitWrites],
] as const)('%s', (_, writesOf) => {
  test('touches each item once, and fits in a transaction of a hundred with what goes along', () => {
    for (const identity of [whole, bare]) {
      const keys = writesOf(identity).map(keyOf)
      expect(new Set(keys).size).toBe(keys.length)
      expect(keys.length).toBeLessThanOrEqual(90)
    }
  })

  test('reaches the freeze, the failed logins and the mismatches of every alias', () => {
    const keys = new Set(writesOf(whole).map(keyOf))
    for (const subject of subjects)
      for (const prefix of ['F#', 'A#', 'M#'])
        expect(keys, `${prefix} ${subject.kind}`).toContain(prefix + subjectKey(subject))
    for (const key of ['L#u-1', 'J#u-1', 'B#login-mfa#u-1']) expect(keys).toContain(key)
  })

  test('reaches the challenges and budgets of every flow', () => {
    const keys = new Set(writesOf(whole).map(keyOf))
    for (const [flow, row] of Object.entries(flows)) {
      expect(keys).toContain(`J#${flow}#u-1`)
      const own =
        row.subject === 'pair'
          ? subjects.slice(0, 2).map((subject) => pairKey(subject, '+201001234567'))
          : subjects.map(subjectKey)
      for (const key of own) expect(keys).toContain(`C#${flow}#${key}`)
    }
  })

  test('leaves the limits of addresses alone: they are not this person’s', () => {
    expect(
      writesOf(whole)
        .map(keyOf)
        .filter((key) => /^I#|#ip#/.test(key)),
    ).toEqual([])
  })
})

test('what is lifted and erased is what the rights of the two steps end at', () => {
  const prefixesFor = (step: 'unlock-identity' | 'delete-identity', action: string) =>
    access[step].tables.challenges
      .filter(({ actions }) => (actions as readonly string[]).includes(action))
      .flatMap(({ prefixes = [] }) => prefixes)
  const uncovered = (writes: readonly Write[], prefixes: readonly string[]) =>
    writes.map(keyOf).filter((key) => !prefixes.some((prefix) => key.startsWith(prefix)))
  const lifted = liftWrites(whole, now)
  const [removed, cleared] = [lifted.filter(({ Delete }) => Delete), lifted.filter(({ Update }) => Update)]
  expect(uncovered(eraseLimitWrites(whole), prefixesFor('delete-identity', 'DeleteItem'))).toEqual([])
  expect(uncovered(removed, prefixesFor('unlock-identity', 'DeleteItem'))).toEqual([])
  expect(uncovered(cleared, prefixesFor('unlock-identity', 'UpdateItem'))).toEqual([])
  // And at no more: a challenge that was unlocked is there still.
  expect(uncovered(cleared, prefixesFor('unlock-identity', 'DeleteItem'))).toHaveLength(cleared.length)
})

test('a proved reset takes away the failures at each identifier that is typed at sign-in, and both streaks', () => {
  const typed = subjects.slice(0, 3).map((subject) => `A#${subjectKey(subject)}`)
  const cleared = clearSignInLimits(whole)
  expect(cleared.map(keyOf)).toEqual([...typed, 'L#u-1'])
  for (const { Update, Delete } of cleared) expect((Update ?? Delete)?.TableName).toBe('challenges')
  expect(clearSignInLimits(bare).map(keyOf)).toEqual(['L#u-1'])
})

test('lifting keeps the tries of a challenge: its send times and its freeze alone are removed', () => {
  const kept = liftWrites(whole, now).filter((write) => keyOf(write).startsWith('C#'))
  expect(kept.length).toBeGreaterThan(0)
  for (const { Update } of kept) {
    expect(Update?.UpdateExpression).toMatch(/ REMOVE frozenUntil, s1, .*s10$/)
    expect(Update?.UpdateExpression).not.toMatch(/tries|state|code/i)
  }
})

test('nothing is written for what a person has not: no item of an unset alias, none of a pair without a phone', () => {
  const { phone: _none, ...phoneless } = whole
  const pairless = liftWrites(phoneless, now).map(keyOf)
  expect(pairless.filter((key) => key.startsWith('C#password-two-factor'))).toEqual([])
  expect(liftWrites(bare, now)).toHaveLength(2 * 3 + 2 + Object.keys(flows).length + 2 + 2 * 5)
  const pairs = liftWrites(whole, now).filter((write) => keyOf(write).startsWith('C#password-two-factor'))
  expect(pairs).toHaveLength(2)
})

test('an item that lifting makes is swept an hour later; all stand in one table', () => {
  const writes = [...liftWrites(whole, now), ...eraseLimitWrites(whole)]
  for (const { Update, Delete } of writes) expect((Update ?? Delete)?.TableName).toBe('challenges')
  const updates = writes.flatMap(({ Update }) => Update ?? [])
  expect(updates.length).toBeGreaterThan(0)
  for (const { ExpressionAttributeValues } of updates)
    expect(unmarshall(ExpressionAttributeValues ?? {})).toEqual({ ':sweepAt': now / 1000 + 3600 })
})
