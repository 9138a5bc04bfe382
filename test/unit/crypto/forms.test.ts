import { hash } from '@node-rs/argon2'
import { hash as bcryptHash } from '@node-rs/bcrypt'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseHash } from '#shared/crypto/forms.ts'
import { digest } from '#shared/crypto/hashing.ts'
import { schemeKey } from '#shared/crypto/scheme.ts'

const salt = 'c29tZXNhbHQ'
const tail = 'CTFhFdXPJO1aFaMaO6Mm5c8y7cJHApl8ArZWb2GRPPc'
const argon2 = (changes: { start?: string; salt?: string; hash?: string } = {}) =>
  `$${changes.start ?? 'argon2id$v=19$m=64,t=1,p=1'}$${changes.salt ?? salt}$${changes.hash ?? tail}`
/** So many bytes, as PHC strings hold them. */
const b64 = (bytes: number) => Buffer.alloc(bytes, 'vectors').toString('base64').replaceAll('=', '')
const bcrypt = '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'

test.each([
  [argon2(), 'argon2id', 19],
  [argon2({ start: 'argon2i$v=19$m=64,t=1,p=1' }), 'argon2i', 19],
  [argon2({ start: 'argon2d$v=16$m=64,t=1,p=1' }), 'argon2d', 16],
  [argon2({ start: 'argon2i$m=64,t=1,p=1' }), 'argon2i', 16],
])('%s is taken apart', (text, algorithm, version) => {
  expect(parseHash(text)).toEqual({
    scheme: { algorithm, version, memoryKiB: 64, passes: 1, lanes: 1, hashBytes: 32, salt: `${salt}=` },
    digest: Buffer.from(tail, 'base64'),
  })
})

test.each(['2a', '2b', '2y'])('a bcrypt hash marked %s is taken apart', (letter) => {
  const parsed = parseHash(bcrypt.replace('2a', letter))
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
  ['bcrypt', bcrypt.replace('2a', '2x')],
  ['bcrypt', bcrypt.slice(0, -1)],
  ['bcrypt', `${bcrypt}x`],
  ['bcrypt', `${bcrypt}\n`],
  ['argon2', argon2({ start: 'argon2id$v=18$m=64,t=1,p=1' })],
  ['argon2', argon2({ start: 'argon2id$v=19$m=064,t=1,p=1' })],
  ['argon2', argon2({ start: 'argon2id$v=19$t=1,m=64,p=1' })],
  ['argon2', argon2({ start: 'argon2id$v=19$m=64,t=1,p=1,keyid=a' })],
  ['argon2', argon2({ hash: `${tail}=` })],
  ['base64', '$pbkdf2-sha256$29000$abc$def'],
  ['iterations', `$pbkdf2-sha256$i=5000001$${b64(16)}$${b64(32)}`],
  ['iterations', `pbkdf2_sha256$9999999999$saltsaltsalt$${b64(32)}`],
  ['parameter l', `$pbkdf2-sha256$i=1000,l=31$${b64(16)}$${b64(32)}`],
  ['salt', `$pbkdf2-sha256$i=1000$${b64(7)}$${b64(32)}`],
  ['salt', `pbkdf2_sha256$1000$${'s'.repeat(65)}$${b64(32)}`],
  ['hash', `$pbkdf2-sha256$i=1000$${b64(16)}$${b64(15)}`],
  ['hash', `$pbkdf2-sha256$i=1000$${b64(16)}$${b64(65)}`],
  ['SHA-512', `$pbkdf2-md5$i=1000$${b64(16)}$${b64(16)}`],
  ['parameters', `$scrypt$ln=0,r=8,p=1$${b64(16)}$${b64(32)}`],
  ['parameters', `$scrypt$ln=14,r=0,p=1$${b64(16)}$${b64(32)}`],
  ['parameters', `scrypt$1000$saltsaltsalt$8$1$${b64(32)}`],
  ['memory', `$scrypt$ln=19,r=8,p=1$${b64(16)}$${b64(32)}`],
  ['memory', `$scrypt$ln=99,r=9999,p=1$${b64(16)}$${b64(32)}`],
  ['parameters', `$scrypt$ln=16,r=1,p=1$${b64(16)}$${b64(32)}`],
  ['parallelism', `$scrypt$ln=1,r=8,p=17$${b64(16)}$${b64(32)}`],
  ['parallelism', `$scrypt$ln=18,r=8,p=5$${b64(16)}$${b64(32)}`],
  ['signer key', `$fbscrypt$v=1,n=14,r=8,p=1,ss=Bw==$${b64(10)}$${b64(64)}`],
  ['signer key', `$fbscrypt$v=1,n=14,r=8,p=1,ss=Bw==,sk=${b64(32)}$${b64(10)}$${b64(64)}`],
  ['version', `$fbscrypt$v=2,n=14,r=8,p=1,ss=Bw==,sk=${b64(64)}$${b64(10)}$${b64(64)}`],
  ['memory', `$fbscrypt$v=1,n=30,r=8,p=1,ss=Bw==,sk=${b64(64)}$${b64(10)}$${b64(64)}`],
  ['cost', `$P$4${'s'.repeat(8)}${'.'.repeat(22)}`],
  ['cost', `$P$S${'s'.repeat(8)}${'.'.repeat(22)}`],
  ['base64', `$P$9${'s'.repeat(8)}${'z'.repeat(22)}`],
  ['ASP.NET', Buffer.from([1, 0, 0, 0, 9, ...new Uint8Array(56)]).toString('base64')],
  [
    'hash',
    Buffer.from([1, 0, 0, 0, 1, 0, 0, 3, 232, 255, 255, 255, 255, ...new Uint8Array(48)]).toString('base64'),
  ],
  ['Keycloak', '{"secretData":"{}","credentialData":"{}"}'],
  ['Keycloak', '{"secretData":"no JSON","credentialData":[1]}'],
  ['Keycloak', `{"value":"${b64(32)}","salt":"${b64(16)}","algorithm":"scrypt","hashIterations":1}`],
  ['iterations', `{"value":"${b64(32)}","salt":"${b64(16)}","algorithm":"pbkdf2","hashIterations":1e9}`],
  ['iterations', `{"value":"${b64(32)}","salt":"${b64(16)}","algorithm":"pbkdf2","hashIterations":1000.5}`],
  ['no form', 'a-password-in-clear'],
  ['no form', ''],
])('what may not be imported is refused, naming its %s (%#)', (word, text) => {
  const parsed = parseHash(text)
  expect(parsed.reason).toContain(word)
  expect(JSON.stringify(parsed)).not.toContain(text.slice(-12) || 'nothing')
})

test('the highest allowed costs are taken', () => {
  expect(parseHash(argon2({ start: 'argon2id$v=19$m=262144,t=10,p=8' })).reason).toBeUndefined()
  expect(parseHash(bcrypt.replace('$05$', '$14$')).reason).toBeUndefined()
  expect(parseHash(`$pbkdf2-sha512$i=5000000$${b64(16)}$${b64(64)}`).reason).toBeUndefined()
  expect(parseHash(`$scrypt$ln=18,r=8,p=4$${b64(16)}$${b64(64)}`).reason).toBeUndefined()
  expect(parseHash(`$P$F${'s'.repeat(8)}${'.'.repeat(22)}`).reason).toBeUndefined()
})

test('of a long PBKDF2 hash one block is kept: what is behind costs as much again and says no more', () => {
  const parsed = parseHash(`$pbkdf2-sha256$i=27500,l=64$${b64(16)}$${b64(64)}`)
  expect(parsed).toMatchObject({ scheme: { hashBytes: 32 } })
  expect('digest' in parsed && parsed.digest.length).toBe(32)
})

test("other programs' hashes are computed again from their scheme", async () => {
  const made = [
    await hash('Sesam-öffne-dich', { memoryCost: 64, timeCost: 1, parallelism: 2, outputLen: 24 }),
    await hash('Sesam-öffne-dich', { algorithm: 0, memoryCost: 64, timeCost: 3 }),
    await bcryptHash('Sesam-öffne-dich', 4),
  ]
  for (const text of made) {
    const parsed = parseHash(text)
    if (!('digest' in parsed)) throw new Error(parsed.reason)
    expect(await digest(parsed.scheme, Buffer.from('Sesam-öffne-dich'))).toEqual(parsed.digest)
    expect(await digest(parsed.scheme, Buffer.from('sesam-öffne-dich'))).not.toEqual(parsed.digest)
  }
})

test('a scheme read back in another order of properties is the same scheme', () => {
  const parsed = parseHash(argon2())
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
  expect(parseHash(text).reason).toBeUndefined()
})

test.each([`x${argon2()}`, `x${bcrypt}`])('%s is in no form: something stands before it', (text) => {
  expect(parseHash(text).reason).toContain('no form')
})

test.each([
  ['bcrypt of the faulty kind', bcrypt.replace('2a', '2x')],
  ['Werkzeug', 'pbkdf2:sha256:1000000$salt$0123456789abcdef'],
  ['Werkzeug', 'scrypt:32768:8:1$salt$0123456789abcdef'],
  ['md5crypt', '$1$saltsalt$qjXMvbEw8oaL.CzflDtaK/'],
  ["Apache's", '$apr1$saltsalt$qjXMvbEw8oaL.CzflDtaK/'],
  ['sha256crypt', '$5$rounds=5000$saltsalt$KqJWpanXZHKq2BOB43TSaYhEWsQ1Lr5QNyPCDH/Tp.6'],
  [
    'sha512crypt',
    '$6$saltsalt$qFmFH.bQmmtXzyBY0s9v7Oicd2z4XSIecDzlB5KiA2/jctKu9YterLp8wwnSq.qc.eoxqOmSuNp2xS0ktL3nh/',
  ],
  ['yescrypt', '$y$j9T$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o.9agCG9G317fhZg9SqC.5i5rd.RhAtQ7'],
  ['Drupal', '$S$DnLUyo6EBCxOc7Dg0fC0ZCKYwDmxVBPiKbS8KtR3J7gN1ZBN5VbP'],
  ['phpBB', '$H$9saltsaltc6FiMZ7qxtxcwwPo4F3va.'],
  ['LDAP', '{SSHA}c2FsdGVkIHNoYTEgaGFzaCBvZiBhIGRpcmVjdG9yeQ=='],
  ['in clear', '{noop}secret-in-clear'],
  ['Spring', '{pbkdf2}5d923b44a6d129f3ddf3e3c8d29412723dcbde72445e8ef6bf3b508fbf17fa4e'],
  ['SCRAM', 'SCRAM-SHA-256$4096:c2FsdA==$c3RvcmVk:c2VydmVy'],
  ['old hash of Django', 'sha1$salt$0123456789012345678901234567890123456789'],
  ['unusable', '!Xq4HjX'],
  ['Lucia', `s2:${'0'.repeat(32)}:${'0'.repeat(128)}`],
  ['PostgreSQL', `md5${'0a'.repeat(16)}`],
  ['MySQL', `*${'0A'.repeat(20)}`],
  ['SQL Server', `0x0200${'0A'.repeat(40)}`],
  ['ASP.NET Identity v2', Buffer.alloc(49).toString('base64')],
  ['MD5', '5f4dcc3b5aa765d61d8327deb882cf99'],
  ['SHA-1 ', '0a'.repeat(20)],
  ['SHA-256', '0a'.repeat(32)],
  ['SHA-512', '0a'.repeat(64)],
  ['plain hash with a salt', `${'0a'.repeat(20)}:saltsalt`],
  ['not known here', '$newest$v=1$c2FsdA$aGFzaA'],
  ['no form', 'a-password-in-clear'],
])('a hash that is not taken is named (%s), and the way out is told', (name, text) => {
  const { reason } = parseHash(text)
  expect(reason).toContain(name)
  expect(reason).toMatch(/: leave passwordHash away, and the person sets a password by code$/)
  expect(reason).not.toContain(text.slice(-10))
})

test.each(['A', 'c29tZXNhbHR'])('the salt %s is no base64 that an encoder gives', (text) => {
  expect(parseHash(argon2({ salt: text })).reason).toContain('base64')
})

test.each([
  `$scrypt$ln=1,r=1,p=16$${b64(8)}$${b64(16)}`,
  `$scrypt$ln=15,r=1,p=1$${b64(64)}$${b64(64)}`,
  `$scrypt$ln=2,r=9999,p=16$${b64(16)}$${b64(32)}`,
  `scrypt$2$saltsalt$1$1$${b64(64)}`,
  `$fbscrypt$v=1,n=1,r=1,p=1,ss=,sk=${b64(16)}$${b64(8)}$${b64(16)}`,
  `$pbkdf2-sha1$i=1$${b64(8)}$${b64(64)}`,
  `$P$5${'s'.repeat(8)}${'.'.repeat(22)}`,
])('what is taken can be computed, at the ends of what is allowed too: %s', async (text) => {
  const parsed = parseHash(text)
  if (!('digest' in parsed)) throw new Error(parsed.reason)
  expect(await digest(parsed.scheme, Buffer.from('a password'))).toHaveLength(parsed.digest.length)
})

test('whatever is taken of numbers drawn by chance can be computed', async () => {
  const number = fc.integer({ min: 0, max: 40 })
  const costs = fc.tuple(number, number, number)
  await fc.assert(
    fc.asyncProperty(costs, async ([ln, r, p]) => {
      const parsed = parseHash(`$scrypt$ln=${ln % 12},r=${r},p=${p}$${b64(16)}$${b64(32)}`)
      if (parsed.reason === undefined) await digest(parsed.scheme, Buffer.from('a password'))
    }),
    { numRuns: 60 },
  )
})
