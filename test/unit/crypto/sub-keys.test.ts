/** Sub-keys: asked for once a container and window, by all who want them at once, and kept no longer than they are good for. */
import { GenerateMacCommand } from '@aws-sdk/client-kms'
import { beforeEach, expect, test } from 'vitest'
import { Unavailable } from '#shared/aws/unavailable.ts'
import { type Link, proveLink, sealLink } from '#shared/crypto/link-proof.ts'
import { deriveNotMeToken } from '#shared/crypto/not-me.ts'
import { isNear, subKey, windowOf } from '#shared/crypto/sub-keys.ts'
import { environmentChanged } from '#shared/per-environment.ts'
import { fakeKms } from './fake-kms.ts'

const { answer, calls, kms } = fakeKms()

beforeEach(() => {
  answer()
  environmentChanged()
})

const hourMs = 3_600_000
const noon = Date.UTC(2026, 10, 26, 12)

test('a window is the hour or the day of a moment, and near are those on both sides', () => {
  expect([windowOf('hour', noon - 1), windowOf('hour', noon), windowOf('day', noon)]).toEqual([
    '2026-11-26T11',
    '2026-11-26T12',
    '2026-11-26',
  ])
  const near = [-2, -1, 0, 1, 2].map((step) => isNear('hour', windowOf('hour', noon + step * hourMs), noon))
  expect(near).toEqual([false, true, true, true, false])
})

test('all who ask at once share one call, and who asks later makes none', async () => {
  const keys = await Promise.all(Array.from({ length: 20 }, () => subKey('key', 'code-derive', 'window')))
  await subKey('key', 'code-derive', 'window')
  expect(calls()).toHaveLength(1)
  expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(1)
})

test('a call that failed is not remembered: the next one asks again', async () => {
  kms.on(GenerateMacCommand).rejects(new Error('down'))
  const asked = Array.from({ length: 3 }, () => subKey('key', 'code-derive', 'window'))
  for (const each of await Promise.allSettled(asked))
    expect(each).toMatchObject({ status: 'rejected', reason: expect.any(Unavailable) })
  answer()
  expect(await subKey('key', 'code-derive', 'window')).toHaveLength(32)
  expect(calls()).toHaveLength(1)
})

test('uses, keys and windows have sub-keys of their own', async () => {
  const keys = await Promise.all([
    subKey('key', 'code-derive', 'w'),
    subKey('key', 'code-cover', 'w'),
    subKey('other', 'code-derive', 'w'),
    subKey('key', 'code-derive', 'v'),
  ])
  expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(4)
})

test('of codes this window and the one before are kept, and no more', async () => {
  for (const window of ['1', '2', '3']) await subKey('key', 'code-derive', window)
  for (const window of ['3', '2']) await subKey('key', 'code-derive', window)
  expect(calls()).toHaveLength(3)
  await subKey('key', 'code-derive', '1')
  expect(calls()).toHaveLength(4)
})

const change = { userId: 'u-1', eventId: 'e#1', template: 'passwordChanged', time: noon }

test('the token of a change is always the same, and takes one call a day', async () => {
  const token = await deriveNotMeToken(change)
  expect(await deriveNotMeToken({ ...change })).toBe(token)
  const others = [{ userId: 'u-2' }, { eventId: 'e#2' }, { template: 'pinChanged' }]
  for (const other of others) expect(await deriveNotMeToken({ ...change, ...other })).not.toBe(token)
  expect(calls()).toHaveLength(1)
  expect(Buffer.from(token, 'base64url')).toHaveLength(16)
})

test('links of all the days that they live for are judged without asking again', async () => {
  const link = (day: number): Link => ({
    ...{ tokenHash: 'f0', userId: 'u-1', disowned: 'password' },
    ...{ changedAt: noon + day * 24 * hourMs, expiresAt: noon + (day + 7) * 24 * hourMs },
  })
  const proofs = await Promise.all(Array.from({ length: 8 }, (_, day) => sealLink(link(day))))
  for (const [day, proof] of proofs.entries()) expect(await proveLink(link(day), proof)).toBe(true)
  expect(await proveLink({ ...link(0), userId: 'u-2' }, proofs[0] ?? {})).toBe(false)
  expect(calls()).toHaveLength(8)
})
