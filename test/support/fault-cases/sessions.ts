/** Steps that open, end or mark a session. */
import { policy } from '#shared/policy.ts'
import { storePerson, storeSession } from '#test/support/as-stored.ts'
import { setWrongSignInCodes } from '#test/support/failed-guesses.ts'
import { wrongCode } from '#test/support/recovery.ts'
import { newIp, type TestIdentity, type World } from '#test/support/world.ts'
import type { CasesOf } from './case.ts'
import { inSession, of } from './starts.ts'

const mfa = { mfaEnabled: true }
const loginOf =
  (world: World) =>
  ({ email, password }: TestIdentity) =>
    world.post('/api/auth/login', { identifier: email, password }, { ip: newIp() })

export const sessions: CasesOf<'login' | 'verify-login' | 'logout' | 'end-session' | 'accept-consent'> = (
  world,
) => {
  const login = loginOf(world)
  const repeated = { leaves: ['LOGIN', 'success'], again: 'OK', repeats: true } as const
  const aWrongCode = {
    answer: 'OTP_INVALID',
    leaves: ['MFA_VERIFIED', 'failure'],
    again: 'OTP_INVALID',
    repeats: true,
  } as const
  const guessing = async () => {
    const person = await storePerson(mfa)
    const { challengeId } = (await login(person)).body.data
    const otp = wrongCode(await world.lastCode(person.phone))
    const call = () => world.post('/api/auth/login/verify', { challengeId, otp })
    return { prepared: { person, call }, userId: person.userId }
  }
  return {
    login: {
      'a sign-in': { ...repeated, prepare: of(login) },
      'a sign-in with MFA': { ...repeated, tells: [0, 1], prepare: of(login, mfa) },
      'a wrong password': {
        answer: 'CREDENTIALS_INVALID',
        leaves: ['LOGIN', 'failure'],
        again: 'CREDENTIALS_INVALID',
        repeats: true,
        prepare: of((person) => login({ ...person, password: 'not-it' })),
      },
    },
    'verify-login': {
      'the second factor': {
        leaves: ['MFA_VERIFIED', 'success'],
        again: 'OTP_INVALID',
        async prepare() {
          const person = await storePerson(mfa)
          const { challengeId } = (await login(person)).body.data
          const otp = await world.lastCode(person.phone)
          return { person, call: () => world.post('/api/auth/login/verify', { challengeId, otp }) }
        },
      },
      'a wrong code': {
        ...aWrongCode,
        tells: [1, 0],
        tellsOnce: true,
        prepare: async () => (await guessing()).prepared,
      },
      'the hundredth wrong code in a row': {
        answer: 'OTP_INVALID',
        leaves: ['MFA_VERIFIED', 'failure'],
        // By then sign-in is closed.
        again: 'TRIES_EXHAUSTED',
        tells: [1, 0],
        async prepare() {
          const { prepared, userId } = await guessing()
          // The first of this sign-in, which is told apart.
          await prepared.call()
          await setWrongSignInCodes(userId, policy.wrongSignInCodesPerIdentity - 1)
          await world.idle()
          return prepared
        },
      },
    },
    logout: {
      'the end of all sessions': {
        leaves: ['LOGOUT', 'success'],
        again: 'SESSION_INVALID',
        prepare: inSession((token) => world.post('/api/auth/logout', { everywhere: true }, { token })),
      },
      'the end of this session': {
        leaves: ['LOGOUT', 'success'],
        again: 'SESSION_INVALID',
        prepare: inSession((token) => world.post('/api/auth/logout', {}, { token })),
      },
    },
    'end-session': {
      'the end of another session': {
        leaves: ['LOGOUT', 'success'],
        again: 'NOT_FOUND',
        async prepare() {
          const person = await storePerson()
          const token = await storeSession(person.userId, { phone: false })
          const other = await storeSession(person.userId, { phone: false })
          return { person, call: () => world.del(`/api/auth/sessions/${other.split('.')[1]}`, { token }) }
        },
      },
    },
    'accept-consent': {
      consent: {
        leaves: ['CONSENT_ACCEPTED', 'success'],
        again: 'OK',
        repeats: true,
        prepare: inSession((token) =>
          world.post('/api/consent', { document: 'terms', version: '2' }, { token }),
        ),
      },
    },
  }
}
