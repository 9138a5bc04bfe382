import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Argon2Scheme, nativeScheme } from '#shared/crypto/scheme.ts'
import type { Sealed } from '#shared/crypto/sealed.ts'
import { blank } from '#shared/domain/registration.ts'
import { identityItem, identityOf } from '#shared/stores/identities.ts'
import { packSeal, packSeals, unpackSeals } from '#shared/stores/sealed-form.ts'
import { fromWire, toWire } from '#shared/stores/wire-item.ts'
import { itemBytes } from '#test/support/item-size.ts'

const base64 = (bytes: number) => randomBytes(bytes).toString('base64')
const salt = base64(16)
const keyId = 'mrk-1234abcd12ab34cd56ef1234567890ab'
const seal = (more: Partial<Sealed> = {}): Sealed => ({
  scheme: nativeScheme(salt),
  keyId,
  mac: base64(32),
  ...more,
})
const imported: Sealed = {
  scheme: { algorithm: 'bcrypt', cost: 12, salt: 'abcdefghijklmnopqrstuv' },
  keyId,
  mac: base64(32),
  imported: true,
}

const now = 1_790_000_000_000
const fullIdentity = () => ({
  ...blank('5f7c1a36-0d5b-4f5e-9a34-3c0d8b6f2e11', 'en', now),
  email: 'priya.sharma-of-the-long-name@example.com',
  username: 'priya.sharma-of-the-long-name',
  phone: '+919876543210',
  mfaEnabled: true,
  consents: { 'loan-terms': { version: '2026-11', acceptedAt: now, lastPut: '2026-11' } },
  password: seal(),
  history: Array.from({ length: 5 }, () => seal()),
  pin: seal({ scheme: nativeScheme(base64(16)) }),
  lastPutHash: { keyId, mac: base64(32) },
  lastResetBy: 'email' as const,
})

/** As it comes back from the table. */
const stored = (identity: ReturnType<typeof fullIdentity>) => fromWire(toWire(identityItem(identity)))

describe('an identity as it is stored', () => {
  it('stays below one kilobyte with all it can hold, five old passwords among it', () => {
    const bytes = itemBytes(identityItem(fullIdentity()))
    expect(bytes).toBeLessThan(1024)
    expect(itemBytes({ ...fullIdentity() })).toBeGreaterThan(1024)
  })

  it('reads as it was written', () => {
    const identity = fullIdentity()
    expect(identityOf(stored(identity))).toEqual(identity)
  })

  it('reads as it was written by the version before: maps with names', () => {
    const identity = { ...fullIdentity(), password: imported }
    expect(identityOf(fromWire(toWire({ ...identity })))).toEqual(identity)
  })

  it('reads with secrets of both forms beside each other, as a reset leaves those of the version before', () => {
    const { pin, ...identity } = fullIdentity()
    expect(identityOf({ ...stored({ ...identity, pin }), pin })).toEqual({ ...identity, pin })
  })

  it('without secrets has none', () => {
    const identity = blank('u-1', 'en', now)
    expect(identityOf(fromWire(toWire(identityItem(identity))))).toEqual(identity)
  })
})

describe('sealed secrets in a row', () => {
  it('name what made them once, and again where it changes', () => {
    const [a, b, c] = [seal(), seal(), seal({ keyId: 'the-key-before' })]
    const runs = packSeals([a, b, c, imported, seal(), a])
    expect(runs.map((run) => run instanceof Uint8Array)).toEqual([true, true, false, true])
    expect((runs[0] as Uint8Array).length).toBe((packSeal(a) as Uint8Array).length + 32)
    expect(unpackSeals(packSeals([a, b, c, imported]))).toEqual([a, b, c, imported])
  })

  it('come back in their order as they were, whatever made them', () => {
    const scheme = fc.record({
      algorithm: fc.constantFrom('argon2id', 'argon2i', 'argon2d'),
      version: fc.constantFrom(16, 19),
      memoryKiB: fc.integer({ min: 8, max: 300_000 }),
      passes: fc.integer({ min: 1, max: 300 }),
      lanes: fc.integer({ min: 1, max: 300 }),
      hashBytes: fc.integer({ min: 4, max: 300 }),
      salt: fc.oneof(fc.constantFrom(salt, 'c2FsdA', 'no base64!'), fc.base64String({ maxLength: 400 })),
    })
    const mac = fc.oneof(
      fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('base64')),
      fc.constantFrom('m', 'A'.repeat(43)),
    )
    const made = fc.record({ scheme, keyId: fc.constantFrom(keyId, 'k', 'k'.repeat(300)), mac })
    fc.assert(
      fc.property(fc.array(made, { maxLength: 6 }), (seals) => {
        const all = seals as unknown as (Sealed & { scheme: Argon2Scheme })[]
        const item = fromWire(toWire({ history: packSeals(all) })) as {
          history: ReturnType<typeof packSeals>
        }
        expect(unpackSeals(item.history)).toEqual(all)
      }),
    )
  })

  it('of a form to come are not taken for something else', () => {
    expect(() => unpackSeals([Buffer.from([2, 0])])).toThrow('form')
  })
})
