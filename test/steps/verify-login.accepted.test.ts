/** Finishing a login with its code. */
import { expect, test } from 'vitest'
import { entriesOf, storyOf } from '#test/support/entries.ts'
import { answerOf, resetByEmail, resetBySms } from '#test/support/sessions.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp, type TestIdentity } from '#test/support/world.ts'

const world = useWorld()

const device = { id: 'd-1', model: 'Pixel 12' }
const login = async ({ email }: TestIdentity, password: string) =>
  (await world.post('/api/auth/login', { identifier: email, password, device }, { ip: newIp() })).body.data
const verify = (challengeId: string, otp: string, more: object = {}) =>
  world.post('/api/auth/login/verify', { challengeId, otp, ...more })

test('the code of a login opens its session, with both factors and the device of the login', async () => {
  const identity = await world.identity({ mfaEnabled: true })
  const { challengeId } = await login(identity, identity.password)
  const reply = await verify(challengeId, await world.lastCode(identity.phone))
  expect(answerOf(reply)).toBe('200')
  expect(reply.body.data).toEqual({
    outcome: 'SIGNED_IN',
    mfaRequired: false,
    accessToken: expect.any(String),
    expiresInSeconds: 43_200,
  })
  const session = await world.get('/api/auth/session', { token: reply.body.data.accessToken })
  expect(session.body.data.device).toEqual(device)
  expect(session.body.data.factors.map(({ group, method }) => [group, method])).toEqual([
    ['KNOWLEDGE', 'password'],
    ['POSSESSION', 'sms-otp'],
  ])
  const entry = (await entriesOf(world, identity.userId)).at(-1)
  expect(entry).toMatchObject({
    type: 'MFA_VERIFIED',
    outcome: 'success',
    otpVerified: true,
    flow: 'login-mfa',
  })
  expect(entry?.factors).toEqual([
    { group: 'KNOWLEDGE', method: 'password' },
    { group: 'POSSESSION', method: 'sms-otp' },
  ])
})

test('the flowId of the login may come along', async () => {
  const identity = await world.identity({ mfaEnabled: true })
  const { challengeId, flowId } = await login(identity, identity.password)
  expect(answerOf(await verify(challengeId, await world.lastCode(identity.phone), { flowId }))).toBe('200')
})

test('after a reset by SMS the code goes by email, until one login succeeds', async () => {
  const identity = await world.identity({ mfaEnabled: true })
  await resetBySms(world, identity, 'newpass123')
  const smsBefore = world.messages(identity.phone).length
  const unfinished = await login(identity, 'newpass123')
  const finished = await login(identity, 'newpass123')
  for (const data of [unfinished, finished]) {
    expect(data.maskedEmail).toBe(`${identity.email[0]}***@example.com`)
    expect(data.maskedPhone).toBeUndefined()
  }
  const otp = await world.lastCode(identity.email)
  expect(world.messages(identity.phone)).toHaveLength(smsBefore)
  const reply = await verify(finished.challengeId, otp)
  const session = await world.get('/api/auth/session', { token: reply.body.data.accessToken })
  expect(session.body.data.factors.at(-1)).toMatchObject({ group: 'POSSESSION', method: 'email-otp' })
  const next = await login(identity, 'newpass123')
  expect(next.maskedPhone).toBe(`+20****${identity.phone.slice(-4)}`)
  expect(answerOf(await verify(next.challengeId, await world.lastCode(identity.phone)))).toBe('200')
})

test('after a reset by email the code goes by SMS as before', async () => {
  const identity = await world.identity({ mfaEnabled: true })
  await resetByEmail(world, identity, 'newpass123')
  const { challengeId, maskedPhone } = await login(identity, 'newpass123')
  expect(maskedPhone).toBe(`+20****${identity.phone.slice(-4)}`)
  expect(answerOf(await verify(challengeId, await world.lastCode(identity.phone)))).toBe('200')
})

test('a right code after two wrong ones still counts, and the story of the ledger is whole', async () => {
  const identity = await world.identity({ mfaEnabled: true })
  const { challengeId } = await login(identity, identity.password)
  const otp = await world.lastCode(identity.phone)
  const wrong = otp === '111111' ? '222222' : '111111'
  for (let index = 0; index < 2; index += 1)
    expect(answerOf(await verify(challengeId, wrong))).toBe('401 OTP_INVALID')
  expect(answerOf(await verify(challengeId, otp))).toBe('200')
  expect(await storyOf(world, identity.userId)).toEqual([
    'IDENTITY_CREATED success',
    'LOGIN success mfa_required',
    'CODE_REQUESTED success',
    'CODE_SENT success',
    'MFA_VERIFIED failure wrong_code',
    'MFA_VERIFIED failure wrong_code',
    'MFA_VERIFIED success',
  ])
})

test('the flowId of a sign-in may be sent with its code, however long the userId is', async () => {
  const identity = await world.identity({ userId: `u-${'x'.repeat(62)}`, mfaEnabled: true })
  const { challengeId, flowId } = await login(identity, identity.password)
  expect(answerOf(await verify(challengeId, await world.lastCode(identity.phone), { flowId }))).toBe('200')
})
