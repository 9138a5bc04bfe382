/** Registering and changing identities. */
import { beforeAll, expect, test } from 'vitest'
import { seedPasswordHash } from '#local/seed.ts'
import { adminOf, newNames, newPhone } from '#test/support/admin.ts'
import { entriesOf } from '#test/support/entries.ts'
import { answerOf } from '#test/support/sessions.ts'
import { identityAsStored } from '#test/support/sessions-stored.ts'
import { useWorld } from '#test/support/use-world.ts'

const otherHash = '$2b$04$abcdefghijklmnopqrstuuE6hjV0tHQ3jp9kaJlJy0TjgfxYeTl2W'
const world = useWorld()
let admin: ReturnType<typeof adminOf>
beforeAll(async () => {
  admin = adminOf(world)
})

const epochOf = async (userId: string) => (await identityAsStored(userId)).credentialEpoch

test('a new identity is 201 with all that is known of it, and no hash', async () => {
  const { email, username } = newNames()
  const phone = newPhone()
  const given = {
    email: email.toUpperCase(),
    username: username.toUpperCase(),
    phone,
    passwordHash: seedPasswordHash,
  }
  const reply = await admin.put('u-first', { ...given, consent: { document: 'terms', version: '1' } })
  expect(reply.status).toBe(201)
  const { consent, consents, createdAt, updatedAt, ...view } = reply.body.data as unknown as Record<
    string,
    unknown
  >
  expect(view).toEqual({
    userId: 'u-first',
    email,
    username,
    phone,
    locale: 'en',
    status: 'active',
    mfaEnabled: false,
    hasPassword: true,
    hasPin: false,
    resetRequired: false,
  })
  expect(consent).toEqual({ document: 'terms', version: '1', acceptedAt: createdAt })
  expect(consents).toEqual([{ document: 'terms', version: '1', acceptedAt: createdAt }])
  expect(updatedAt).toBe(createdAt)
  expect(JSON.stringify(reply.body)).not.toMatch(/argon2|\$|salt|mac"/)
})

test('the entry names the fields and the admin, never a value', async () => {
  const { userId, email } = await world.identity()
  const entries = await entriesOf(world, userId)
  expect(entries).toMatchObject([
    {
      type: 'IDENTITY_CREATED',
      outcome: 'success',
      actor: 'arn:aws:iam::000000000000:user/local',
      fields: ['email', 'username', 'phone', 'passwordHash'],
    },
  ])
  expect(JSON.stringify(entries)).not.toContain(email)
})

test('an empty body registers an identity with nothing but its userId', async () => {
  const reply = await admin.put('u-bare', {})
  expect(reply.status).toBe(201)
  expect(reply.body.data).toMatchObject({ userId: 'u-bare', email: null, username: null, phone: null })
})

test('a change merges: what is not named stays, and the reply is 200', async () => {
  const identity = await world.identity()
  const before = (await admin.get(identity.userId)).body.data
  const reply = await admin.put(identity.userId, { locale: 'ar' })
  expect(answerOf(reply)).toBe('200')
  expect(reply.body.data).toEqual({ ...before, locale: 'ar', updatedAt: expect.any(String) })
  expect((await entriesOf(world, identity.userId)).at(-1)).toMatchObject({
    type: 'IDENTITY_CHANGED',
    fields: ['locale'],
  })
})

test('the same again changes nothing and leaves no entry', async () => {
  const { userId, email, username, phone } = await world.identity()
  const before = await identityAsStored(userId)
  expect(answerOf(await admin.put(userId, { email: email.toUpperCase(), username, phone }))).toBe('200')
  expect(await identityAsStored(userId)).toEqual(before)
  expect(await entriesOf(world, userId)).toHaveLength(1)
})

test.each([
  ['email', () => ({ email: newNames().email }), 1],
  ['username', () => ({ username: newNames().username }), 1],
  ['phone', () => ({ phone: newPhone() }), 1],
  ['passwordHash', () => ({ passwordHash: otherHash }), 1],
  ['the same passwordHash again', () => ({ passwordHash: seedPasswordHash }), 0],
  ['mfaEnabled', () => ({ mfaEnabled: true }), 1],
  ['suspension', () => ({ status: 'suspended' }), 1],
  ['all at once', () => ({ ...newNames(), phone: newPhone(), mfaEnabled: true, status: 'suspended' }), 1],
  ['locale', () => ({ locale: 'ar' }), 0],
  ['consent', () => ({ consent: { document: 'terms', version: '9' } }), 0],
] as const)('the epoch moves with a change of %s', async (_, change, by) => {
  const { userId } = await world.identity()
  const before = await epochOf(userId)
  expect(answerOf(await admin.put(userId, change()))).toBe('200')
  expect((await epochOf(userId)) - before).toBe(by)
})

test('reactivation does not move the epoch: suspension did', async () => {
  const { userId } = await world.identity({ status: 'suspended' })
  const before = await epochOf(userId)
  await admin.put(userId, { status: 'active' })
  expect(await epochOf(userId)).toBe(before)
})

test('a new email is told to the old and the new address, a new phone to the old phone and the email', async () => {
  const { userId, email, phone } = await world.identity()
  const moved = newNames().email
  await admin.put(userId, { email: moved })
  await admin.put(userId, { phone: newPhone() })
  await world.idle()
  const told = (to: string) => world.messages(to).map(({ text }) => /email|phone/.test(text))
  expect(told(email)).toEqual([true])
  expect(told(moved)).toEqual([true, true])
  expect(told(phone)).toEqual([true])
  expect(world.messages(email)[0]?.text).toContain(
    'address or phone number of your Latchkey account was changed',
  )
})

test('a new password and a changed second factor are told to the owner', async () => {
  const { userId, email } = await world.identity()
  await admin.put(userId, { passwordHash: otherHash })
  // Two notices that wait together go side by side, in any order.
  await world.idle()
  await admin.put(userId, { mfaEnabled: true })
  await world.idle()
  expect(world.messages(email).map(({ subject }) => subject)).toEqual([
    'Latchkey: your password was changed',
    'Latchkey: two-step sign-in was changed',
  ])
})

test('an identifier that was given up is free for someone else', async () => {
  const { userId, email } = await world.identity()
  await admin.put(userId, { email: newNames().email })
  expect((await admin.put('u-heir', { email })).status).toBe(201)
})

test('concurrent changes of different fields are all kept', async () => {
  const { userId } = await world.identity()
  const { email, username } = newNames()
  const changes = [{ email }, { username }, { locale: 'ar' }]
  const replies = await Promise.all(changes.map((change) => admin.put(userId, change)))
  expect(replies.map(answerOf)).toEqual(['200', '200', '200'])
  expect((await admin.get(userId)).body.data).toMatchObject({ email, username, locale: 'ar' })
})
