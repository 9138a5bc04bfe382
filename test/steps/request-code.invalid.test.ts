/** Asking for a code with a body that is not as it should be: refused, at no cost to anyone. */
import { describe, expect, test } from 'vitest'
import { codes } from '#shared/contract/codes.ts'
import { badBodies } from '#test/support/bad-bodies.ts'
import { linesOf } from '#test/support/entries.ts'
import { askCode, passwordEmail, pinReset, recoveryFlows, wrongCode } from '#test/support/recovery.ts'
import { storedChallenge } from '#test/support/stored.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp } from '#test/support/world.ts'

const world = useWorld()

const typedFlows = recoveryFlows.filter(({ id }) => id !== 'password-two-factor')

describe.each(typedFlows)('$id', (flow) => {
  test('every bad body gets its code, issues nothing, and leaves the newest code good', async () => {
    const person = await world.identity()
    const asked = await askCode(world, flow, person)
    await world.pass(60)
    const before = await storedChallenge(flow, person)
    for (const { what, body, code, headers } of badBodies(flow.typed(person))) {
      const reply = await world.post(flow.request, body, { ip: newIp(), ...(headers && { headers }) })
      expect([what, reply.status, reply.body.error?.code]).toEqual([what, codes[code][0], code])
    }
    expect(await storedChallenge(flow, person)).toEqual(before)
    expect(await linesOf(world, person.userId)).toEqual(['CODE_REQUESTED success', 'CODE_SENT success'])
    const otp = wrongCode(asked.code)
    const guess = await world.post(flow.reset, { ...flow.typed(person), otp, [flow.secret]: flow.newSecret })
    expect(guess.body.error.code).toBe('OTP_INVALID')
    expect(await askCode(world, flow, person)).not.toEqual(asked)
  })
})

test.each([
  '',
  'a',
  'a@b',
  '@example.com',
  'a b@example.com',
  'a@example.com,b@example.com',
  'a@@example.com',
])('the email %j is refused with its field named', async (email) => {
  const reply = await world.post(passwordEmail.request, { email }, { ip: newIp() })
  expect([reply.status, reply.body.error.code]).toEqual([400, 'VALIDATION_FAILED'])
  expect(reply.body.error.details.map(({ field }) => field)).toEqual(['email'])
})

test.each(['', '01001234567', '201001234567', '+1', '+20 abc', '+2010012345678901234'])(
  'the phone %j is refused with its field named',
  async (phone) => {
    const reply = await world.post(pinReset.request, { phone }, { ip: newIp() })
    expect([reply.status, reply.body.error.code]).toEqual([400, 'VALIDATION_FAILED'])
    expect(reply.body.error.details[0]?.field).toBe('phone')
  },
)

test('a PIN reset takes exactly one of userId and phone', async () => {
  const person = await world.identity()
  const both = await world.post(
    pinReset.request,
    { userId: person.userId, phone: person.phone },
    { ip: newIp() },
  )
  const neither = await world.post(pinReset.request, {}, { ip: newIp() })
  expect([both.status, both.body.error.code]).toEqual([400, 'VALIDATION_FAILED'])
  expect([neither.status, neither.body.error.code]).toEqual([400, 'VALIDATION_FAILED'])
  expect(await linesOf(world, person.userId)).toEqual([])
})

test.each(['u~x', 'u x', 'ü', 'u'.repeat(129), ''])('the userId %j is refused', async (userId) => {
  const reply = await world.post(pinReset.request, { userId }, { ip: newIp() })
  expect([reply.status, reply.body.error.code]).toEqual([400, 'VALIDATION_FAILED'])
})

test('a failure says its code, a sentence and the request it belongs to, and no more', async () => {
  const reply = await world.post(passwordEmail.request, { email: 5 }, { ip: newIp() })
  expect(reply.body).toEqual({
    success: false,
    error: {
      code: 'VALIDATION_FAILED',
      message: expect.stringMatching(/\w+/),
      details: [{ field: 'email', message: expect.stringMatching(/\w+/) }],
    },
    requestId: reply.headers.get('x-request-id'),
  })
})

test('a body of exactly 10 KB is read, one byte more is not', async () => {
  const text = JSON.stringify({ email: 'someone@example.net' })
  const fits = await world.post(passwordEmail.request, text.padEnd(10_240, ' '), { ip: newIp() })
  const over = await world.post(passwordEmail.request, text.padEnd(10_241, ' '), { ip: newIp() })
  expect([fits.status, over.status]).toEqual([200, 413])
})
