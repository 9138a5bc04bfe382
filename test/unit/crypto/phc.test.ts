import { hash } from '@node-rs/argon2'
import { hash as bcryptHash } from '@node-rs/bcrypt'
import { expect, test } from 'vitest'
import { digest } from '#shared/crypto/hashing.ts'
import { parsePhc } from '#shared/crypto/phc.ts'
import { schemeKey } from '#shared/crypto/scheme.ts'

const salt = 'c29tZXNhbHQ'
const tail = 'CTFhFdXPJO1aFaMaO6Mm5c8y7cJHApl8ArZWb2GRPPc'
const argon2 = (changes: { start?: string; salt?: string; hash?: string } = {}) =>
  `$${changes.start ?? 'argon2id$v=19$m=64,t=1,p=1'}$${changes.salt ?? salt}$${changes.hash ?? tail}`
const bcrypt = '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'

test.each([
  [argon2(), 'argon2id', 19],
  [argon2({ start: 'argon2i$v=19$m=64,t=1,p=1' }), 'argon2i', 19],
  [argon2({ start: 'argon2d$v=16$m=64,t=1,p=1' }), 'argon2d', 16],
  [argon2({ start: 'argon2i$m=64,t=1,p=1' }), 'argon2i', 16],
])('%s is taken apart', (text, algorithm, version) => {
  expect(parsePhc(text)).toEqual({
    scheme: { algorithm, version, memoryKiB: 64, passes: 1, lanes: 1, hashBytes: 32, salt: `${salt}=` },
    digest: Buffer.from(tail, 'base64'),
  })
})

test.each(['2a', '2b', '2y'])('a bcrypt hash marked %s is taken apart', (letter) => {
  const parsed = parsePhc(bcrypt.replace('2a', letter))
  expect(parsed).toMatchObject({ scheme: { algorithm: 'bcrypt', cost: 5, salt: 'CCCCCCCCCCCCCCCCCCCCC.' } })
  expect('digest' in parsed && parsed.digest.length).toBe(23)
})

test.each([
  ['memory', argon2({ start: 'argon2id$v=19$m=262145,t=1,p=1' })],
  ['passes', argon2({ start: 'argon2id$v=19$m=64,t=11,p=1' })],
  ['parallelism', argon2({ start: 'argon2id$v=19$m=128,t=1,p=9' })],
  ['memory is below', argon2({ start: 'argon2id$v=19$m=15,t=1,p=2' })],
  ['salt', argon2({ salt: 'c29tZXNhbA' })],
  ['salt', argon2({ salt: 'A'.repeat(87) })],
  ['hash', argon2({ hash: 'A'.repeat(20) })],
  ['hash', argon2({ hash: 'A'.repeat(87) })],
  ['base64', argon2({ hash: `${tail.slice(0, -1)}d` })],
  ['base64', argon2({ hash: tail.slice(0, -2) })],
  ['cost', bcrypt.replace('$05$', '$03$')],
  ['cost', bcrypt.replace('$05$', '$15$')],
  ['neither', bcrypt.replace('2a', '2x')],
  ['neither', bcrypt.slice(0, -1)],
  ['neither', `${bcrypt}x`],
  ['neither', `${bcrypt}\n`],
  ['neither', argon2({ start: 'argon2id$v=18$m=64,t=1,p=1' })],
  ['neither', argon2({ start: 'argon2id$v=19$m=064,t=1,p=1' })],
  ['neither', argon2({ start: 'argon2id$v=19$t=1,m=64,p=1' })],
  ['neither', argon2({ start: 'argon2id$v=19$m=64,t=1,p=1,keyid=a' })],
  ['neither', argon2({ hash: `${tail}=` })],
  ['neither', '$pbkdf2-sha256$29000$abc$def'],
  ['neither', '5f4dcc3b5aa765d61d8327deb882cf99'],
  ['neither', ''],
])('what may not be imported is refused, naming its %s (%#)', (word, text) => {
  const parsed = parsePhc(text)
  expect(parsed.reason).toContain(word)
  expect(JSON.stringify(parsed)).not.toContain(text.slice(-12) || 'nothing')
})

test('the highest allowed costs are taken', () => {
  expect(parsePhc(argon2({ start: 'argon2id$v=19$m=262144,t=10,p=8' })).reason).toBeUndefined()
  expect(parsePhc(bcrypt.replace('$05$', '$14$')).reason).toBeUndefined()
})

test("other programs' hashes are computed again from their scheme", async () => {
  const made = [
    await hash('Sesam-öffne-dich', { memoryCost: 64, timeCost: 1, parallelism: 2, outputLen: 24 }),
    await hash('Sesam-öffne-dich', { algorithm: 0, memoryCost: 64, timeCost: 3 }),
    await bcryptHash('Sesam-öffne-dich', 4),
  ]
  for (const text of made) {
    const parsed = parsePhc(text)
    if (!('digest' in parsed)) throw new Error(parsed.reason)
    expect(await digest(parsed.scheme, Buffer.from('Sesam-öffne-dich'))).toEqual(parsed.digest)
    expect(await digest(parsed.scheme, Buffer.from('sesam-öffne-dich'))).not.toEqual(parsed.digest)
  }
})

test('a scheme read back in another order of properties is the same scheme', () => {
  const parsed = parsePhc(argon2())
  if (!('digest' in parsed)) throw new Error(parsed.reason)
  const reversed = Object.fromEntries(Object.entries(parsed.scheme).reverse()) as typeof parsed.scheme
  expect(schemeKey(reversed)).toBe(schemeKey(parsed.scheme))
  expect(schemeKey({ ...parsed.scheme, salt: 'AAAA' })).not.toBe(schemeKey(parsed.scheme))
})

test.each([
  ['memory of 8 KiB a lane', argon2({ start: 'argon2id$v=19$m=16,t=1,p=2' })],
  ['salt of 64 bytes', argon2({ salt: Buffer.alloc(64, 1).toString('base64').replaceAll('=', '') })],
  ['hash of 16 bytes', argon2({ hash: Buffer.alloc(16, 1).toString('base64').replaceAll('=', '') })],
  ['hash of 64 bytes', argon2({ hash: Buffer.alloc(64, 1).toString('base64').replaceAll('=', '') })],
])('a %s is within the bounds', (_, text) => {
  expect(parsePhc(text).reason).toBeUndefined()
})

test.each([`x${argon2()}`, `x${bcrypt}`])('%s is neither: something stands before it', (text) => {
  expect(parsePhc(text).reason).toContain('neither')
})

test.each(['A', 'c29tZXNhbHR'])('the salt %s is no base64 that an encoder gives', (text) => {
  expect(parsePhc(argon2({ salt: text })).reason).toContain('base64')
})
