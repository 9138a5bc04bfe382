/** A suspended identity is answered like one that nobody knows. */
import { beforeAll, expect, test } from 'vitest'
import { transact, update } from '#shared/stores/database.ts'
import { adminOf, newNames, newPhone } from '#test/support/admin.ts'
import { entriesOf, storyOf } from '#test/support/entries.ts'
import { setFailedGuessesOf, setFailedLogins } from '#test/support/failed-guesses.ts'
import { holdEventsToSchemas } from '#test/support/published.ts'
import { askCode, passwordEmailBasic, verifyCode, wrongCode } from '#test/support/recovery.ts'
import { answerOf, goodPin, signIn, withPin } from '#test/support/sessions.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp, type World } from '#test/support/world.ts'

const world = useWorld()
let admin: ReturnType<typeof adminOf>
beforeAll(async () => {
  admin = adminOf(world)
})

const requests = [
  ['/auth/request-password-reset', 'email'],
  ['/api/auth/forgot-password', 'email'],
  ['/api/password-reset/request', 'pair'],
  ['/api/password-reset/verify-identity', 'pair'],
  ['/api/pin/reset/request', 'phone'],
  ['/api/auth/login', 'login'],
] as const

const unlike = /"flowId":"[^"]*"|"requestId":"[^"]*"|"masked\w+":"[^"]*"/g

test.each(requests)('%s: the same answer, and nothing is sent', async (path, kind) => {
  const suspended = await world.identity({ status: 'suspended' })
  const unknown = { email: `no-${suspended.email}`, phone: '+201099999998' }
  const bodyFor = ({ email, phone }: typeof unknown) =>
    ({
      email: { email },
      phone: { phone },
      pair: { identifier: email, phone },
      login: { identifier: email, password: suspended.password },
    })[kind]
  const replies = []
  for (const person of [suspended, unknown])
    replies.push(await world.post(path, bodyFor(person), { ip: newIp() }))
  const [first, second] = replies
  expect(first?.status).toBe(second?.status)
  expect(JSON.stringify(first?.body).replaceAll(unlike, '')).toBe(
    JSON.stringify(second?.body).replaceAll(unlike, ''),
  )
  await world.idle()
  expect(world.messages(suspended.email)).toEqual([])
  expect(world.messages(suspended.phone)).toEqual([])
})

test('a code that was sent before the suspension is dead', async () => {
  const identity = await world.identity()
  const { email, userId } = identity
  await world.post('/api/auth/forgot-password', { email }, { ip: newIp() })
  const otp = await world.lastCode(email)
  await admin.put(userId, { status: 'suspended' })
  const body = { email, otp, newPassword: 'newpass123' }
  expect(answerOf(await world.post('/api/auth/reset-password', body))).toBe('401 OTP_INVALID')
  await admin.put(userId, { status: 'active' })
  expect(answerOf(await world.post('/api/auth/reset-password', body))).toBe('401 OTP_INVALID')
  const reasons = (await entriesOf(world, userId)).filter(({ type }) => type === 'PASSWORD_RESET')
  expect(reasons.map(({ reason }) => reason)).toEqual(['stale_epoch', 'stale_epoch'])
})

test('old sessions and their PIN factor do not revive on reactivation; the password and the PIN do', async () => {
  const { identity, token } = await withPin(world)
  await admin.put(identity.userId, { status: 'suspended' })
  expect(answerOf(await world.get('/api/auth/session', { token }))).toBe('401 SESSION_INVALID')
  await admin.put(identity.userId, { status: 'active' })
  expect(answerOf(await world.get('/api/auth/session', { token }))).toBe('401 SESSION_INVALID')
  expect(answerOf(await world.post('/api/pin/verify', { pin: goodPin }, { token }))).toBe(
    '401 SESSION_INVALID',
  )
  const next = await signIn(world, identity)
  expect(answerOf(await world.get('/api/auth/session', { token: next }))).toBe('200')
})

const otherHash = '$2b$04$abcdefghijklmnopqrstuuE6hjV0tHQ3jp9kaJlJy0TjgfxYeTl2W'
type Suspended = Awaited<ReturnType<World['identity']>>
/** What the owner of an active identity is told of, with the line it leaves in the ledger. */
const told: readonly (readonly [string, string, (person: Suspended) => Promise<unknown>])[] = [
  [
    'a locked password',
    'LIMIT_REACHED failure logins-per-identity',
    async ({ userId, email }) => {
      await setFailedLogins(userId, 99)
      await world.post('/api/auth/login', { identifier: email, password: 'not-it' }, { ip: newIp() })
    },
  ],
  [
    'a reset that is required',
    'IDENTITY_CHANGED success reset_required',
    ({ userId }) => admin.requireReset(userId),
  ],
  [
    'a new password',
    'IDENTITY_CHANGED success',
    ({ userId }) => admin.put(userId, { passwordHash: otherHash }),
  ],
  ['MFA', 'IDENTITY_CHANGED success', ({ userId }) => admin.put(userId, { mfaEnabled: true })],
  [
    'a new username',
    'IDENTITY_CHANGED success',
    ({ userId }) => admin.put(userId, { username: newNames().username }),
  ],
]

test.each(told)('it is not told of %s', async (_, line, happen) => {
  const active = await world.identity()
  const suspended = await world.identity({ status: 'suspended' })
  for (const person of [active, suspended]) {
    await happen(person)
    await world.idle()
    expect((await storyOf(world, person.userId)).slice(1), person.userId).toContain(line)
  }
  expect(world.messages(active.email)).toHaveLength(1)
  expect(world.messages(suspended.email)).toEqual([])
  expect(world.messages(suspended.phone)).toEqual([])
})

test('it is not told that guesses at a code from before froze it', async () => {
  const person = await world.identity()
  const { code } = await askCode(world, passwordEmailBasic, person)
  await setFailedGuessesOf(person.userId, 99)
  await admin.put(person.userId, { status: 'suspended' })
  await verifyCode(world, passwordEmailBasic, person, { otp: wrongCode(code) })
  await world.idle()
  expect(await storyOf(world, person.userId)).toContain('RECOVERY_FROZEN success identity_guesses')
  expect(world.messages(person.email), 'the code alone').toHaveLength(1)
  expect(world.messages(person.phone)).toEqual([])
})

test.each([
  ['suspends', 'active', { status: 'suspended' }],
  ['leaves suspended', 'suspended', {}],
] as const)('a change of addresses that %s it is told to the old ones alone', async (_, status, more) => {
  const { userId, email, phone } = await world.identity({ status })
  const moved = { email: newNames().email, phone: newPhone() }
  expect(answerOf(await admin.put(userId, { ...moved, ...more }))).toBe('200')
  await world.idle()
  for (const address of [email, phone]) expect(world.messages(address)).toHaveLength(1)
  for (const address of [moved.email, moved.phone]) expect(world.messages(address)).toEqual([])
})

test('it is suspended whatever else is wrong: MFA to a country that SMS no longer go to stands in no way', async () => {
  const { userId } = await world.identity({ phone: '+4915112345678' })
  // As if the country had been on the list when MFA was turned on.
  const enable = update('identities', { pk: `U#${userId}` }, 'SET mfaEnabled = :yes', {
    values: { yes: true },
  })
  await transact([enable])
  for (const change of [{ phone: '+4915112345679' }, { status: 'suspended', phone: '+4915112345679' }])
    expect(answerOf(await admin.put(userId, change))).toBe('400 VALIDATION_FAILED')
  const suspended = await admin.put(userId, { status: 'suspended', mfaEnabled: true })
  expect(answerOf(suspended)).toBe('200')
  expect(suspended.body.data).toMatchObject({ status: 'suspended', mfaEnabled: true })
  for (const change of [{ locale: 'ar' }, { mfaEnabled: false }])
    expect(answerOf(await admin.put(userId, change))).toBe('200')
  expect(answerOf(await admin.put(userId, { mfaEnabled: true }))).toBe('400 VALIDATION_FAILED')
})

holdEventsToSchemas(world)
