/** Signing in with the right password. */
import { hashSync } from '@node-rs/bcrypt'
import { expect, test } from 'vitest'
import { entriesOf, storyOf } from '#test/support/entries.ts'
import { answerOf, signIn } from '#test/support/sessions.ts'
import { identityAsStored, storedSessions } from '#test/support/sessions-stored.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp } from '#test/support/world.ts'

const world = useWorld()

const login = (identifier: string, password: string, more: object = {}) =>
  world.post('/api/auth/login', { identifier, password, ...more }, { ip: newIp() })

test.each(['email', 'username', 'phone'] as const)('an identity signs in by its %s', async (kind) => {
  const identity = await world.identity()
  const { status, body } = await login(identity[kind], identity.password)
  expect(status).toBe(200)
  expect(Object.keys(body).sort()).toEqual(['data', 'message', 'success'])
  const token = expect.stringMatching(/^[\w-]+\.[\w-]{22}\.[\w-]{43}$/)
  expect(body.data).toEqual({
    outcome: 'SIGNED_IN',
    mfaRequired: false,
    accessToken: token,
    expiresInSeconds: 43_200,
  })
  expect(await storyOf(world, identity.userId)).toEqual(['IDENTITY_CREATED success', 'LOGIN success'])
})

test('an identifier is matched in its normal form, however it is typed', async () => {
  const { email, username, password } = await world.identity()
  expect(answerOf(await login(email.toUpperCase(), password))).toBe('200')
  expect(answerOf(await login(username.toUpperCase(), password))).toBe('200')
})

test('the device goes to the session and the ledger, with the user agent', async () => {
  const identity = await world.identity()
  const device = { id: 'd-1', model: 'Pixel 12', os: 'Android', osVersion: '17', appVersion: '4.2' }
  const body = { identifier: identity.email, password: identity.password, device }
  const reply = await world.post('/api/auth/login', body, { ip: newIp(), headers: { 'user-agent': 'app/4' } })
  const session = await world.get('/api/auth/session', { token: reply.body.data.accessToken })
  expect(session.body.data.device).toEqual(device)
  const entry = (await entriesOf(world, identity.userId)).at(-1)
  expect(entry).toMatchObject({
    type: 'LOGIN',
    outcome: 'success',
    device,
    userAgent: 'app/4',
    actor: 'subject',
  })
  expect(entry?.factors).toEqual([{ group: 'KNOWLEDGE', method: 'password' }])
})

test('the secret of a session is stored only as its hash', async () => {
  const identity = await world.identity()
  const secret = (await signIn(world, identity)).split('.').at(-1)
  expect(secret).toHaveLength(43)
  expect(JSON.stringify(await storedSessions(identity.userId))).not.toContain(secret)
})

test('each login opens a session of its own', async () => {
  const identity = await world.identity()
  const first = await signIn(world, identity)
  const second = await signIn(world, identity)
  expect(second).not.toBe(first)
  for (const token of [first, second])
    expect(answerOf(await world.get('/api/auth/session', { token }))).toBe('200')
})

test('a password of our own is compared in NFKC, so that every keyboard writes the same one', async () => {
  const composed = 'caf\u00e9-caf\u00e9-7'
  const { email } = await world.identity({ passwordHash: hashSync(composed, 4) })
  expect(answerOf(await login(email, composed))).toBe('200')
  expect(answerOf(await login(email, composed.normalize('NFD')))).toBe('200')
})

test.each([
  ['argon2id', undefined],
  ['bcrypt', hashSync('password123', 4)],
] as const)(
  'an imported %s hash verifies, and the login seals it anew without ending a session',
  async (_, hash) => {
    const identity = await world.identity(hash ? { passwordHash: hash } : {})
    const imported = await identityAsStored(identity.userId)
    const first = await signIn(world, identity)
    const upgraded = await identityAsStored(identity.userId)
    expect(imported.password?.imported).toBe(true)
    expect(upgraded.password?.scheme).toMatchObject({ algorithm: 'argon2id', memoryKiB: 19_456, passes: 2 })
    expect(upgraded.password?.imported).toBeUndefined()
    expect(JSON.stringify(upgraded)).not.toContain(hash?.slice(-20) ?? 'VuqqYuaMl5hRRyCiOv')
    expect(upgraded.credentialEpoch).toBe(imported.credentialEpoch)
    await signIn(world, identity)
    expect((await identityAsStored(identity.userId)).password).toEqual(upgraded.password)
    expect(answerOf(await world.get('/api/auth/session', { token: first }))).toBe('200')
  },
)

test('a login with the second factor gets a challenge, and no session before the code', async () => {
  const identity = await world.identity({ mfaEnabled: true })
  const { status, body } = await login(identity.email, identity.password)
  expect(status).toBe(200)
  expect(body.data).toEqual({
    outcome: 'MFA_REQUIRED',
    mfaRequired: true,
    challengeId: expect.stringContaining(identity.userId),
    flowId: body.data.challengeId,
    expiresInSeconds: 300,
    resendAfterSeconds: 0,
    maskedPhone: `+20****${identity.phone.slice(-4)}`,
  })
  expect(await storedSessions(identity.userId)).toEqual([])
  expect(await storyOf(world, identity.userId)).toEqual([
    'IDENTITY_CREATED success',
    'LOGIN success mfa_required',
    'CODE_REQUESTED success',
    'CODE_SENT success',
  ])
  const [message] = world.messages(identity.phone)
  expect(message?.text).toMatch(
    /^\d{6} is your Latchkey sign-in code \(ref [A-Z3-9]{4}\)\. Valid for 5 minutes\. Never share it/,
  )
})

test('each login with the second factor has a code of its own, with no wait between two', async () => {
  const identity = await world.identity({ mfaEnabled: true })
  const first = await login(identity.email, identity.password)
  const firstCode = await world.lastCode(identity.phone)
  const second = await login(identity.email, identity.password)
  const secondCode = await world.lastCode(identity.phone)
  expect(second.body.data.challengeId).not.toBe(first.body.data.challengeId)
  for (const [reply, otp] of [
    [second, secondCode],
    [first, firstCode],
  ] as const) {
    const { challengeId } = reply.body.data
    expect(answerOf(await world.post('/api/auth/login/verify', { challengeId, otp }))).toBe('200')
  }
})
