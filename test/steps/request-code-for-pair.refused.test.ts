/** Asking for a code with a right pair, too soon or too often. Wrong pairs: see verify-identity. */
import { expect, test } from 'vitest'
import { linesOf } from '#test/support/entries.ts'
import { fillCodesOf } from '#test/support/full-registers.ts'
import { pairOf, presentPair, requestForPairPath } from '#test/support/pairs.ts'
import { askCode, passwordEmail, passwordTwoFactor, verifyCode } from '#test/support/recovery.ts'
import { useWorld } from '#test/support/use-world.ts'
import { sized } from '#test/support/whole.ts'
import { newIp } from '#test/support/world.ts'

const world = useWorld()

test('a second code within the wait is refused and the first stays good', async () => {
  const person = await world.identity()
  const { code: otp } = await askCode(world, passwordTwoFactor, person)
  const refused = await presentPair(world, requestForPairPath, pairOf(person))
  expect([refused.status, refused.body.error.code]).toEqual([429, 'RESEND_TOO_SOON'])
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect((await verifyCode(world, passwordTwoFactor, person, { otp })).status).toBe(200)
  expect(await linesOf(world, person.userId)).toEqual([
    'CODE_REQUESTED success',
    'CODE_SENT success',
    'LIMIT_REACHED failure cooldown',
    'CODE_VERIFIED success',
  ])
})

test('the sixth code of a pair in an hour is refused', async () => {
  const person = await world.identity()
  for (let sent = 0; sent < 5; sent += 1) {
    await askCode(world, passwordTwoFactor, person)
    await world.pass(60)
  }
  const refused = await presentPair(world, requestForPairPath, pairOf(person))
  expect([refused.status, refused.body.error.code]).toEqual([429, 'RATE_LIMITED'])
  await world.pass(Number(refused.headers.get('retry-after')))
  await askCode(world, passwordTwoFactor, person)
})

test('by email and by username together a person is sent five codes an hour, and the sixth reply is as neutral', async () => {
  const person = await world.identity()
  const aliases = [person.username, person.email]
  for (let sent = 0; sent < 6; sent += 1) {
    const pair = { identifier: aliases[sent % 2] ?? '', phone: person.phone }
    expect((await presentPair(world, requestForPairPath, pair)).status).toBe(200)
    await world.idle()
    await world.pass(31)
  }
  expect(world.messages(person.phone)).toHaveLength(5)
  expect(await linesOf(world, person.userId)).toContain('CODE_NOT_SENT failure codes-per-identity')
})

test('the eleventh code from one address in an hour is refused, and that of another flow is not', async () => {
  const ip = newIp()
  // What of the ten is not asked for here is stored: whole, all are asked for.
  const asked = sized(2, 10)
  await fillCodesOf('password-two-factor', ip, asked)
  for (let sent = 0; sent < asked; sent += 1)
    expect((await presentPair(world, requestForPairPath, pairOf(await world.identity()), ip)).status).toBe(
      200,
    )
  const person = await world.identity()
  const refused = await presentPair(world, requestForPairPath, pairOf(person), ip)
  expect([refused.status, refused.body.error.code]).toEqual([429, 'RATE_LIMITED'])
  expect(await linesOf(world, person.userId)).toEqual(['LIMIT_REACHED failure codes-per-ip'])
  expect((await world.post(passwordEmail.request, { email: person.email }, { ip })).status).toBe(200)
})
