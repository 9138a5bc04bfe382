/** What stands in for the slow hash in the worlds of tests does it there alone. */
import { describe, expect, test } from 'vitest'
import { seedPassword, seedPasswordHash } from '#local/seed.ts'
import { parseHash } from '#shared/crypto/forms.ts'
import { digest, newSalt } from '#shared/crypto/hashing.ts'
import { nativeScheme, type Scheme } from '#shared/crypto/scheme.ts'
import { hashQuickly } from '#test/support/quick-hashes.ts'
import { thisSample } from '#test/support/whole.ts'

const secret = Buffer.from('a secret')
const salt = Buffer.alloc(16, 7).toString('base64')
const scheme = nativeScheme(salt)
const least: Scheme = { ...scheme, memoryKiB: 8, passes: 1 }

async function quickly<T>(run: () => Promise<T>): Promise<T> {
  hashQuickly(true)
  try {
    return await run()
  } finally {
    hashQuickly(false)
  }
}

describe('a hash by the policy', () => {
  test('is the real one outside of a world', async () => {
    expect(await digest(scheme, secret)).not.toEqual(await digest(least, secret))
  })

  test.skipIf(thisSample === 'whole')('is of the least memory in one', async () => {
    expect(await quickly(() => digest(scheme, secret))).toEqual(await digest(least, secret))
  })
})

test('a hash by any other cost is the real one everywhere', async () => {
  for (const other of [
    { memoryKiB: 19_455 },
    { passes: 3 },
    { lanes: 2 },
    { algorithm: 'argon2i' } as const,
  ]) {
    const by: Scheme = { ...scheme, ...other }
    expect(await quickly(() => digest(by, secret))).toEqual(await digest(by, secret))
  }
})

test('the hash of the seed is the real one everywhere', async () => {
  const parsed = parseHash(seedPasswordHash)
  if (parsed.reason !== undefined) throw new Error(parsed.reason)
  for (const password of [seedPassword, 'another one']) {
    const real = await digest(parsed.scheme, Buffer.from(password))
    expect(real.equals(parsed.digest)).toBe(password === seedPassword)
    for (const _ of ['first', 'again'])
      expect(await quickly(() => digest(parsed.scheme, Buffer.from(password)))).toEqual(real)
  }
})

test('a salt is what makes two digests two, the quick ones too', async () => {
  const other = nativeScheme(newSalt())
  expect(await quickly(() => digest(other, secret))).not.toEqual(await quickly(() => digest(scheme, secret)))
})
