/** What an outage, a row that was ended or an odd token must not bring about in a reset. */
import { expect, test } from 'vitest'
import { policy } from '#shared/policy.ts'
import { withFault } from '#test/support/faults.ts'
import {
  askCode,
  passwordEmail,
  passwordEmailBasic,
  resetSecret,
  verifyCode,
} from '#test/support/recovery.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp } from '#test/support/world.ts'

const world = useWorld()

test('an outage of KMS after a right code uses up none of the tries of its owner', async () => {
  const person = await world.identity()
  const { code } = await askCode(world, passwordEmailBasic, person)
  const fault = {
    service: 'kms',
    operation: 'GenerateMac',
    function: 'reset-password',
    mode: 'fail-before',
    skip: 1,
  } as const
  for (let outage = 0; outage < 3; outage += 1) {
    const reply = await withFault(world, fault, () =>
      resetSecret(world, passwordEmailBasic, person, { otp: code }),
    )
    expect(reply.status).toBe(503)
  }
  const after = await resetSecret(world, passwordEmailBasic, person, { otp: code })
  expect([after.status, after.body.error?.code]).toEqual([200, undefined])
})

test('a reset opens the sign-in it promises after failures by every alias, also where a right password ended the row', async () => {
  const person = await world.identity()
  const { password } = person
  const login = (identifier: string, typed: string) =>
    world.post('/api/auth/login', { identifier, password: typed }, { ip: newIp() })
  // So that no change of the identity makes the reset clear in any case: the first sign-in seals the hash anew.
  expect((await login(person.email, password)).status).toBe(200)
  await world.post('/_local/clock', { advanceSeconds: 20 * 60 })
  for (const alias of [person.username, person.phone])
    for (let failure = 0; failure < policy.loginFailuresPerIdentifier; failure += 1)
      expect((await login(alias, 'Wrong-Marble-4471!')).body.error?.code).toBe('CREDENTIALS_INVALID')
  expect((await login(person.phone, password)).body.error?.code).toBe('RATE_LIMITED')
  // A right password by the third alias leaves the row at nothing.
  expect((await login(person.email, password)).status).toBe(200)
  const { code } = await askCode(world, passwordEmail, person)
  expect((await resetSecret(world, passwordEmail, person, { otp: code })).status).toBe(200)
  for (const alias of [person.username, person.phone, person.email])
    expect([alias, (await login(alias, passwordEmail.newSecret)).status]).toEqual([alias, 200])
})

test('tokens of odd forms are one answer, and none counts for another subject or flow', async () => {
  const person = await world.identity()
  const stranger = await world.identity()
  const { code } = await askCode(world, passwordEmail, person)
  const { body } = await verifyCode(world, passwordEmail, person, { otp: code })
  const token = body.data.token as string
  const id = token.split('.')[0]
  const odd = [
    '.',
    `${id}`,
    `${id}.`,
    `${id}..`,
    `${id}.undefined`,
    `__proto__.${token.split('.')[1]}`,
    `${token}=`,
    `.${token}`,
  ]
  for (const each of odd) {
    const reply = await resetSecret(world, passwordEmail, person, { token: each })
    expect([each, reply.status, reply.body.error?.code]).toEqual([each, 401, 'TOKEN_INVALID'])
  }
  expect((await resetSecret(world, passwordEmail, stranger, { token })).body.error?.code).toBe(
    'TOKEN_INVALID',
  )
  const both = await Promise.all([
    resetSecret(world, passwordEmail, person, { token }),
    resetSecret(world, passwordEmail, person, { otp: code }),
    resetSecret(world, passwordEmail, person, { token }),
  ])
  expect(both.filter(({ status }) => status === 200)).toHaveLength(1)
})
