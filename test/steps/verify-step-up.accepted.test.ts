/** Proving the phone in a session. */
import { expect, test } from 'vitest'
import { entriesOf } from '#test/support/entries.ts'
import { answerOf, signIn, stepUp } from '#test/support/sessions.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp } from '#test/support/world.ts'

const world = useWorld()

const methods = async (token: string) =>
  (await world.get('/api/auth/session', { token })).body.data.factors.map(({ method }) => method)

test('the code lifts the session that asked, and no other, for fifteen minutes', async () => {
  const identity = await world.identity()
  const token = await signIn(world, identity)
  const other = await signIn(world, identity)
  await world.post('/api/auth/step-up/request', undefined, { token, ip: newIp() })
  const otp = await world.lastCode(identity.phone)
  const reply = await world.post('/api/auth/step-up/verify', { otp }, { token })
  expect(answerOf(reply)).toBe('200')
  expect(reply.body.data).toEqual({ expiresInSeconds: 900 })
  expect(await methods(token)).toEqual(['password', 'sms-otp'])
  expect(await methods(other)).toEqual(['password'])
  await world.pass(800)
  expect(await methods(token)).toEqual(['password', 'sms-otp'])
  await world.pass(100)
  expect(await methods(token)).toEqual(['password'])
  const entry = (await entriesOf(world, identity.userId)).at(-1)
  expect(entry).toMatchObject({
    type: 'STEP_UP_VERIFIED',
    outcome: 'success',
    otpVerified: true,
    flow: 'step-up',
  })
  expect(entry?.factors).toEqual([{ group: 'POSSESSION', method: 'sms-otp' }])
})

test('with the flowId of the ask as well', async () => {
  const identity = await world.identity()
  const token = await signIn(world, identity)
  const asked = await world.post('/api/auth/step-up/request', {}, { token, ip: newIp() })
  const { flowId } = asked.body.data
  const otp = await world.lastCode(identity.phone)
  expect(answerOf(await world.post('/api/auth/step-up/verify', { otp, flowId }, { token }))).toBe('200')
})

test('a second proof takes the place of the first, with its own fifteen minutes', async () => {
  const identity = await world.identity()
  const token = await signIn(world, identity)
  await stepUp(world, identity, token)
  await world.pass(600)
  await stepUp(world, identity, token)
  await world.pass(600)
  expect(await methods(token)).toEqual(['password', 'sms-otp'])
})
