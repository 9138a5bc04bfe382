/** Setting a new password with a code or a token. */
import { describe, expect, test } from 'vitest'
import { usualReference } from '#shared/crypto/reference.ts'
import { entriesOf, linesOf } from '#test/support/entries.ts'
import { recordWrongPasswordsAt } from '#test/support/full-registers.ts'
import {
  askCode,
  passwordEmail,
  passwordEmailBasic,
  passwordTwoFactor,
  proofOf,
  resetSecret,
  verifyCode,
} from '#test/support/recovery.ts'
import { signIn } from '#test/support/sessions.ts'
import { epochOf, storedChallenge, storedItem } from '#test/support/stored.ts'
import { useWorld } from '#test/support/use-world.ts'
import { sampleOf, sized } from '#test/support/whole.ts'
import { newIp, type TestIdentity } from '#test/support/world.ts'

const world = useWorld()

const logIn = (person: TestIdentity, password: string) =>
  world.post('/api/auth/login', { identifier: person.username, password }, { ip: newIp() })

const flows = [passwordEmail, passwordEmailBasic, passwordTwoFactor]

describe.each(flows)('$id', (flow) => {
  test('the new password works at once, the old one does not, and nobody is signed in by it', async () => {
    const person = await world.identity()
    const reply = await resetSecret(world, flow, person, await proofOf(world, flow, person))
    expect(reply.status).toBe(200)
    expect(reply.body).toEqual({ success: true, message: expect.stringMatching(/\w+/), data: {} })
    expect((await logIn(person, flow.newSecret)).status).toBe(200)
    expect((await logIn(person, person.password)).body.error.code).toBe('CREDENTIALS_INVALID')
  })

  test('the change is recorded with its factor and confirmed by the channels that are due', async () => {
    const person = await world.identity()
    const proof = await proofOf(world, flow, person)
    const before = { email: world.messages(person.email).length, sms: world.messages(person.phone).length }
    await resetSecret(world, flow, person, proof)
    expect((await linesOf(world, person.userId)).at(-1)).toBe('PASSWORD_RESET success')
    const entry = (await entriesOf(world, person.userId)).at(-1)
    expect(entry).toMatchObject({
      otpVerified: true,
      flow: flow.id,
      userId: person.userId,
      factors: [{ group: 'POSSESSION', method: flow.channel === 'email' ? 'email-otp' : 'sms-otp' }],
    })
    expect(entry?.breachCheck).toBe(flow.id === 'password-email' ? 'passed' : undefined)
    expect(world.messages(person.email)).toHaveLength(before.email + 1)
    expect(world.messages(person.phone)).toHaveLength(before.sms + (flow.channel === 'email' ? 1 : 0))
    const confirmation = world.messages(person.email).at(-1)?.text
    expect(confirmation).toContain(`Reference: ${usualReference(entry?.id ?? '')}`)
    expect(confirmation).not.toContain(flow.newSecret)
  })
})

/** One way through the code for all: one of them a day, all in `npm run prove -- whole-tests`. */
describe.each(sampleOf(flows, 1))('$id', (flow) => {
  test('every session ends, and the epoch is one higher', async () => {
    const person = await world.identity()
    const tokens = [await signIn(world, person), await signIn(world, person)]
    const before = await epochOf(person.userId)
    await resetSecret(world, flow, person, await proofOf(world, flow, person))
    for (const token of tokens) {
      const session = await world.get('/api/auth/session', { token })
      expect([session.status, session.body.error.code]).toEqual([401, 'SESSION_INVALID'])
    }
    expect(await epochOf(person.userId)).toBe(before + 1)
  })

  test('a proof is consumed', async () => {
    const person = await world.identity()
    const proof = await proofOf(world, flow, person)
    expect((await resetSecret(world, flow, person, proof)).status).toBe(200)
    const again = await resetSecret(world, flow, person, proof, flow.otherSecret)
    expect([again.status, again.body.error.code]).toEqual([
      401,
      proof['otp'] ? 'OTP_INVALID' : 'TOKEN_INVALID',
    ])
    expect((await logIn(person, flow.newSecret)).status).toBe(200)
  })
})

describe.each(sampleOf([passwordEmail, passwordEmailBasic], 1))('$id takes the code', (flow) => {
  test('straight from ISSUED, with and without the flowId', async () => {
    for (const withFlowId of [true, false]) {
      const person = await world.identity()
      const { code: otp, flowId } = await askCode(world, flow, person)
      const reply = await resetSecret(world, flow, person, { otp, ...(withFlowId && { flowId }) })
      expect(reply.status).toBe(200)
      expect(await storedChallenge(flow, person)).toMatchObject({ state: 'CONSUMED' })
    }
  })

  test('again after it was verified', async () => {
    const person = await world.identity()
    const { code: otp } = await askCode(world, flow, person)
    await verifyCode(world, flow, person, { otp })
    expect((await resetSecret(world, flow, person, { otp })).status).toBe(200)
    expect((await linesOf(world, person.userId)).slice(2)).toEqual([
      'CODE_VERIFIED success',
      'PASSWORD_RESET success',
    ])
  })

  test('verified, beside a newer code that was asked for meanwhile', async () => {
    const person = await world.identity()
    const { code: otp, flowId } = await askCode(world, flow, person)
    await verifyCode(world, flow, person, { otp })
    await world.pass(60)
    const newer = await askCode(world, flow, person)
    expect((await resetSecret(world, flow, person, { otp, flowId })).status).toBe(200)
    const late = await resetSecret(world, flow, person, { otp: newer.code }, flow.otherSecret)
    expect(late.body.error.code).toBe('OTP_INVALID')
  })

  test('600 s after it was verified no more, but shortly before that', async () => {
    const [early, late] = [await world.identity(), await world.identity()]
    const codes = { early: await askCode(world, flow, early), late: await askCode(world, flow, late) }
    await verifyCode(world, flow, late, { otp: codes.late.code })
    await verifyCode(world, flow, early, { otp: codes.early.code })
    await world.pass(580)
    expect((await resetSecret(world, flow, early, { otp: codes.early.code })).status).toBe(200)
    await world.pass(20)
    const refused = await resetSecret(world, flow, late, { otp: codes.late.code })
    expect([refused.status, refused.body.error.code]).toEqual([401, 'OTP_INVALID'])
  })
})

test('password-email takes token or code after a verification, and either kills both', async () => {
  const flow = passwordEmail
  for (const first of ['otp', 'token'] as const) {
    const person = await world.identity()
    const { code: otp } = await askCode(world, flow, person)
    const { token } = (await verifyCode(world, flow, person, { otp })).body
    const [used, other] = first === 'otp' ? [{ otp }, { token }] : [{ token }, { otp }]
    expect((await resetSecret(world, flow, person, used)).status).toBe(200)
    const refused = await resetSecret(world, flow, person, other, flow.otherSecret)
    expect(refused.body.error.code).toBe(first === 'otp' ? 'TOKEN_INVALID' : 'OTP_INVALID')
  }
})

test('a reset by SMS is confirmed by SMS where there is no email', async () => {
  const [username, phone] = ['sms-only', '+201055500001']
  await world.put('/admin/identities/sms-only', { username, phone })
  const person = { userId: 'sms-only', username, phone, email: '', password: '' }
  await resetSecret(world, passwordTwoFactor, person, await proofOf(world, passwordTwoFactor, person))
  expect(await linesOf(world, 'sms-only')).toContain('PASSWORD_RESET success')
  expect(world.messages(phone).at(-1)?.text).toMatch(/password.*changed/i)
})

test('no reset makes more than six calls', async () => {
  const person = await world.identity()
  const proof = await proofOf(world, passwordEmail, person)
  const reply = await resetSecret(world, passwordEmail, person, proof)
  const path = `/_local/calls?requestId=${reply.headers.get('x-request-id')}`
  const { body } = await world.get<{ service: string }[]>(path)
  const calls = body.filter(({ service }) => service !== 'hibp')
  expect(reply.status).toBe(200)
  expect(calls.length).toBeGreaterThan(3)
  expect(calls.length).toBeLessThanOrEqual(6)
})

describe('what stands against signing in', () => {
  const settled = async () => {
    const person = await world.identity()
    await world.pass(1200)
    return person
  }
  const reset = async (person: TestIdentity) =>
    (await resetSecret(world, passwordEmail, person, await proofOf(world, passwordEmail, person))).status
  const failTenTimes = async (person: TestIdentity) => {
    // What of the ten is not failed here is recorded: whole, all are.
    const fails = sized(1, 10)
    await recordWrongPasswordsAt({ kind: 'username', value: person.username }, 10 - fails)
    for (let failed = 0; failed < fails; failed += 1)
      expect((await logIn(person, 'wrong')).body.error.code).toBe('CREDENTIALS_INVALID')
    expect((await logIn(person, person.password)).body.error.code).toBe('RATE_LIMITED')
  }

  test('is taken away at an identifier that was not typed at the reset', async () => {
    const person = await settled()
    await failTenTimes(person)
    expect(await reset(person)).toBe(200)
    expect((await logIn(person, passwordEmail.newSecret)).status).toBe(200)
  })

  test('is taken away though a right password by another identifier ended the row of failures', async () => {
    const person = await settled()
    await failTenTimes(person)
    await signIn(world, person)
    expect(await reset(person)).toBe(200)
    expect((await logIn(person, passwordEmail.newSecret)).status).toBe(200)
  })

  test('at an identifier that another person had before is taken away too', async () => {
    const [person, before] = [await settled(), await settled()]
    await failTenTimes(before)
    const admin = (userId: string, body: object) => world.put(`/admin/identities/${userId}`, body)
    expect((await admin(before.userId, { username: null })).status).toBe(200)
    expect((await admin(person.userId, { username: before.username })).status).toBe(200)
    expect(await reset(person)).toBe(200)
    expect((await logIn(before, passwordEmail.newSecret)).status).toBe(200)
  })

  test('is not written where nothing can stand', async () => {
    const [person, fresh] = [await settled(), await world.identity()]
    expect([await reset(person), await reset(fresh)]).toEqual([200, 200])
    expect(await storedItem(`L#${person.userId}`)).toBeUndefined()
    expect(await storedItem(`L#${fresh.userId}`)).toMatchObject({ fails: 0 })
  })
})
