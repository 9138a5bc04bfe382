/** Resets with a body that is not as it should be: no try, no proof is used up. */
import { describe, expect, test } from 'vitest'
import { codes } from '#shared/contract/codes.ts'
import { badBodies } from '#test/support/bad-bodies.ts'
import { linesOf } from '#test/support/entries.ts'
import {
  askCode,
  passwordEmail,
  passwordEmailBasic,
  passwordTwoFactor,
  proofOf,
  resetSecret,
  verifyCode,
} from '#test/support/recovery.ts'
import { storedChallenge, storedIdentity } from '#test/support/stored.ts'
import { useWorld } from '#test/support/use-world.ts'

const world = useWorld()

describe.each([passwordEmail, passwordEmailBasic, passwordTwoFactor])('$id', (flow) => {
  test('every bad body gets its code, and the proof works afterwards', async () => {
    const person = await world.identity()
    const proof = await proofOf(world, flow, person)
    const stored = async () => [await storedChallenge(flow, person), await storedIdentity(person.userId)]
    const before = await stored()
    const entries = await linesOf(world, person.userId)
    const good = { ...flow.typed(person), ...proof, newPassword: flow.newSecret }
    for (const { what, body, code, headers } of badBodies(good)) {
      const reply = await world.post(flow.reset, body, headers ? { headers } : {})
      expect([what, reply.status, reply.body.error?.code]).toEqual([what, codes[code][0], code])
    }
    expect(await stored()).toEqual(before)
    expect(await linesOf(world, person.userId)).toEqual(entries)
    expect((await resetSecret(world, flow, person, proof)).status).toBe(200)
  })
})

test('password-email takes exactly one of otp and token', async () => {
  const person = await world.identity()
  const { code: otp } = await askCode(world, passwordEmail, person)
  const { token } = (await verifyCode(world, passwordEmail, person, { otp })).body
  for (const proof of [{ otp, token }, {}]) {
    const reply = await resetSecret(world, passwordEmail, person, proof as Record<string, string>)
    expect([reply.status, reply.body.error.code]).toEqual([400, 'VALIDATION_FAILED'])
  }
  expect((await resetSecret(world, passwordEmail, person, { token })).status).toBe(200)
})

test('the basic flow takes no token, the two-factor flow no code', async () => {
  const person = await world.identity()
  const otp = await resetSecret(world, passwordTwoFactor, person, { otp: '123456' })
  const token = await resetSecret(world, passwordEmailBasic, person, { token: 'A'.repeat(43) })
  for (const reply of [otp, token])
    expect([reply.status, reply.body.error.code]).toEqual([400, 'VALIDATION_FAILED'])
})

test('a password is judged by its own rule, not by the schema, up to 1,000 characters', async () => {
  const person = await world.identity()
  const proof = await proofOf(world, passwordEmailBasic, person)
  const long = await resetSecret(world, passwordEmailBasic, person, proof, 'x'.repeat(1000))
  expect(long.body.error.code).toBe('PASSWORD_WEAK')
  const longest = await resetSecret(world, passwordEmailBasic, person, proof, 'long enough '.repeat(10))
  expect(longest.status).toBe(200)
})
