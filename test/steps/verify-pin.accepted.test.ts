/** Proving the PIN beside a factor of possession. */
import { expect, test } from 'vitest'
import { entriesOf } from '#test/support/entries.ts'
import { answerOf, goodPin, resetBySms, signIn, stepUp, withPin } from '#test/support/sessions.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp } from '#test/support/world.ts'

const world = useWorld()

const verify = (token: string, pin = goodPin) => world.post('/api/pin/verify', { pin }, { token })
const methods = async (token: string) =>
  (await world.get('/api/auth/session', { token })).body.data.factors.map(({ method }) => method)

test('the right PIN is a factor of the session for five minutes', async () => {
  const { identity, token } = await withPin(world)
  const reply = await verify(token)
  expect(answerOf(reply)).toBe('200')
  expect(reply.body.data).toEqual({ expiresInSeconds: 300 })
  expect(await methods(token)).toEqual(['password', 'sms-otp', 'pin'])
  await world.pass(200)
  expect(await methods(token)).toContain('pin')
  await world.pass(100)
  expect(await methods(token)).toEqual(['password', 'sms-otp'])
  const entry = (await entriesOf(world, identity.userId)).at(-1)
  expect(entry).toMatchObject({ type: 'PIN_VERIFIED', outcome: 'success' })
  expect(entry?.factors).toEqual([
    { group: 'KNOWLEDGE', method: 'pin' },
    { group: 'POSSESSION', method: 'sms-otp' },
  ])
})

test('a right PIN starts the count of wrong ones anew', async () => {
  const { token } = await withPin(world)
  for (let round = 0; round < 2; round += 1) {
    for (let index = 0; index < 9; index += 1)
      expect(answerOf(await verify(token, '482916'))).toBe('401 PIN_INVALID')
    expect(answerOf(await verify(token))).toBe('200')
  }
})

test('the entry names the factor that stood beside the PIN: a code by email where the login used one', async () => {
  const { identity } = await withPin(world)
  await world.put(`/admin/identities/${identity.userId}`, { mfaEnabled: true })
  await resetBySms(world, identity, 'newpass123')
  const body = { identifier: identity.email, password: 'newpass123' }
  const { challengeId } = (await world.post('/api/auth/login', body, { ip: newIp() })).body.data
  const otp = await world.lastCode(identity.email)
  const { accessToken } = (await world.post('/api/auth/login/verify', { challengeId, otp })).body.data
  expect(answerOf(await verify(accessToken))).toBe('200')
  const entry = (await entriesOf(world, identity.userId)).at(-1)
  expect(entry?.factors).toEqual([
    { group: 'KNOWLEDGE', method: 'pin' },
    { group: 'POSSESSION', method: 'email-otp' },
  ])
})

test('a PIN outlives the session it was set in', async () => {
  const { identity, token } = await withPin(world)
  await world.post('/api/auth/logout', {}, { token })
  const next = await signIn(world, identity)
  await world.pass(61)
  await stepUp(world, identity, next)
  expect(answerOf(await verify(next))).toBe('200')
})
