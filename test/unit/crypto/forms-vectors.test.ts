/** Hashes that other systems made: `vectors/make.py` says how. */
import { describe, expect, test } from 'vitest'
import { matches } from '#shared/crypto/compare.ts'
import { type Accepted, parseHash } from '#shared/crypto/forms.ts'
import { digest } from '#shared/crypto/hashing.ts'
import { floorNeededMs } from '#shared/crypto/scheme.ts'
import { bytesToHash, isReadWhole } from '#shared/crypto/sealed.ts'
import vectors from './vectors/vectors.json' with { type: 'json' }

function accepted(text: string): Accepted {
  const parsed = parseHash(text)
  if (parsed.reason !== undefined) throw new Error(parsed.reason)
  return parsed
}

async function verifies(text: string, password: string): Promise<boolean> {
  const { scheme, digest: expected } = accepted(text)
  return matches(await digest(scheme, bytesToHash(password, { scheme, imported: true })), expected)
}

test('there are vectors of every form', () => {
  const forms = new Set(vectors.map(({ form }) => form))
  const wanted = ['PHC', 'bcrypt', 'argon2$', 'bcrypt_sha256$', '$wp$2y$', 'pbkdf2_sha256$', 'Keycloak']
  const more = [
    'ASP.NET Identity v3',
    'scrypt$',
    'better-auth',
    '$fbscrypt$',
    '$P$',
    '$pbkdf2-sha256$',
    '{pepper:}',
  ]
  expect([...wanted, ...more].filter((form) => !forms.has(form))).toEqual([])
})

describe.each(vectors.map((each, place) => ({ ...each, place })))(
  '$form, $maker (vector $place)',
  ({ password, hash }) => {
    test('matches the password it was made of, and no other', async () => {
      expect(await verifies(hash, password)).toBe(true)
      expect(await verifies(hash, `${password} `)).toBe(
        !isReadWhole(password, { ...accepted(hash), keyId: '', mac: '' }),
      )
      expect(await verifies(hash, password.toUpperCase())).toBe(false)
    })

    test('matches the bytes as typed, unless its own system normalised', async () => {
      const other = password.normalize('NFKC')
      if (other === password) return expect(other).toBe(password)
      const { scheme } = accepted(hash)
      return expect(await verifies(hash, other)).toBe('normalised' in scheme)
    })

    test('costs no more than the floor by default allows', () => {
      expect(floorNeededMs(accepted(hash).scheme)).toBeLessThanOrEqual(450)
    })
  },
)

/** The marks and prefixes that other libraries put before the same hash. */
const vectorOf = (start: string) => {
  const vector = vectors.find(({ hash }) => hash.startsWith(start))
  if (vector === undefined) throw new Error(`There is no vector of ${start}`)
  return vector
}
const prefixed = [
  ...['$2a$', '$2b$', '$2y$', '{bcrypt}$2a$', '{bcrypt}$2b$', 'bcrypt$$2b$'].map((start) => ['$2b$', start]),
  ...['{argon2}', '{argon2@SpringSecurity_v5_8}', 'argon2'].map((start) => [
    '$argon2id$',
    `${start}$argon2id$`,
  ]),
].map(([bare = '', start = '']) => ({ bare, start, ...vectorOf(bare) }))

test.each(prefixed)('$start marks the same hash', async ({ bare, start, password, hash }) => {
  const text = start + hash.slice(bare.length)
  expect(await verifies(text, password)).toBe(true)
  expect(await verifies(text, `x${password}`)).toBe(false)
})

const long = 'x'.repeat(80)

test.each(vectors.filter(({ password }) => password.startsWith(long)))(
  '$form, $maker: the end of a long password is checked',
  async ({ password, hash }) => {
    expect(await verifies(hash, `${password.slice(0, -1)}k`)).toBe(false)
  },
)

test('of all forms only one is of a system that normalises', () => {
  const normalising = vectors.filter(({ hash }) => 'normalised' in accepted(hash).scheme)
  expect(new Set(normalising.map(({ form }) => form))).toEqual(new Set(['better-auth']))
})

test('no signer key of Firebase is in what is kept of its hashes', () => {
  const [firebase] = vectors.filter(({ maker }) => maker === 'published')
  const signerKey = /sk=([^$]+)/.exec(firebase?.hash ?? '')?.[1] ?? ''
  expect(signerKey).toHaveLength(88)
  const { scheme, digest: kept } = accepted(firebase?.hash ?? '')
  expect(JSON.stringify([scheme, kept.toString('base64')])).not.toContain(signerKey)
})
