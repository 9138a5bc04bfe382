import { expect, test } from 'vitest'
import { parseHash } from '#shared/crypto/forms.ts'
import { digest, newSalt } from '#shared/crypto/hashing.ts'
import { nativeScheme, type Scheme } from '#shared/crypto/scheme.ts'

/** These digests and the bcrypt hashes below are from the test suites of the argon2 reference code and crypt_blowfish. */
test.each([
  ['argon2id', 19, '09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7'],
  ['argon2i', 19, 'c1628832147d9720c5bd1cfd61367078729f6dfb6f8fea9ff98158e0d7816ed0'],
  ['argon2i', 16, 'f6c4db4a54e2a370627aff3db6176b94a2a209a62c8e36152711802f7b30c694'],
] as const)('%s of version %i gives the published digest', async (algorithm, version, hex) => {
  const salt = Buffer.from('somesalt').toString('base64')
  const cost = { memoryKiB: 65_536, passes: 2, lanes: 1, hashBytes: 32 }
  expect((await digest({ algorithm, version, ...cost, salt }, Buffer.from('password'))).toString('hex')).toBe(
    hex,
  )
})

test.each([
  ['U*U', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
  ['U*U*', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK'],
  [
    '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789chars after 72 are ignored',
    '$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui',
  ],
])('%s has the published hash %s', async (password, text) => {
  const parsed = parseHash(text)
  if (!('digest' in parsed)) throw new Error(parsed.reason)
  expect(await digest(parsed.scheme, Buffer.from(password))).toEqual(parsed.digest)
})

const cheap: Scheme = { ...nativeScheme(newSalt()), memoryKiB: 64, passes: 1 }

test('bcrypt reads 72 bytes and no more, and a NUL as any other byte', async () => {
  const scheme: Scheme = { algorithm: 'bcrypt', cost: 4, salt: 'abcdefghijklmnopqrstuu' }
  const of = (text: string) => digest(scheme, Buffer.from(text))
  expect(await of(`${'x'.repeat(72)}tail`)).toEqual(await of('x'.repeat(72)))
  expect(await of('x'.repeat(71))).not.toEqual(await of('x'.repeat(72)))
  expect(await of('a\0b')).not.toEqual(await of('a\0c'))
})

test('nothing is cut off a long password', async () => {
  const long = 'x'.repeat(127)
  expect(await digest(cheap, Buffer.from(`${long}a`))).not.toEqual(
    await digest(cheap, Buffer.from(`${long}b`)),
  )
})

test('hashing leaves the event loop free', async () => {
  let done = false
  const hashing = digest(nativeScheme(newSalt()), Buffer.from('password')).then(() => {
    done = true
  })
  await new Promise(setImmediate)
  expect(done).toBe(false)
  await hashing
})

test('what is hashed here is argon2id of 19 MiB, 2 passes, 1 lane and a salt of 16 bytes', () => {
  const scheme = nativeScheme(newSalt())
  expect(scheme).toMatchObject({ algorithm: 'argon2id', version: 19, memoryKiB: 19_456, passes: 2, lanes: 1 })
  expect(Buffer.from(scheme.salt, 'base64')).toHaveLength(16)
  expect(newSalt()).not.toBe(newSalt())
})
