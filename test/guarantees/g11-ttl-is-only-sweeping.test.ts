/** G11: what is over its time does not count, although DynamoDB has not deleted it yet. */
import { expect, test } from 'vitest'
import { flowOf } from '#shared/contract/flows.ts'
import { policy } from '#shared/policy.ts'
import { pinHolder } from '#test/support/pin-holder.ts'
import { codeOf } from '#test/support/race.ts'
import {
  askCode,
  passwordEmail,
  passwordTwoFactor,
  recoveryFlows,
  resetSecret,
  verifyCode,
} from '#test/support/recovery.ts'
import { signIn } from '#test/support/sessions.ts'
import { storedSessions } from '#test/support/sessions-stored.ts'
import { storedChallenge } from '#test/support/stored.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp } from '#test/support/world.ts'

const world = useWorld()

test.each(recoveryFlows)(
  'a code of $id that is over its time is refused, though it is stored',
  async (flow) => {
    const person = flow.secret === 'newPin' ? await pinHolder(world) : await world.identity()
    const { code, flowId } = await askCode(world, flow, person)
    await world.advance(flowOf(flow.id).codeLifeSeconds)
    expect(await storedChallenge(flow, person)).toMatchObject({ state: 'ISSUED', challengeId: flowId })
    const proof = { otp: code, flowId }
    const reply = flow.verify
      ? await verifyCode(world, flow, person, proof)
      : await resetSecret(world, flow, person, proof)
    expect(codeOf(reply)).toBe('OTP_INVALID')
  },
)

test.each([passwordEmail, passwordTwoFactor])(
  'a token of $id is over after ten minutes, and the code with it',
  async (flow) => {
    const person = await world.identity()
    const { code, flowId } = await askCode(world, flow, person)
    const name = flow.token ?? 'token'
    const token = (await verifyCode(world, flow, person, { otp: code })).body[flow.token ?? 'token']
    await world.advance(policy.verifiedLifeSeconds)
    expect(codeOf(await resetSecret(world, flow, person, { [name]: token }))).toBe('TOKEN_INVALID')
    if (flow.id === 'password-email')
      expect(codeOf(await resetSecret(world, flow, person, { otp: code, flowId }))).toBe('OTP_INVALID')
  },
)

test('a sign-in code that is over its time opens no session', async () => {
  const person = await world.identity({ mfaEnabled: true })
  const login = { identifier: person.email, password: person.password }
  const { challengeId } = (await world.post('/api/auth/login', login, { ip: newIp() })).body.data
  const otp = await world.lastCode(person.phone)
  await world.advance(flowOf('login-mfa').codeLifeSeconds)
  expect(codeOf(await world.post('/api/auth/login/verify', { challengeId, otp }))).toBe('OTP_INVALID')
  expect(await storedSessions(person.userId)).toEqual([])
})

test('a session that is over its time is dead, though it is stored', async () => {
  const person = await world.identity()
  const token = await signIn(world, person)
  await world.advance(policy.sessionLifeSeconds - 60)
  expect(codeOf(await world.get('/api/auth/session', { token }))).toBe('OK')
  await world.advance(60)
  expect(codeOf(await world.get('/api/auth/session', { token }))).toBe('SESSION_INVALID')
  expect(await storedSessions(person.userId)).toHaveLength(1)
})
