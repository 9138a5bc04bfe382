/** G7: credential, challenge, epoch, entry and confirmation commit together or not at all, whatever call fails. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { firstPin, pinHolder } from '#test/support/pin-holder.ts'
import { codeOf } from '#test/support/race.ts'
import {
  askCode,
  passwordEmail,
  passwordEmailBasic,
  passwordTwoFactor,
  pinReset,
  proofOf,
  type RecoveryFlow,
  resetSecret,
  verifyCode,
} from '#test/support/recovery.ts'
import { readyForPin, signIn, strongPassword } from '#test/support/sessions.ts'
import { epochOf, storedIdentity } from '#test/support/stored.ts'
import { createWorld, newIp, type TestIdentity, type World } from '#test/support/world.ts'
import { type FaultCase, type Prepared, underFaults } from './fault-table.ts'

let world: World
beforeAll(async () => {
  world = await createWorld({ settings: { LOGIN_FLOOR_MS: '0' } })
})
afterAll(() => world.close())

/** The epoch moved by one, and never by more. */
async function epochMoves(userId: string): Promise<() => Promise<boolean>> {
  const before = await epochOf(userId)
  return async () => {
    const moved = (await epochOf(userId)) - before
    expect([0, 1]).toContain(moved)
    return moved === 1
  }
}

async function reset(
  flow: RecoveryFlow,
  person: TestIdentity,
  proof: Record<string, string>,
): Promise<Prepared> {
  const changed = await epochMoves(person.userId)
  return { person, call: () => resetSecret(world, flow, person, proof), changed }
}

async function withCode(flow: RecoveryFlow, verified = false): Promise<Prepared> {
  const person = flow.secret === 'newPin' ? await pinHolder(world) : await world.identity()
  const { code } = await askCode(world, flow, person)
  if (verified) expect((await verifyCode(world, flow, person, { otp: code })).status).toBe(200)
  return reset(flow, person, { otp: code })
}

async function withToken(
  flow: RecoveryFlow & { readonly token: 'token' | 'resetToken' | undefined },
): Promise<Prepared> {
  const person = await world.identity()
  const { code } = await askCode(world, flow, person)
  const { body } = await verifyCode(world, flow, person, { otp: code })
  const name = flow.token ?? 'token'
  return reset(flow, person, { [name]: body[name] })
}

const byCode = { type: 'PASSWORD_RESET', again: 'OTP_INVALID', tells: [1, 1] } as const
const cases: Record<string, FaultCase> = {
  'password-email by code': { ...byCode, step: 'reset-password', prepare: () => withCode(passwordEmail) },
  'password-email-basic by a verified code': {
    ...byCode,
    step: 'reset-password',
    prepare: () => withCode(passwordEmailBasic, true),
  },
  'password-email by token': {
    ...byCode,
    step: 'reset-password',
    again: 'TOKEN_INVALID',
    prepare: () => withToken(passwordEmail),
  },
  'password-two-factor by token': {
    ...byCode,
    step: 'reset-password',
    again: 'TOKEN_INVALID',
    tells: [1, 0],
    prepare: () => withToken(passwordTwoFactor),
  },
  'pin-reset': {
    step: 'reset-pin',
    type: 'PIN_RESET',
    again: 'OTP_INVALID',
    tells: [1, 0],
    prepare: () => withCode(pinReset),
  },
  'first PIN': {
    step: 'set-pin',
    type: 'PIN_SET',
    again: 'PIN_ALREADY_SET',
    tells: [1, 0],
    prepare: async () => {
      const { identity: person, token } = await readyForPin(world)
      const body = { userId: person.userId, pin: firstPin }
      const changed = async () => (await storedIdentity(person.userId))?.['pin'] !== undefined
      return { person, call: () => world.post('/api/pin/set', body, { token }), changed }
    },
  },
  'change of the password': {
    step: 'change-password',
    type: 'IDENTITY_CHANGED',
    again: 'CREDENTIALS_INVALID',
    tells: [1, 0],
    prepare: async () => {
      const person = await world.identity()
      const token = await signIn(world, person)
      const body = { password: person.password, newPassword: strongPassword }
      const call = () => world.post('/api/auth/password/change', body, { token, ip: newIp() })
      return { person, call, changed: await epochMoves(person.userId) }
    },
  },
}

test.each(Object.entries(cases))('%s: all or nothing, whichever call fails', (_, given) =>
  underFaults(world, given),
)

test('after a reset whose reply was lost the new password signs in and the old one does not', async () => {
  const person = await world.identity()
  const proof = await proofOf(world, passwordEmailBasic, person)
  const fault = { service: 'dynamodb', operation: 'TransactWriteItems', mode: 'fail-after', count: 20 }
  world.stack.services.faults.post({ ...fault, function: 'reset-password' })
  expect(codeOf(await resetSecret(world, passwordEmailBasic, person, proof))).toBe('UNAVAILABLE')
  world.stack.services.faults.post({ count: 0 })
  expect(codeOf(await resetSecret(world, passwordEmailBasic, person, proof))).toBe('OTP_INVALID')
  const login = (password: string) =>
    world.post('/api/auth/login', { identifier: person.email, password }, { ip: newIp() })
  expect(codeOf(await login(passwordEmailBasic.newSecret))).toBe('OK')
  expect(codeOf(await login(person.password))).toBe('CREDENTIALS_INVALID')
})

test('a transaction that answers after its time-out is made once, though it is sent again', async () => {
  const { person, call, changed } = await withCode(passwordEmailBasic)
  const fault = {
    service: 'dynamodb',
    operation: 'TransactWriteItems',
    mode: 'slow',
    delayMs: 3500,
    count: 1,
  }
  world.stack.services.faults.post({ ...fault, function: 'reset-password' })
  expect(codeOf(await call())).toBe('OK')
  expect(await changed?.()).toBe(true)
  const entries = await world.ledger(person.userId)
  expect(entries.filter(({ type }) => type === 'PASSWORD_RESET')).toHaveLength(1)
})
