/** Bodies that are not as they should be use up no try of a step-up code. */
import { expect, test } from 'vitest'
import { answerOf, signIn } from '#test/support/sessions.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp } from '#test/support/world.ts'

const world = useWorld()

test('the session is looked at before the body, and a malformed body uses up nothing', async () => {
  const identity = await world.identity()
  const token = await signIn(world, identity)
  await world.post('/api/auth/step-up/request', {}, { token, ip: newIp() })
  const otp = await world.lastCode(identity.phone)
  const malformed = [
    {},
    { otp: '12345' },
    { otp: 123456 },
    { otp, more: 1 },
    { otp: [otp] },
    [],
    null,
    'text',
  ]
  for (const body of malformed) {
    const given = JSON.stringify(body)
    expect(answerOf(await world.post('/api/auth/step-up/verify', given))).toBe('401 SESSION_INVALID')
    expect(answerOf(await world.post('/api/auth/step-up/verify', given, { token }))).toBe(
      '400 VALIDATION_FAILED',
    )
  }
  expect(answerOf(await world.post('/api/auth/step-up/verify', '{"otp"', { token }))).toBe(
    '400 MALFORMED_JSON',
  )
  expect(answerOf(await world.post('/api/auth/step-up/verify', { otp }, { token }))).toBe('200')
})

test('an ask takes an empty body or none, and nothing else', async () => {
  const token = await signIn(world, await world.identity())
  const ask = (body?: unknown) => world.post('/api/auth/step-up/request', body, { token, ip: newIp() })
  expect(answerOf(await ask({ phone: '+201000000000' }))).toBe('400 VALIDATION_FAILED')
  expect(answerOf(await ask('[]'))).toBe('400 VALIDATION_FAILED')
  expect(answerOf(await ask({}))).toBe('200')
})
