/** Registrations and changes that are refused, and leave everything as it was. */
import { beforeAll, expect, test } from 'vitest'
import { adminOf, newNames, newPhone } from '#test/support/admin.ts'
import { storyOf } from '#test/support/entries.ts'
import { answerOf } from '#test/support/sessions.ts'
import { withOutage } from '#test/support/sessions-faults.ts'
import { identityAsStored, itemsOf } from '#test/support/sessions-stored.ts'
import { useWorld } from '#test/support/use-world.ts'

const world = useWorld()
let admin: ReturnType<typeof adminOf>
beforeAll(async () => {
  admin = adminOf(world)
})

test.each(['email', 'username', 'phone'] as const)(
  'a taken %s is CONFLICT for a new and for a known identity',
  async (kind) => {
    const owner = await world.identity()
    const known = await world.identity()
    const before = await identityAsStored(known.userId)
    expect(answerOf(await admin.put(`u-new-${kind}`, { [kind]: owner[kind] }))).toBe('409 CONFLICT')
    const reply = await admin.put(known.userId, { [kind]: owner[kind], locale: 'ar' })
    expect(answerOf(reply)).toBe('409 CONFLICT')
    expect(reply.body.error.details).toEqual([{ field: kind, message: 'belongs to another identity' }])
    expect(JSON.stringify(reply.body)).not.toContain(owner.userId)
    expect(answerOf(await admin.get(`u-new-${kind}`))).toBe('404 NOT_FOUND')
    expect(await identityAsStored(known.userId)).toEqual(before)
  },
)

test('a change that conflicts in one field changes none', async () => {
  const owner = await world.identity()
  const { userId } = await world.identity()
  const before = await identityAsStored(userId)
  const reply = await admin.put(userId, { phone: newPhone(), email: owner.email, locale: 'ar' })
  expect(answerOf(reply)).toBe('409 CONFLICT')
  expect(await identityAsStored(userId)).toEqual(before)
  expect(await storyOf(world, userId)).toEqual(['IDENTITY_CREATED success'])
})

test('of several taken identifiers each is named, and no other', async () => {
  const [first, second] = [await world.identity(), await world.identity()]
  const change = { email: first.email, username: newNames().username, phone: second.phone }
  for (const userId of ['u-new-several', (await world.identity()).userId]) {
    const { details } = (await admin.put(userId, change)).body.error
    expect(details?.map(({ field }) => field)).toEqual(['email', 'phone'])
  }
})

test('of many that claim one email at once a single one gets it', async () => {
  const { email } = newNames()
  const replies = await Promise.all(
    Array.from({ length: 8 }, (_, index) => admin.put(`u-race-${index}`, { email })),
  )
  expect(replies.map(answerOf).sort()).toEqual(['201', ...Array(7).fill('409 CONFLICT')])
})

test.each([
  ['no phone', {}],
  ['a phone in a country that is not on the list', { phone: '+4915112345678' }],
])('the second factor is refused with %s', async (_, more) => {
  const reply = await admin.put('u-mfa', { ...newNames(), ...more, mfaEnabled: true })
  expect(answerOf(reply)).toBe('400 VALIDATION_FAILED')
  expect(reply.body.error.details).toMatchObject([{ field: 'mfaEnabled' }])
  expect(answerOf(await admin.get('u-mfa'))).toBe('404 NOT_FOUND')
})

test('an identity with the second factor cannot move to a phone that gets no SMS', async () => {
  const { userId } = await world.identity({ mfaEnabled: true })
  const before = await identityAsStored(userId)
  expect(answerOf(await admin.put(userId, { phone: '+4915112345678' }))).toBe('400 VALIDATION_FAILED')
  expect(await identityAsStored(userId)).toEqual(before)
})

test.each([
  ['a password in clear', { passwordHash: 'password123' }],
  ['an md5 hash', { passwordHash: '$1$abcdefgh$G//4keteveJp0qb8z2DxG/' }],
  ['a bcrypt hash too costly to compare', { passwordHash: `$2b$31$${'a'.repeat(53)}` }],
  [
    'an argon2 hash too costly to compare',
    { passwordHash: `$argon2id$v=19$m=9999999,t=2,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}` },
  ],
  ['an unknown key', { password: 'password123' }],
  ['no email', { email: 'nobody' }],
  ['a username of digits', { username: '12345' }],
  ['a phone without a country', { phone: '01001234567' }],
  ['an unknown status', { status: 'deleted' }],
  ['text for a flag', { mfaEnabled: 'true' }],
  ['an empty email', { email: '' }],
  ['an empty username', { username: '' }],
  ['an empty phone', { phone: '' }],
  ['null for what cannot be taken away', { locale: null }],
  ['a fact of the service’s own in another form', { hasPin: 'yes' }],
  ['a locale that is none', { locale: '../en' }],
  ['a consent with a date', { consent: { document: 't', version: '1', acceptedAt: 1 } }],
  ['a list', [{ email: 'a@example.com' }]],
])('%s is VALIDATION_FAILED, and shows no value', async (_, body) => {
  const items = await itemsOf('identities')
  const reply = await admin.put('u-invalid', body)
  expect(answerOf(reply)).toBe('400 VALIDATION_FAILED')
  expect(JSON.stringify(reply.body)).not.toMatch(/password123|G\/\/4ket/)
  expect(await itemsOf('identities')).toHaveLength(items.length)
})

test.each(['~decoy', 'a'.repeat(129), 'with%20space', '%00', '%F0%9F%98%80', 'U%23x', '..%2Fx', 'a%2540b'])(
  '%s is no userId',
  async (userId) => {
    expect(answerOf(await admin.put(userId, {}))).toBe('400 VALIDATION_FAILED')
  },
)

test.each(['fail-before', 'fail-after'] as const)(
  '%s: registered with its entry, or not at all',
  async (mode) => {
    const userId = `u-${mode}`
    const names = newNames()
    const put = () => admin.put(userId, names)
    const outage = { service: 'dynamodb', operation: 'TransactWriteItems', mode } as const
    expect(answerOf(await withOutage(world, 'put-identity', outage, put))).toBe('503 UNAVAILABLE')
    const done = mode === 'fail-after'
    expect(answerOf(await admin.get(userId))).toBe(done ? '200' : '404 NOT_FOUND')
    expect(answerOf(await put())).toBe(done ? '200' : '201')
    expect(await storyOf(world, userId)).toEqual(['IDENTITY_CREATED success'])
  },
)
