import { GenerateMacCommand } from '@aws-sdk/client-kms'
import { hashRaw } from '@node-rs/argon2'
import { hash as bcryptHash } from '@node-rs/bcrypt'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { Unavailable } from '#shared/aws/unavailable.ts'
import { parseHash } from '#shared/crypto/forms.ts'
import {
  decoyPassword,
  resealAndCompare,
  resealPin,
  sealPassword,
  sealPin,
  verifyPassword,
  verifyPin,
} from '#shared/crypto/seal.ts'
import { isNative, isReadWhole, type Sealed, sealImported } from '#shared/crypto/sealed.ts'
import { settings } from '#shared/settings.ts'
import { fakeKms } from './fake-kms.ts'

const { answer, calls, kms } = fakeKms()

vi.mock(import('@node-rs/argon2'), async (original) => {
  const argon2 = await original()
  return { ...argon2, hashRaw: vi.fn(argon2.hashRaw) }
})
vi.mock(import('@node-rs/bcrypt'), async (original) => {
  const bcrypt = await original()
  return { ...bcrypt, hash: vi.fn(bcrypt.hash) as unknown as typeof bcrypt.hash }
})

beforeEach(() => {
  answer()
  vi.mocked(hashRaw).mockClear()
  vi.mocked(bcryptHash).mockClear()
})

/** What was done since the count was last taken. */
function cost() {
  const spent = {
    hashes: vi.mocked(hashRaw).mock.calls.length + vi.mocked(bcryptHash).mock.calls.length,
    calls: calls().length,
  }
  answer()
  vi.mocked(hashRaw).mockClear()
  vi.mocked(bcryptHash).mockClear()
  return spent
}

/** Makes something while the deployer's credential key is another one. */
async function sealedWithKey<T>(keyId: string, make: () => Promise<T>): Promise<T> {
  const today = vi.spyOn(settings(), 'KEY_CREDENTIAL', 'get')
  today.mockReturnValue(keyId)
  try {
    return await make()
  } finally {
    today.mockRestore()
  }
}

async function imported(userId: string, password: string): Promise<Sealed> {
  const parsed = parseHash(await bcryptHash(password, 4))
  if (!('digest' in parsed)) throw new Error(parsed.reason)
  return sealImported(userId, parsed)
}

describe('a sealed password', () => {
  test('is matched by its own password alone', async () => {
    const sealed = await sealPassword('u-1', 'right-password')
    expect(await verifyPassword('u-1', 'right-password', sealed)).toBe(true)
    expect(await verifyPassword('u-1', 'Right-password', sealed)).toBe(false)
    expect(await verifyPassword('u-1', '', sealed)).toBe(false)
  })

  test('cannot be moved to another person or another use', async () => {
    const sealed = await sealPassword('u-1', '480913')
    expect(await verifyPassword('u-2', '480913', sealed)).toBe(false)
    expect(await verifyPin('u-1', '480913', sealed)).toBe(false)
  })

  test('holds neither the password nor its hash, and lives through storage', async () => {
    const sealed = await sealPassword('u-1', 'right-password')
    const hashed = await vi.mocked(hashRaw).mock.results[0]?.value
    const stored = JSON.stringify(sealed)
    for (const encoding of ['base64', 'base64url', 'hex'] as const)
      expect(stored).not.toContain(hashed.toString(encoding).slice(0, 20))
    expect(Object.keys(sealed).sort()).toEqual(['keyId', 'mac', 'scheme'])
    expect(await verifyPassword('u-1', 'right-password', JSON.parse(stored))).toBe(true)
  })

  test('is worth nothing without the key that sealed it', async () => {
    const sealed = await sealPassword('u-1', 'right-password')
    expect(await verifyPassword('u-1', 'right-password', { ...sealed, keyId: 'key-stolen' })).toBe(false)
  })

  test('costs one hash and one KMS call to make and to check, right or wrong', async () => {
    const sealed = await sealPassword('u-1', 'right-password')
    expect(cost()).toEqual({ hashes: 1, calls: 1 })
    for (const password of ['right-password', 'wrong-password']) {
      await verifyPassword('u-1', password, sealed)
      expect(cost()).toEqual({ hashes: 1, calls: 1 })
    }
  })

  test('is checked under the key it was sealed with after a rotation', async () => {
    const old = await sealedWithKey('key-2025', () => sealPassword('u-1', 'right-password'))
    expect(old.keyId).toBe('key-2025')
    answer()
    expect(await verifyPassword('u-1', 'right-password', old)).toBe(true)
    expect(calls().map(({ KeyId }) => KeyId)).toEqual(['key-2025'])
  })

  test('is not judged at all when KMS does not answer', async () => {
    const sealed = await sealPassword('u-1', 'right-password')
    kms.on(GenerateMacCommand).rejects(new Error('down'))
    await expect(verifyPassword('u-1', 'right-password', sealed)).rejects.toBeInstanceOf(Unavailable)
    await expect(sealPassword('u-1', 'right-password')).rejects.toBeInstanceOf(Unavailable)
  })
})

describe('a decoy', () => {
  test('is matched by no password and costs what a real one costs (G1)', async () => {
    const decoy = decoyPassword()
    expect(Object.keys(decoy).sort()).toEqual(Object.keys(await sealPassword('u-1', 'x')).sort())
    cost()
    expect(await verifyPassword('~decoy', 'password123', decoy)).toBe(false)
    expect(cost()).toEqual({ hashes: 1, calls: 1 })
    expect(isNative(decoy)).toBe(true)
  })
})

describe('an imported hash', () => {
  test('is sealed without hashing, and verifies', async () => {
    const parsed = parseHash(await bcryptHash('right-password', 4))
    if (!('digest' in parsed)) throw new Error(parsed.reason)
    cost()
    const sealed = await sealImported('u-1', parsed)
    expect(cost()).toEqual({ hashes: 0, calls: 1 })
    expect(JSON.stringify(sealed)).not.toContain(parsed.digest.toString('base64').slice(0, 20))
    expect(await verifyPassword('u-1', 'right-password', sealed)).toBe(true)
    expect(await verifyPassword('u-1', 'wrong-password', sealed)).toBe(false)
    expect(await verifyPassword('u-2', 'right-password', sealed)).toBe(false)
  })

  test('asks for an upgrade, after which it is one of our own with the salt of the history', async () => {
    const earlier = await sealPassword('u-1', 'earlier-password')
    const sealed = await imported('u-1', 'right-password')
    expect(isNative(sealed)).toBe(false)
    const upgraded = await sealPassword('u-1', 'right-password', [sealed, earlier])
    expect(isNative(upgraded)).toBe(true)
    expect(upgraded.scheme.salt).toBe(earlier.scheme.salt)
    expect(await verifyPassword('u-1', 'right-password', upgraded)).toBe(true)
  })

  test('never gives its salt on, even when it is argon2id of our own cost', async () => {
    const text = `$argon2id$v=19$m=19456,t=2,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`
    const parsed = parseHash(text)
    if (!('digest' in parsed)) throw new Error(parsed.reason)
    const sealed = await sealImported('u-1', parsed)
    expect(isNative(sealed)).toBe(false)
    expect((await sealPassword('u-1', 'x', [sealed])).scheme.salt).not.toBe(sealed.scheme.salt)
  })
})

describe('the bytes that are compared', () => {
  const ways = { typed: 'cafe\u0301-harbour', composed: 'caf\u00e9-harbour' }

  test('are those of NFKC for our own, so that one password typed on two keyboards is one', async () => {
    const sealed = await sealPassword('u-1', ways.composed)
    expect(await verifyPassword('u-1', ways.typed, sealed)).toBe(true)
    expect(await verifyPassword('u-1', 'ｃａｆé-harbour', sealed)).toBe(true)
  })

  test('are those typed for an imported one, which matches in no other normal form', async () => {
    const sealed = await imported('u-1', ways.typed)
    expect(await verifyPassword('u-1', ways.typed, sealed)).toBe(true)
    expect(await verifyPassword('u-1', ways.composed, sealed)).toBe(false)
  })

  test('are those of each entry in the history, though schemes are alike', async () => {
    const own = await sealPassword('u-1', ways.composed)
    // The same scheme as our own, hashed elsewhere of the bytes as typed.
    const raw = await hashRaw(ways.typed, {
      ...{ algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 },
      salt: Buffer.from(own.scheme.salt, 'base64'),
    })
    const elsewhere = await sealImported('u-1', { scheme: own.scheme, digest: raw })
    cost()
    expect((await resealAndCompare('u-1', ways.typed, elsewhere, [])).reused).toBe(true)
    expect((await resealAndCompare('u-1', ways.composed, elsewhere, [])).reused).toBe(false)
    expect((await resealAndCompare('u-1', ways.typed, undefined, [own, elsewhere])).reused).toBe(true)
    expect((await resealAndCompare('u-1', ways.composed, undefined, [elsewhere, own])).reused).toBe(true)
    // Nothing but the bytes tells the imported one from another password of our own under the same salt.
    const another = await sealPassword('u-1', 'another-harbour', [own])
    expect(another.scheme).toEqual(own.scheme)
    for (const history of [
      [another, elsewhere],
      [elsewhere, another],
    ]) {
      expect((await resealAndCompare('u-1', ways.typed, undefined, history)).reused).toBe(true)
      expect((await resealAndCompare('u-1', ways.composed, undefined, history)).reused).toBe(false)
    }
  })

  test('of an imported bcrypt hash are the first 72: what comes after them was never checked', async () => {
    const bcrypt = await imported('u-1', 'x')
    expect(isReadWhole('é'.repeat(36), bcrypt)).toBe(true)
    expect(isReadWhole(`${'é'.repeat(36)}x`, bcrypt)).toBe(false)
    expect(isReadWhole('e\u0301'.repeat(25), bcrypt)).toBe(false)
    expect(isReadWhole('x'.repeat(200), await sealPassword('u-1', 'x'))).toBe(true)
    const { salt } = bcrypt.scheme
    const prehashed = {
      ...bcrypt,
      scheme: { algorithm: 'bcrypt', cost: 4, salt, prehash: 'sha256-hex' },
    } as const
    expect(isReadWhole('x'.repeat(200), prehashed)).toBe(true)
  })
})

describe('a new password', () => {
  /** Five passwords, one after the other, as resets leave them. */
  async function fivePasswords(): Promise<Sealed[]> {
    const made: Sealed[] = []
    for (const n of [1, 2, 3, 4, 5]) {
      const [current, ...history] = made.toReversed()
      made.push((await resealAndCompare('u-1', `password-${n}`, current, history)).sealed)
    }
    cost()
    return made.toReversed()
  }

  test('is found among the last five, at the cost of one hash and one KMS call', async () => {
    const [current, ...history] = await fivePasswords()
    for (const n of [1, 2, 3, 4, 5]) {
      expect((await resealAndCompare('u-1', `password-${n}`, current, history)).reused).toBe(true)
      expect(cost()).toEqual({ hashes: 1, calls: 1 })
    }
    const { sealed, reused } = await resealAndCompare('u-1', 'password-6', current, history)
    expect(cost()).toEqual({ hashes: 1, calls: 1 })
    expect(reused).toBe(false)
    expect(await verifyPassword('u-1', 'password-6', sealed)).toBe(true)
  })

  test('is compared without a current one, as after a forced reset', async () => {
    const history = await fivePasswords()
    expect((await resealAndCompare('u-1', 'password-5', undefined, history)).reused).toBe(true)
    expect((await resealAndCompare('u-1', 'password-6', undefined, [])).reused).toBe(false)
  })

  test('is sealed with the key of today and compared under the keys of before, one call for each key', async () => {
    const history = await sealedWithKey('key-2025', fivePasswords)
    const { sealed, reused } = await resealAndCompare('u-1', 'password-2', history[0], history.slice(1))
    expect({ keyId: sealed.keyId, reused }).toEqual({ keyId: 'key-credential', reused: true })
    expect(calls().map(({ KeyId }) => KeyId)).toEqual(['key-credential', 'key-2025'])
    expect(cost()).toEqual({ hashes: 1, calls: 2 })
  })

  test('is compared with an imported one at the cost of its own hash', async () => {
    const current = await imported('u-1', 'password-old')
    cost()
    expect((await resealAndCompare('u-1', 'password-old', current, [])).reused).toBe(true)
    expect(cost()).toEqual({ hashes: 2, calls: 2 })
    const { sealed, reused } = await resealAndCompare('u-1', 'password-new', current, [])
    expect(reused).toBe(false)
    expect(isNative(sealed)).toBe(true)
  })

  test("is not one of another person's passwords", async () => {
    const history = await fivePasswords()
    expect((await resealAndCompare('u-2', 'password-1', undefined, history)).reused).toBe(false)
  })
})

describe('a sealed PIN', () => {
  test('is matched by its own PIN, of its own person, and by nothing else', async () => {
    const sealed = await sealPin('u-1', '480913')
    expect(await verifyPin('u-1', '480913', sealed)).toBe(true)
    expect(await verifyPin('u-1', '480914', sealed)).toBe(false)
    expect(await verifyPin('u-2', '480913', sealed)).toBe(false)
    expect(await verifyPassword('u-1', '480913', sealed)).toBe(false)
  })

  test('is replaced under the same salt, so that the old one is recognised by one hash and one call', async () => {
    const old = await sealPin('u-1', '480913')
    cost()
    const kept = await resealPin('u-1', '480913', old)
    expect(cost()).toEqual({ hashes: 1, calls: 1 })
    const changed = await resealPin('u-1', '480914', old)
    expect([kept.same, changed.same]).toEqual([true, false])
    expect(await verifyPin('u-1', '480914', changed.sealed)).toBe(true)
    expect(changed.sealed.scheme).toEqual(old.scheme)
  })
})

test('what was hashed here by an older policy is not native', async () => {
  const sealed = await sealPassword('u-1', 'right-password')
  expect(isNative(sealed)).toBe(true)
  expect(isNative({ ...sealed, scheme: { ...sealed.scheme, passes: 1 } as typeof sealed.scheme })).toBe(false)
})
