/** G14: whichever call of whichever step fails, nothing is lost, halved or done twice. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { firstPin, pinHolder } from '#test/support/pin-holder.ts'
import { askCode, passwordEmail, passwordTwoFactor, verifyCode } from '#test/support/recovery.ts'
import { signIn } from '#test/support/sessions.ts'
import { epochOf, storedIdentity } from '#test/support/stored.ts'
import { createWorld, newIp, type TestIdentity, type World } from '#test/support/world.ts'
import { type FaultCase, type Prepared, underFaults } from './fault-table.ts'

let world: World
beforeAll(async () => {
  world = await createWorld({ settings: { LOGIN_FLOOR_MS: '0' } })
})
afterAll(() => world.close())

/** A call that needs nobody but the person. */
const of =
  (call: (person: TestIdentity) => ReturnType<Prepared['call']>, given?: Record<string, unknown>) =>
  async (): Promise<Prepared> => {
    const person = await world.identity(given)
    return { person, call: () => call(person) }
  }

/** A call of a session. */
const inSession =
  (call: (token: string, person: TestIdentity) => ReturnType<Prepared['call']>) =>
  async (): Promise<Prepared> => {
    const person = await world.identity()
    const token = await signIn(world, person)
    return { person, call: () => call(token, person) }
  }

const mfa = { mfaEnabled: true }
const login = ({ email, password }: TestIdentity) =>
  world.post('/api/auth/login', { identifier: email, password }, { ip: newIp() })

const asking: Record<string, FaultCase> = {
  'a code by email': {
    step: 'request-code',
    type: 'CODE_SENT',
    again: 'RESEND_TOO_SOON',
    tells: [1, 0],
    prepare: of((person) => world.post(passwordEmail.request, passwordEmail.typed(person), { ip: newIp() })),
  },
  'a code for a pair': {
    step: 'request-code-for-pair',
    type: 'CODE_SENT',
    again: 'RESEND_TOO_SOON',
    tells: [0, 1],
    prepare: of((person) =>
      world.post(passwordTwoFactor.request, passwordTwoFactor.typed(person), { ip: newIp() }),
    ),
  },
  'a pair': {
    step: 'verify-identity',
    type: 'IDENTITY_VERIFIED',
    again: 'OK',
    repeats: true,
    prepare: of((person) =>
      world.post('/api/password-reset/verify-identity', passwordTwoFactor.typed(person), { ip: newIp() }),
    ),
  },
  'a step-up code': {
    step: 'request-step-up',
    type: 'CODE_SENT',
    again: 'RESEND_TOO_SOON',
    tells: [0, 1],
    prepare: inSession((token) => world.post('/api/auth/step-up/request', {}, { token, ip: newIp() })),
  },
}

const proving: Record<string, FaultCase> = {
  'proving a code': {
    step: 'verify-code',
    type: 'CODE_VERIFIED',
    again: 'OTP_INVALID',
    prepare: async () => {
      const person = await world.identity()
      const { code } = await askCode(world, passwordEmail, person)
      return { person, call: () => verifyCode(world, passwordEmail, person, { otp: code }) }
    },
  },
  'a step-up': {
    step: 'verify-step-up',
    type: 'STEP_UP_VERIFIED',
    again: 'OTP_INVALID',
    prepare: async () => {
      const person = await world.identity()
      const token = await signIn(world, person)
      await world.post('/api/auth/step-up/request', {}, { token, ip: newIp() })
      const otp = await world.lastCode(person.phone)
      const lifted = async () => {
        const { data } = (await world.get('/api/auth/session', { token })).body
        return data.factors.some(({ group }) => group === 'POSSESSION')
      }
      return {
        person,
        call: () => world.post('/api/auth/step-up/verify', { otp }, { token }),
        changed: lifted,
      }
    },
  },
  'a PIN': {
    step: 'verify-pin',
    type: 'PIN_VERIFIED',
    again: 'OK',
    repeats: true,
    prepare: async () => {
      const person = await pinHolder(world)
      const { accessToken: token } = person
      return { person, call: () => world.post('/api/pin/verify', { pin: firstPin }, { token }) }
    },
  },
}

const signingIn: Record<string, FaultCase> = {
  login: { step: 'login', type: 'LOGIN', again: 'OK', repeats: true, prepare: of(login) },
  'login with MFA': {
    step: 'login',
    type: 'LOGIN',
    again: 'OK',
    repeats: true,
    tells: [0, 1],
    prepare: of(login, mfa),
  },
  'the second factor': {
    step: 'verify-login',
    type: 'MFA_VERIFIED',
    again: 'OTP_INVALID',
    prepare: async () => {
      const person = await world.identity(mfa)
      const { challengeId } = (await login(person)).body.data
      const otp = await world.lastCode(person.phone)
      return { person, call: () => world.post('/api/auth/login/verify', { challengeId, otp }) }
    },
  },
  logout: {
    step: 'logout',
    type: 'LOGOUT',
    again: 'SESSION_INVALID',
    prepare: inSession((token) => world.post('/api/auth/logout', { everywhere: true }, { token })),
  },
  'the end of one session': {
    step: 'end-session',
    type: 'LOGOUT',
    again: 'NOT_FOUND',
    prepare: async () => {
      const person = await world.identity()
      const [token, other] = [await signIn(world, person), await signIn(world, person)]
      return { person, call: () => world.del(`/api/auth/sessions/${other.split('.')[1]}`, { token }) }
    },
  },
  consent: {
    step: 'accept-consent',
    type: 'CONSENT_ACCEPTED',
    again: 'OK',
    repeats: true,
    prepare: inSession((token) => world.post('/api/consent', { document: 'terms', version: '2' }, { token })),
  },
}

const administering: Record<string, FaultCase> = {
  'a change of address': {
    step: 'put-identity',
    type: 'IDENTITY_CHANGED',
    again: 'OK',
    // To the old address and to the new one, which is another mailbox.
    tells: [1, 0],
    prepare: async () => {
      const person = await world.identity()
      const before = await epochOf(person.userId)
      const changed = async () => (await epochOf(person.userId)) === before + 1
      const body = { email: `new-${person.email}` }
      return { person, call: () => world.put(`/admin/identities/${person.userId}`, body), changed }
    },
  },
  erasure: {
    step: 'delete-identity',
    type: 'IDENTITY_CHANGED',
    again: 'NOT_FOUND',
    prepare: async () => {
      const person = await world.identity()
      const changed = async () => (await storedIdentity(person.userId)) === undefined
      return { person, call: () => world.del(`/admin/identities/${person.userId}`), changed }
    },
  },
  unlocking: {
    step: 'unlock-identity',
    type: 'IDENTITY_CHANGED',
    again: 'OK',
    repeats: true,
    prepare: of(({ userId }) => world.post(`/admin/identities/${userId}/unlock`)),
  },
}

for (const [group, cases] of Object.entries({ asking, proving, signingIn, administering }))
  test.each(Object.entries(cases))(`${group}: %s`, (_, given) => underFaults(world, given))

test('without the breach service a password is taken, and the entry says that it was not checked', async () => {
  const person = await world.identity()
  const { code } = await askCode(world, passwordEmail, person)
  world.stack.services.faults.post({ service: 'hibp', mode: 'slow', delayMs: 3000, count: 1 })
  const body = { email: person.email, otp: code, newPassword: passwordEmail.newSecret }
  expect((await world.post(passwordEmail.reset, body)).status).toBe(200)
  const reset = (await world.ledger(person.userId)).find(({ type }) => type === 'PASSWORD_RESET')
  expect(reset).toMatchObject({ outcome: 'success', breachCheck: 'skipped' })
})
