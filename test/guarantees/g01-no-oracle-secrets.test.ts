/** G1: passwords, tokens and pairs are answered the same, for the same AWS calls, whoever is meant. */
import { afterAll, beforeAll, describe, test } from 'vitest'
import { passwordEmail } from '#test/support/recovery.ts'
import { createWorld, newIp, type TestIdentity, type World } from '#test/support/world.ts'
import { newPhone, same } from './same-reply.ts'

let world: World
beforeAll(async () => {
  world = await createWorld({ settings: { LOGIN_FLOOR_MS: '0' } })
})
afterAll(() => world.close())

const otp = '123456'

test('a token that is none', () =>
  same(world, 'TOKEN_INVALID', ({ email }) =>
    world.post(passwordEmail.reset, {
      email,
      token: 'x'.repeat(43),
      newPassword: passwordEmail.newSecret,
    }),
  ))

describe('sign-in', () => {
  const login = async (person: TestIdentity, kind: 'email' | 'username' | 'phone', times = 1) => {
    const ip = newIp()
    const body = { identifier: person[kind], password: 'not this one' }
    for (let failures = 1; failures < times; failures += 1) await world.post('/api/auth/login', body, { ip })
    return world.post('/api/auth/login', body, { ip })
  }
  test.each(['email', 'username', 'phone'] as const)('a wrong password for an %s', (kind) =>
    same(world, 'CREDENTIALS_INVALID', (person) => login(person, kind)),
  )
  test('too many failures: the first refusal, which is an entry, and the second', async () => {
    await same(world, 'RATE_LIMITED', (person) => login(person, 'email', 11))
    await same(world, 'RATE_LIMITED', (person) => login(person, 'email', 12))
  })
  test('a sign-in that was never begun', () =>
    same(world, 'OTP_INVALID', ({ userId }) =>
      world.post('/api/auth/login/verify', { challengeId: `${'A'.repeat(22)}.${userId}`, otp }),
    ))
})

describe.each(['verify-identity', 'request'])('pair: %s', (step) => {
  const check = (identifier: string, ip: string) =>
    world.post(`/api/password-reset/${step}`, { identifier, phone: newPhone() }, { ip })
  test.each(['email', 'username'] as const)('a wrong phone and an unknown %s are one answer', (kind) =>
    same(world, 'CREDENTIALS_INVALID', (person) => check(person[kind], newIp())),
  )
  test('too many mismatches: the first refusal, which is an entry, and the second', async () => {
    const mismatch = async ({ username }: TestIdentity, times: number) => {
      const ip = newIp()
      for (let mismatches = 1; mismatches < times; mismatches += 1) await check(username, ip)
      return check(username, ip)
    }
    await same(world, 'RATE_LIMITED', (person) => mismatch(person, 6))
    await same(world, 'RATE_LIMITED', (person) => mismatch(person, 7))
  })
})

test('a code or token for a pair that does not match is refused like one that was never given', async () => {
  const pair = ({ username }: TestIdentity) => ({ identifier: username, phone: newPhone() })
  await same(world, 'OTP_INVALID', (person) =>
    world.post('/api/password-reset/verify-otp', { ...pair(person), otp }),
  )
  await same(world, 'TOKEN_INVALID', (person) => {
    const body = { ...pair(person), resetToken: 'x'.repeat(43), newPassword: 'newpass123' }
    return world.post('/api/password-reset/reset', body)
  })
})
