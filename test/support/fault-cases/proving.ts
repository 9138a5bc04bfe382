/** Steps that prove something and change no credential. */
import { policy } from '#shared/policy.ts'
import { storeHolder, storePerson, storeSession } from '#test/support/as-stored.ts'
import { setWrongStepUpCodes } from '#test/support/failed-guesses.ts'
import { firstPin } from '#test/support/pin-holder.ts'
import {
  askCode,
  passwordEmail,
  passwordTwoFactor,
  type RecoveryFlow,
  verifyCode,
  wrongCode,
} from '#test/support/recovery.ts'
import { newIp } from '#test/support/world.ts'
import type { CasesOf, FaultCase } from './case.ts'

export const proving: CasesOf<'verify-code' | 'verify-step-up' | 'verify-pin'> = (world) => {
  const code =
    (flow: RecoveryFlow, typed: (code: string) => string = (right) => right) =>
    async () => {
      const person = await storePerson()
      const otp = typed((await askCode(world, flow, person)).code)
      return { person, call: () => verifyCode(world, flow, person, { otp }) }
    }
  const right: Omit<FaultCase, 'prepare'> = { leaves: ['CODE_VERIFIED', 'success'], again: 'OTP_INVALID' }
  const stepUp = async (typed: (code: string) => string, wrongBefore = 0) => {
    const person = await storePerson()
    const token = await storeSession(person.userId, { phone: false })
    await world.post('/api/auth/step-up/request', {}, { token, ip: newIp() })
    const otp = typed(await world.lastCode(person.phone))
    if (wrongBefore > 0) await setWrongStepUpCodes(token, wrongBefore)
    return { person, call: () => world.post('/api/auth/step-up/verify', { otp }, { token }) }
  }
  const pin = (typed: string) => async () => {
    const person = await storeHolder(firstPin)
    const { accessToken: token } = person
    return { person, call: () => world.post('/api/pin/verify', { pin: typed }, { token }) }
  }
  return {
    'verify-code': {
      'a code by email': { ...right, prepare: code(passwordEmail) },
      'a code by SMS': { ...right, prepare: code(passwordTwoFactor) },
      'a wrong code': {
        answer: 'OTP_INVALID',
        leaves: ['CODE_VERIFIED', 'failure'],
        again: 'OTP_INVALID',
        repeats: true,
        prepare: code(passwordEmail, wrongCode),
      },
    },
    'verify-step-up': {
      'a step-up': {
        leaves: ['STEP_UP_VERIFIED', 'success'],
        again: 'OTP_INVALID',
        prepare: () => stepUp((code) => code),
      },
      'a wrong step-up code': {
        answer: 'OTP_INVALID',
        leaves: ['STEP_UP_VERIFIED', 'failure'],
        again: 'OTP_INVALID',
        repeats: true,
        prepare: () => stepUp(wrongCode),
      },
      'the hundredth wrong step-up code': {
        answer: 'OTP_INVALID',
        leaves: ['LIMIT_REACHED', 'failure'],
        again: 'SESSION_INVALID',
        prepare: () => stepUp(wrongCode, policy.wrongStepUpCodesPerSession - 1),
      },
    },
    'verify-pin': {
      'a PIN': { leaves: ['PIN_VERIFIED', 'success'], again: 'OK', repeats: true, prepare: pin(firstPin) },
      'a wrong PIN': {
        answer: 'PIN_INVALID',
        leaves: ['PIN_VERIFIED', 'failure'],
        again: 'PIN_INVALID',
        repeats: true,
        prepare: pin('530817'),
      },
    },
  }
}
