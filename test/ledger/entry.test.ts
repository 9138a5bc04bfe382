import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { LedgerEvent } from '#shared/events.ts'
import { chainPattern, dirtyShard, dirtyShards, unknownChain } from '#shared/ledger/chains.ts'
import { draftOf, emptyHead, entryHash, placeEntry } from '#shared/ledger/entry.ts'
import { policy } from '#shared/policy.ts'
import { draft } from './forge.ts'

const event: LedgerEvent = {
  type: 'CODE_REQUESTED',
  time: 1,
  actor: 'subject',
  subject: { kind: 'email', value: 'typed@example.com' },
  userId: '~decoy-3',
  outcome: 'success',
  requestId: 'r',
  guess: 'failed',
}
const about = { id: 'e', person: { pseudonym: 'ab' }, policyVersion: '1', late: false }

describe('an entry', () => {
  test('is hashed as SHA-256 of the prefix and its canonical JSON without the hash', () => {
    const { hash, ...rest } = placeEntry(draft('a', 5), 'identity/u-1', emptyHead, 9)
    const text = `latchkey/entry/v1\n${JSON.stringify(Object.fromEntries(Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1))))}`
    expect(hash).toBe(createHash('sha256').update(text).digest('hex'))
    expect(entryHash(rest)).toBe(hash)
  })

  test('holds nothing that was typed, no decoy, no counter and no absent field', () => {
    const { flow: _flow, ...made } = {
      flow: undefined,
      ...draftOf({ ...event, reason: undefined } as never, about),
    }
    expect(made).toEqual({
      type: 'CODE_REQUESTED',
      time: 1,
      actor: 'subject',
      outcome: 'success',
      requestId: 'r',
      id: 'e',
      pseudonym: 'ab',
      policyVersion: '1',
    })
    expect(Object.keys(made)).not.toContain('reason')
  })

  test('with text that has no canonical form gets U+FFFD in its place', () => {
    const made = draftOf({ ...event, userAgent: 'a\ud800b', device: { model: '\udc00' } }, about)
    expect(made.userAgent).toBe('a\ufffdb')
    expect(made.device).toEqual({ model: '\ufffd' })
    expect(() => placeEntry(made, 'unknown/00', emptyHead, 1)).not.toThrow()
  })
})

const pseudonym = (n: number) => createHash('sha256').update(`${n}`).digest('hex')

describe('chains', () => {
  test('of unknown subjects are a fixed number, and all of them are used', () => {
    const { unknownSubjectChains: count } = policy
    expect(count).toBeGreaterThanOrEqual(256)
    const names = new Set(Array.from({ length: 20 * count }, (_, n) => unknownChain(pseudonym(n), count)))
    expect(names.size).toBe(count)
    for (const name of names) expect(name).toMatch(chainPattern)
  })

  test('of unknown subjects that were there before are among them, under their names', () => {
    const old = new Set(Array.from({ length: 400 }, (_, n) => unknownChain(pseudonym(n), 16)))
    expect([...old].sort()).toEqual(
      Array.from({ length: 16 }, (_, n) => `unknown/${String(n).padStart(2, '0')}`),
    )
    const now = new Set(
      Array.from({ length: 10_000 }, (_, n) => unknownChain(pseudonym(n), policy.unknownSubjectChains)),
    )
    for (const name of old) expect(now.has(name)).toBe(true)
  })

  test('spread over all partitions of moved heads', () => {
    const shards = new Set(Array.from({ length: 400 }, (_, n) => dirtyShard(`identity/u-${n}`)))
    expect([...shards].sort()).toEqual(dirtyShards)
  })
})

test('an entry says that it came late, keeps lists as lists, and holds what has no Unicode form as U+FFFD', () => {
  const event = {
    type: 'LOGIN',
    outcome: 'success',
    actor: 'subject',
    time: 1,
    requestId: 'r',
    subject: { kind: 'email', value: 'a@example.com' },
    fields: ['a\ud800', 'b'],
    userAgent: null,
  } as unknown as LedgerEvent
  const about = { id: 'e', person: {}, policyVersion: 'p' }
  const said = { fields: ['a\ufffd', 'b'], userAgent: null, id: 'e', policyVersion: 'p' }
  expect(draftOf(event, { ...about, late: true })).toMatchObject({ ...said, late: true })
  expect(draftOf(event, { ...about, late: false })).not.toHaveProperty('late')
})
