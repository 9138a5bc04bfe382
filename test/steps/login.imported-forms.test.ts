/** Hashes of other systems, in all forms that are taken: sealed as they come in, checked, and ours after the first sign-in. */
import { beforeAll, describe, expect, test } from 'vitest'
import { parseHash } from '#shared/crypto/forms.ts'
import { adminOf } from '#test/support/admin.ts'
import { answerOf } from '#test/support/sessions.ts'
import { identityAsStored } from '#test/support/sessions-stored.ts'
import { useWorld } from '#test/support/use-world.ts'
import { sampleOf } from '#test/support/whole.ts'
import { newIp } from '#test/support/world.ts'
import vectors from '#test/unit/crypto/vectors/vectors.json' with { type: 'json' }

const world = useWorld()
let admin: ReturnType<typeof adminOf>
beforeAll(async () => {
  admin = adminOf(world)
})

const login = async (identifier: string, password: string) =>
  answerOf(await world.post('/api/auth/login', { identifier, password }, { ip: newIp() }))

/** One of each form, of a password that NFKC changes where there is one. */
const samples = [
  ...new Map(
    vectors
      .filter(({ password }) => password !== password.normalize('NFKC'))
      .map((each) => [each.form, each] as const),
  ).values(),
]

test('there is a sample of every form', () => {
  expect(samples.map(({ form }) => form).sort()).toEqual([...new Set(vectors.map(({ form }) => form))].sort())
})

/** Hashes of other systems are slow: a few forms a day, all in `npm run prove -- whole-tests`; of each the digests are in test/unit. */
describe.each(sampleOf(samples, 8))('$form', ({ password, hash }) => {
  test('is sealed as it comes in, checked as typed, and ours after the first sign-in', async () => {
    const { email, userId } = await world.identity({ passwordHash: hash })
    const imported = await identityAsStored(userId)
    const parsed = parseHash(hash)
    if (parsed.reason !== undefined) throw new Error(parsed.reason)
    expect(imported.password).toMatchObject({ imported: true, scheme: parsed.scheme })
    for (const encoding of ['base64', 'hex'] as const)
      expect(JSON.stringify(imported)).not.toContain(parsed.digest.toString(encoding))
    expect(JSON.stringify(imported)).not.toContain(hash.slice(-16))

    expect(await login(email, `${password}!`)).toBe('401 CREDENTIALS_INVALID')
    expect(await login(email, password)).toBe('200')
    const own = (await identityAsStored(userId)).password
    expect(own?.scheme.algorithm).toBe('argon2id')
    expect(own).not.toHaveProperty('imported')
    expect(await login(email, password)).toBe('200')
    expect(await login(email, `${password}!`)).toBe('401 CREDENTIALS_INVALID')
    expect(answerOf(await admin.put(userId, { passwordHash: hash }))).toBe('200')
    expect((await identityAsStored(userId)).password).toEqual(own)
  })
})

test.each(['bcrypt_sha256$', '$wp$2y$'])(
  'a password of more than 72 bytes under %s becomes ours: its end was checked',
  async (form) => {
    const long = vectors.find((each) => each.form === form && each.password.length > 72)
    if (long === undefined) throw new Error('There is no such vector')
    const { email, userId } = await world.identity({ passwordHash: long.hash })
    expect(await login(email, `${long.password.slice(0, -1)}k`)).toBe('401 CREDENTIALS_INVALID')
    expect(await login(email, long.password)).toBe('200')
    expect((await identityAsStored(userId)).password?.scheme.algorithm).toBe('argon2id')
  },
)

test.each([
  ['sha512crypt', '$6$saltsalt$qFmFH.bQmmtXzyBY0s9v7Oicd2z4XSIecDzlB5KiA2'],
  ['Werkzeug', 'scrypt:32768:8:1$salt$0123456789abcdef'],
  ['MD5', '5f4dcc3b5aa765d61d8327deb882cf99'],
])('another form is refused, by its name (%s) and with the way out', async (name, passwordHash) => {
  const reply = await admin.put('u-refused', { passwordHash })
  expect(answerOf(reply)).toBe('400 VALIDATION_FAILED')
  const [detail] = reply.body.error?.details ?? []
  expect(detail).toMatchObject({ field: 'passwordHash', message: expect.stringContaining(name) })
  expect(detail?.message).toContain('the person sets a password by code')
})
