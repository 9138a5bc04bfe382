import { describe, expect, test } from 'vitest'
import type { PublishedEvent } from '#local/services/published.ts'
import type { Entry } from '#shared/ledger/entry.ts'
import { detailOf } from '#shared/ledger/published.ts'
import { misfitsOf } from '#test/support/published.ts'

const entry = {
  id: 'e-1',
  type: 'LOGOUT',
  time: 1,
  actor: 'subject',
  userId: 'auth0|5f7c',
  outcome: 'success',
  reason: 'everywhere',
  requestId: 'r-1',
  policyVersion: 'p-1',
  chain: 'identity/auth0|5f7c',
  seq: 1,
  writtenAt: 2,
  prevHash: '0'.repeat(64),
  hash: '1'.repeat(64),
  note: 'because',
  device: { id: 'd' },
  userAgent: 'agent',
} as const satisfies Entry
const eventOf = (detail: object, type = 'LOGOUT') =>
  ({ 'detail-type': type, detail }) as unknown as PublishedEvent

describe('the detail of an entry', () => {
  test('is all of it but hashes and what somebody wrote', () => {
    const { prevHash: _p, hash: _h, note: _n, device: _d, userAgent: _u, ...told } = entry
    expect(detailOf(entry)).toEqual(told)
  })

  test('leaves out what it does not know, as of an entry that was put by somebody else', () => {
    expect(detailOf({ ...entry, email: 'kim@example.com' } as Entry)).not.toHaveProperty('email')
  })

  test.each([
    ['terms@3', true],
    ['terms%40home@3', false],
    ['kim doe@1', false],
    ['نص@1', false],
    ['x'.repeat(152), false],
  ])('names the agreement %s: %s', (consent, isTold) => {
    const detail = detailOf({ ...entry, type: 'CONSENT_ACCEPTED', consent, reason: consent })
    expect(['consent' in detail, 'reason' in detail]).toEqual([isTold, isTold])
  })
})

describe('a schema', () => {
  test('fits its type, and no other', () => {
    expect(misfitsOf(eventOf(detailOf(entry)))).toEqual([])
    expect(misfitsOf(eventOf(detailOf(entry), 'LOGIN'))).not.toEqual([])
    expect(misfitsOf(eventOf(detailOf(entry), 'NEW_TYPE'))).toEqual(['NEW_TYPE has no schema'])
  })

  test.each([
    ['a hash', { hash: entry.hash }],
    ['a field that its type has not', { flow: 'step-up' }],
    ['an address', { email: 'kim@example.com' }],
    ['a reason of several words', { reason: 'asked for by Kim' }],
  ])('does not take %s', (_, more) => {
    expect(misfitsOf(eventOf({ ...detailOf(entry), ...more }))).toHaveLength(1)
  })

  test('misses what its type always has', () => {
    const { reason: _, ...rest } = detailOf(entry)
    expect(misfitsOf(eventOf(rest))).toHaveLength(1)
  })
})
