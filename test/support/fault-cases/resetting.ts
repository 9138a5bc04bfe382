/** Steps that replace or set a credential. */
import { policy } from '#shared/policy.ts'
import { storeHolder, storePerson, storeSession } from '#test/support/as-stored.ts'
import { setRefusals } from '#test/support/failed-guesses.ts'
import { disown, lastToken } from '#test/support/not-me.ts'
import { firstPin } from '#test/support/pin-holder.ts'
import {
  askCode,
  passwordEmail,
  passwordEmailBasic,
  passwordTwoFactor,
  pinReset,
  type RecoveryFlow,
  resetSecret,
  verifyCode,
} from '#test/support/recovery.ts'
import { strongPassword } from '#test/support/sessions.ts'
import { newIp, type World } from '#test/support/world.ts'
import type { CasesOf, FaultCase, Prepared } from './case.ts'

/** @param verified whether the code was proved in a step of its own */
async function withCode(world: World, flow: RecoveryFlow, verified = false): Promise<Prepared> {
  const person = flow.secret === 'newPin' ? await storeHolder(firstPin) : await storePerson()
  const { code: otp } = await askCode(world, flow, person)
  if (verified) await verifyCode(world, flow, person, { otp })
  return { person, call: () => resetSecret(world, flow, person, { otp }) }
}

async function withToken(world: World, flow: RecoveryFlow): Promise<Prepared> {
  const person = await storePerson()
  const { code: otp } = await askCode(world, flow, person)
  const { body } = await verifyCode(world, flow, person, { otp })
  const name = flow.token ?? 'token'
  return { person, call: () => resetSecret(world, flow, person, { [name]: body[name] }) }
}

/** The secret in use again, after so many refusals as are stored. */
async function reusing(world: World, flow: RecoveryFlow, refusals = 0): Promise<Prepared> {
  const secret = flow.secret === 'newPin' ? firstPin : flow.newSecret
  const holder = await (flow.secret === 'newPin' ? storeHolder(secret) : storePerson({}, secret))
  const { code: otp } = await askCode(world, flow, holder)
  await setRefusals(flow, holder, refusals)
  return { person: holder, call: () => resetSecret(world, flow, holder, { otp }, secret) }
}

const most = policy.secretRefusalsPerChallenge

type Said = Omit<FaultCase, 'prepare'>
/** Counted each time, and nothing else moves. */
const refused = (code: 'PASSWORD_REUSED' | 'PIN_REUSED'): Said => ({
  answer: code,
  leaves: [code === 'PIN_REUSED' ? 'PIN_RESET' : 'PASSWORD_RESET', 'failure'],
  again: code,
  repeats: true,
})
/** The one after the last that is answered: it spends the code, once, and is told on both ways. */
const refusedOut: Said = {
  answer: 'TRIES_EXHAUSTED',
  leaves: ['LIMIT_REACHED', 'failure'],
  again: 'OTP_INVALID',
  tells: [1, 1],
}
const byCode: Said = { leaves: ['PASSWORD_RESET', 'success'], again: 'OTP_INVALID', tells: [1, 1] }
const byToken: Said = { ...byCode, again: 'TOKEN_INVALID' }

export const resetting: CasesOf<'reset-password' | 'reset-pin' | 'set-pin' | 'change-password' | 'not-me'> = (
  world,
) => ({
  'reset-password': {
    'password-email by code': { ...byCode, prepare: () => withCode(world, passwordEmail) },
    'password-email-basic by a verified code': {
      ...byCode,
      prepare: () => withCode(world, passwordEmailBasic, true),
    },
    'password-email by token': { ...byToken, prepare: () => withToken(world, passwordEmail) },
    'password-two-factor by token': {
      ...byToken,
      tells: [1, 0],
      prepare: () => withToken(world, passwordTwoFactor),
    },
    'a password that is in use': {
      ...refused('PASSWORD_REUSED'),
      prepare: () => reusing(world, passwordEmailBasic),
    },
    'a password that is in use, once too often': {
      ...refusedOut,
      prepare: () => reusing(world, passwordEmailBasic, most),
    },
  },
  'reset-pin': {
    'pin-reset': {
      leaves: ['PIN_RESET', 'success'],
      again: 'OTP_INVALID',
      tells: [1, 0],
      prepare: () => withCode(world, pinReset),
    },
    'a PIN that is in use': { ...refused('PIN_REUSED'), prepare: () => reusing(world, pinReset) },
    'a PIN that is in use, once too often': {
      ...refusedOut,
      prepare: () => reusing(world, pinReset, most),
    },
  },
  'set-pin': {
    'first PIN': {
      leaves: ['PIN_SET', 'success'],
      again: 'PIN_ALREADY_SET',
      tells: [1, 0],
      async prepare() {
        const person = await storePerson({ consent: { document: 'terms', version: '1' } })
        const token = await storeSession(person.userId, { phone: true })
        const body = { userId: person.userId, pin: firstPin }
        return { person, call: () => world.post('/api/pin/set', body, { token }) }
      },
    },
  },
  'change-password': {
    'change of the password': {
      leaves: ['IDENTITY_CHANGED', 'success'],
      again: 'CREDENTIALS_INVALID',
      tells: [1, 0],
      async prepare() {
        const person = await storePerson()
        const token = await storeSession(person.userId, { phone: false })
        const body = { password: person.password, newPassword: strongPassword }
        return { person, call: () => world.post('/api/auth/password/change', body, { token, ip: newIp() }) }
      },
    },
  },
  'not-me': {
    'a change disowned': {
      leaves: ['RECOVERY_FROZEN', 'success'],
      again: 'TOKEN_INVALID',
      tells: [1, 1],
      async prepare() {
        const person = await storePerson()
        // The cheapest of the changes whose message carries a link.
        await world.put(`/admin/identities/${person.userId}`, { mfaEnabled: true })
        const token = await lastToken(world, person.email)
        return { person, call: () => disown(world, token) }
      },
    },
  },
})
