/** The enterprise password reset, by the checklist of the document that asked for it. */
import { describe, expect, test } from 'vitest'
import { tokenHash } from '#shared/crypto/tokens.ts'
import { linesOf } from '#test/support/entries.ts'
import { holdEventsToSchemas } from '#test/support/published.ts'
import {
  askCode,
  passwordEmail as flow,
  proofOf,
  resetSecret,
  verifyCode,
  wrongCode,
} from '#test/support/recovery.ts'
import { storedItem } from '#test/support/stored.ts'
import { useWorld } from '#test/support/use-world.ts'
import { sized } from '#test/support/whole.ts'
import { newIp, type TestIdentity } from '#test/support/world.ts'

const world = useWorld()

const ask = (email: string, ip = newIp()) => world.post(flow.request, { email }, { ip })
const logIn = (person: TestIdentity, password: string) =>
  world.post('/api/auth/login', { identifier: person.email, password }, { ip: newIp() })

test.each(['otp', 'token'] as const)(
  'the whole flow: ask, resend, verify, reset by %s, sign in',
  async (by) => {
    const person = await world.identity()
    expect((await ask(person.email)).status).toBe(200)
    await world.idle()
    await world.pass(60)
    const resent = await world.post(
      '/auth/resend-password-reset-otp',
      { email: person.email },
      { ip: newIp() },
    )
    expect(resent.status).toBe(200)
    const otp = await world.lastCode(person.email)
    const verified = await verifyCode(world, flow, person, { otp })
    expect(verified.body).toMatchObject({ success: true, token: expect.any(String) })
    const proof = by === 'otp' ? { otp } : { token: verified.body.token }
    expect((await resetSecret(world, flow, person, proof)).status).toBe(200)
    expect((await logIn(person, flow.newSecret)).status).toBe(200)
    expect(await linesOf(world, person.userId)).toEqual([
      'CODE_REQUESTED success',
      'CODE_SENT success',
      'CODE_REQUESTED success',
      'CODE_SENT success',
      'CODE_VERIFIED success',
      'PASSWORD_RESET success',
      'LOGIN success',
    ])
  },
)

// Sessions, confirmations, leaked and former passwords, MFA after it: test/steps/reset-password.*.test.ts and G6, over all flows.
describe('checklist', () => {
  test('rate limiting: five requests an hour per email, asking and resending together', async () => {
    const person = await world.identity()
    for (let sent = 0; sent < 5; sent += 1) {
      const path = sent % 2 === 0 ? flow.request : '/auth/resend-password-reset-otp'
      expect((await world.post(path, { email: person.email }, { ip: newIp() })).status).toBe(200)
      await world.pass(60)
    }
    expect((await ask(person.email)).body.error.code).toBe('RATE_LIMITED')
    expect(world.messages(person.email)).toHaveLength(5)
  })

  test('neutral response: an address that nobody has gets the same reply', async () => {
    const person = await world.identity()
    const unknown = `${person.email[0]}none@example.com`
    const [known, none] = [await ask(person.email), await ask(unknown)]
    expect({ ...none.body, data: { ...none.body.data, flowId: '' } }).toEqual({
      ...known.body,
      data: { ...known.body.data, flowId: '' },
    })
    expect(none.status).toBe(known.status)
  })

  test('codes have six digits and do not repeat', async () => {
    const codes = new Set<string>()
    const turns = sized(4, 8)
    for (let turn = 0; turn < turns; turn += 1)
      codes.add((await askCode(world, flow, await world.identity())).code)
    expect(codes.size).toBeGreaterThanOrEqual(turns - 1)
    for (const code of codes) expect(code).toMatch(/^[0-9]{6}$/)
  })

  test('five guesses a code', async () => {
    const person = await world.identity()
    const { code: otp } = await askCode(world, flow, person)
    for (let wrong = 0; wrong < 5; wrong += 1)
      expect((await verifyCode(world, flow, person, { otp: wrongCode(otp) })).body.error.code).toBe(
        'OTP_INVALID',
      )
    expect((await verifyCode(world, flow, person, { otp })).body.error.code).toBe('TRIES_EXHAUSTED')
  })

  test('the token has at least 128 bits, is stored as a hash, and is used once', async () => {
    const person = await world.identity()
    const { code: otp } = await askCode(world, flow, person)
    const { token } = (await verifyCode(world, flow, person, { otp })).body
    const [challengeId = '', secret = ''] = token.split('.')
    // 256 random bits, and the code it was given for.
    expect(Buffer.from(secret, 'base64url')).toHaveLength(35)
    const stored = await storedItem(`V#${challengeId}`)
    expect(stored?.['tokenHash']).toBe(tokenHash(token))
    expect(JSON.stringify(stored)).not.toContain(secret)
    expect((await resetSecret(world, flow, person, { token })).status).toBe(200)
    const again = await resetSecret(world, flow, person, { token }, flow.otherSecret)
    expect(again.body.error.code).toBe('TOKEN_INVALID')
  })

  test('a password that lacks length, a letter of either case, a digit or a special character is weak', async () => {
    const person = await world.identity()
    const proof = await proofOf(world, flow, person)
    for (const weak of [
      'Plum-Haus-7',
      'plum-harbour-72',
      'PLUM-HARBOUR-72',
      'Plum-Harbour-Vane',
      'PlumHarbour72Vane',
    ]) {
      const refused = await resetSecret(world, flow, person, proof, weak)
      expect([weak, refused.status, refused.body.error.code]).toEqual([weak, 400, 'PASSWORD_WEAK'])
      expect(refused.body.error.details, weak).toHaveLength(1)
    }
    expect((await resetSecret(world, flow, person, proof)).status).toBe(200)
  })
})

holdEventsToSchemas(world)
