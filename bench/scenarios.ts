/** What is asked of each public route that means someone, once for a known person and once for an unknown one. */
import { randomBytes } from 'node:crypto'
import type { RouteId } from '../shared/contract/routes.ts'
import { policy } from '../shared/policy.ts'
import { newPhone, type Person } from './processes/people.ts'
import { newPassword } from './processes/recovery.ts'

export interface Scenario {
  readonly route: RouteId
  readonly outcome: string
  readonly status: number
  /** Requests for each person before the clock moves past every window: no limit may be the answer's reason. */
  readonly turns: number
  /** Asks for the code first, for known and unknown alike. */
  readonly asks?: RouteId
  readonly typed: (person: Person) => Readonly<Record<string, string>>
  /** What goes into the body beside it. */
  readonly secret?: () => Readonly<Record<string, string>>
  /** Set where the route's reply waits for a floor: milliseconds from one request to the next. See `startSlotMs`. */
  readonly slotMs?: number
}

/**
 * Requests that wait for a floor may be in the air together without meeting: work takes less than a slot, and the replies,
 * a floor later, fall into the second half of another one's slot, when its work is done.
 */
export function startSlotMs(floorMs: number, workMs: number): number {
  const slots = Math.max(1, Math.floor(floorMs / workMs - 0.6))
  return Math.ceil(floorMs / (slots + 0.6))
}

const byEmail = ({ email }: Person) => ({ email })
const byPhone = ({ phone }: Person) => ({ phone })
const byPair = ({ username, phone }: Person) => ({ identifier: username, phone })
const wrongPair = ({ username }: Person) => ({ identifier: username, phone: newPhone() })
const wrongCode = { otp: '000000' }
const wrongToken = () => randomBytes(32).toString('base64url')
const pairWorkMs = 25
const loginWorkMs = 60

const ask = { outcome: 'accepted', status: 200, turns: 1 } as const
const guess = { outcome: 'wrong code', status: 401, turns: 4 } as const
const mismatch = {
  outcome: 'mismatch',
  status: 401,
  turns: 4,
  typed: wrongPair,
  slotMs: startSlotMs(policy.pairFloorMs, pairWorkMs),
} as const

export const scenarios: readonly Scenario[] = [
  { ...ask, route: 'requestPasswordReset', typed: byEmail },
  { ...ask, route: 'resendPasswordResetOtp', typed: byEmail },
  { ...ask, route: 'forgotPassword', typed: byEmail },
  { ...ask, route: 'requestPinReset', typed: byPhone },
  {
    ...guess,
    route: 'verifyPasswordResetOtp',
    asks: 'requestPasswordReset',
    typed: byEmail,
    secret: () => wrongCode,
  },
  { ...guess, route: 'verifyResetOtp', asks: 'forgotPassword', typed: byEmail, secret: () => wrongCode },
  {
    ...guess,
    route: 'resetPasswordEmail',
    asks: 'requestPasswordReset',
    typed: byEmail,
    secret: () => ({ ...wrongCode, newPassword }),
  },
  {
    ...guess,
    route: 'resetPasswordEmail',
    outcome: 'wrong token',
    asks: 'requestPasswordReset',
    typed: byEmail,
    secret: () => ({ token: wrongToken(), newPassword }),
  },
  {
    ...guess,
    route: 'resetPasswordBasic',
    asks: 'forgotPassword',
    typed: byEmail,
    secret: () => ({ ...wrongCode, newPassword }),
  },
  {
    ...guess,
    route: 'resetPin',
    asks: 'requestPinReset',
    typed: byPhone,
    secret: () => ({ ...wrongCode, newPin: '482915' }),
  },
  {
    ...guess,
    route: 'verifyOtpTwoFactor',
    outcome: 'no code asked for',
    typed: byPair,
    secret: () => wrongCode,
  },
  {
    ...guess,
    route: 'resetPasswordTwoFactor',
    outcome: 'wrong token',
    typed: byPair,
    secret: () => ({ resetToken: wrongToken(), newPassword }),
  },
  { ...mismatch, route: 'verifyIdentity' },
  { ...mismatch, route: 'requestTwoFactor' },
  {
    route: 'login',
    outcome: 'wrong password',
    status: 401,
    turns: 4,
    typed: ({ email }) => ({ identifier: email }),
    secret: () => ({ password: 'not this one' }),
    slotMs: startSlotMs(policy.loginFloorMs, loginWorkMs),
  },
]
