/** What GET gives, PUT takes: whole, and null for what is to be taken away. */
import { beforeAll, expect, test } from 'vitest'
import { adminOf, newNames, newPhone } from '#test/support/admin.ts'
import { entriesOf, storyOf } from '#test/support/entries.ts'
import { answerOf, signIn, withPin } from '#test/support/sessions.ts'
import { identityAsStored, itemsOf } from '#test/support/sessions-stored.ts'
import { useWorld } from '#test/support/use-world.ts'

const world = useWorld()
let admin: ReturnType<typeof adminOf>
beforeAll(async () => {
  admin = adminOf(world)
})

const keysOf = async () => (await itemsOf('identities')).map(({ pk }) => pk)

test.each([
  ['everything', async () => (await withPin(world)).identity.userId],
  [
    'many agreements',
    async () => {
      const person = await world.identity()
      const token = await signIn(world, person)
      for (const document of ['terms', 'privacy', 'cookies', 'a@b'])
        await world.post('/api/consent', { document, version: '1' }, { token })
      return person.userId
    },
  ],
  ['next to nothing', async () => (await admin.put('u-given-bare', {})).body.data.userId],
  [
    'the second factor, and a suspension',
    async () => (await world.identity({ mfaEnabled: true, status: 'suspended' })).userId,
  ],
])('an identity with %s, put as it was read, is taken and changes nothing', async (_, make) => {
  const userId = await make()
  const [before, story] = [await identityAsStored(userId), await storyOf(world, userId)]
  const { data } = (await admin.get(userId)).body
  const reply = await admin.put(userId, data)
  expect(answerOf(reply)).toBe('200')
  expect(reply.body.data).toEqual(data)
  expect((await identityAsStored(userId)).credentialEpoch).toBe(before.credentialEpoch)
  expect(await storyOf(world, userId)).toEqual(story)
})

test('what a PUT gives is taken as well, and the service’s own facts are not changed by it', async () => {
  const { userId } = await world.identity()
  const { data } = (await admin.put(userId, { locale: 'ar' })).body
  const own = {
    hasPin: true,
    hasPassword: false,
    resetRequired: true,
    consents: [],
    createdAt: '2020-01-01T00:00:00.000Z',
  }
  const reply = await admin.put(userId, { ...data, ...own })
  expect(reply.body.data).toEqual(data)
})

test('an identity under another userId than its own is refused', async () => {
  const { userId } = await world.identity()
  const { data } = (await admin.get(userId)).body
  const reply = await admin.put('u-given-other', data)
  expect(answerOf(reply)).toBe('400 VALIDATION_FAILED')
  expect(reply.body.error.details).toMatchObject([{ field: 'userId' }])
  expect(answerOf(await admin.get('u-given-other'))).toBe('404 NOT_FOUND')
})

test.each(['email', 'username', 'phone'] as const)(
  'null takes the %s away: it is free, nothing finds it, and older sessions are dead',
  async (field) => {
    const person = await world.identity()
    const token = await signIn(world, person)
    const reply = await admin.put(person.userId, { [field]: null })
    expect(answerOf(reply)).toBe('200')
    expect(reply.body.data).toMatchObject({ [field]: null })
    expect(await identityAsStored(person.userId)).not.toHaveProperty(field)
    const prefix = { email: 'E#', username: 'N#', phone: 'P#' }[field]
    expect(await keysOf()).not.toContain(prefix + person[field])
    expect(answerOf(await world.get('/api/auth/session', { token }))).toBe('401 SESSION_INVALID')
    expect((await entriesOf(world, person.userId)).at(-1)).toMatchObject({
      type: 'IDENTITY_CHANGED',
      fields: [field],
    })
    const login = { identifier: person[field], password: person.password }
    expect(answerOf(await world.post('/api/auth/login', login))).toBe('401 CREDENTIALS_INVALID')
    expect((await admin.put(`u-heir-of-${field}`, { [field]: person[field] })).status).toBe(201)
  },
)

test('what is taken away is told of it, and so are the addresses that stay', async () => {
  const { userId, email, phone } = await world.identity()
  await admin.put(userId, { phone: null })
  await world.idle()
  expect(world.messages(phone)).toHaveLength(1)
  expect(world.messages(email)).toHaveLength(1)
  await admin.put(userId, { email: null })
  await world.idle()
  expect(world.messages(email)).toHaveLength(2)
  expect(world.messages(phone), 'no longer the person’s').toHaveLength(1)
})

test('null where there is nothing is no change', async () => {
  const { userId } = await world.identity()
  await admin.put(userId, { email: null, username: null, phone: null })
  const [before, story] = [await identityAsStored(userId), await storyOf(world, userId)]
  expect(answerOf(await admin.put(userId, { email: null, username: null, phone: null, consent: null }))).toBe(
    '200',
  )
  expect(await identityAsStored(userId)).toEqual(before)
  expect(await storyOf(world, userId)).toEqual(story)
})

test.each([
  ['that has it', { mfaEnabled: true }, { phone: null }],
  ['that gets it in the same change', {}, { phone: null, mfaEnabled: true }],
])('the phone of an identity with the second factor %s stays', async (_, given, change) => {
  const { userId } = await world.identity(given)
  const before = await identityAsStored(userId)
  const reply = await admin.put(userId, change)
  expect(answerOf(reply)).toBe('400 VALIDATION_FAILED')
  expect(reply.body.error.details).toMatchObject([{ field: 'phone' }])
  expect(await identityAsStored(userId)).toEqual(before)
  expect(answerOf(await admin.put(userId, { phone: null, mfaEnabled: false }))).toBe('200')
})

test('a former address is kept with the change that took it away, and is shown to nobody', async () => {
  const { userId, email, phone } = await world.identity()
  await admin.put(userId, { email: newNames().email, phone: null })
  const { formerAddresses, updatedAt } = await identityAsStored(userId)
  const at = updatedAt
  expect(formerAddresses).toEqual([
    { address: email, at },
    { address: phone, at },
  ])
  expect(JSON.stringify((await admin.get(userId)).body)).not.toContain(email)
  await admin.put(userId, { username: newNames().username, phone: newPhone() })
  expect((await identityAsStored(userId)).formerAddresses).toHaveLength(2)
})

test('erasing an identity sends nothing, and leaves no former address', async () => {
  const { userId, email, phone } = await world.identity()
  await admin.put(userId, { email: newNames().email })
  await world.idle()
  const sent = world.messages(email).length + world.messages(phone).length
  await admin.erase(userId)
  await world.idle()
  expect(world.messages(email).length + world.messages(phone).length).toBe(sent)
  expect(JSON.stringify(await itemsOf('identities'))).not.toContain(email)
})
