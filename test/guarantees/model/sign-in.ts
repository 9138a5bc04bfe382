/** Signing in, from several devices at once: the password, the code of one sign-in, and the phone of one session. */

import assert from 'node:assert/strict'
import { subjectKey } from '#shared/domain/subject.ts'
import { policy } from '#shared/policy.ts'
import { wrongCode } from '#test/support/recovery.ts'
import type { World } from '#test/support/world.ts'
import { at, codeAfter, issue } from './recovery.ts'
import {
  type Challenge,
  isLiveSession,
  isUsable,
  judge,
  type Model,
  openSession,
  type Person,
  provePossession,
  type Session,
} from './state.ts'
import { perform } from './step.ts'

/** Whose session or challenge, and how it is spoilt. */
export interface SignInAim {
  readonly person: number
  /** Back from the newest. */
  readonly back: number
  /** Which way the person is typed. */
  readonly alias: number
  readonly wrong: boolean
  /** A session, code or challenge that belongs to another. */
  readonly astray: boolean
  readonly named: boolean
}

/** The session that a call carries; nobody's where there is none. */
export function sessionOf({ sessions }: Model, { back }: Pick<SignInAim, 'back'>): Session | undefined {
  return sessions.at(-1 - (back % Math.max(1, sessions.length)))
}
export const bearer = (session: Session | undefined) => session?.token ?? 'u-nobody.s.s'

/** A device is named at each sign-in: several are signed in at once. */
const device = ({ alias }: SignInAim) => ({ id: `device-${alias}`, model: 'Model' })

const canSignIn = (person: Person) => isUsable(person) && !person.resetRequired

function signedIn(person: Person): void {
  if (person.imported) person.replaced.add('password')
  person.imported = false
}

/** A limit on passwords shows only after as many wrong ones; that of sign-in codes likewise. */
const signInLimits = ({ counted }: Person) => [
  ...(counted.wrongPasswords >= policy.loginFailuresPerIdentifier ? (['RATE_LIMITED'] as const) : []),
  ...(counted.signInCodes >= 10 ? (['RATE_LIMITED'] as const) : []),
]

export async function login(model: Model, world: World, aim: SignInAim): Promise<void> {
  const person = at(model.people, aim.person)
  const identifier = at([person.email, person.username, person.phone], aim.alias)
  // Wrong, or another person's.
  const password = aim.wrong
    ? 'Wrong-Harbour-00-Vane!'
    : at(model.people, aim.person + (aim.astray ? 1 : 0)).password
  const right = password === person.password && canSignIn(person)
  const to = person.signInCodeByEmail ? person.email : person.phone
  let challengeId: string | undefined
  const askedAt = Date.now()
  const call = () =>
    perform(model, world, {
      route: 'login',
      body: { identifier, password, device: device(aim) },
      expected: right ? 'done' : ['CREDENTIALS_INVALID'],
      limits: signInLimits(person),
      onDone: (reply) => {
        signedIn(person)
        challengeId = reply?.data.challengeId
        if (!person.mfaEnabled) openSession(model, person, reply?.data.accessToken ?? '')
        assert.equal(reply?.data.mfaRequired === true, person.mfaEnabled, 'MFA at a sign-in')
        if (!person.mfaEnabled) person.signInCodeByEmail = false
      },
      onRefused: () => {
        person.counted.wrongPasswords += 1
      },
    })
  const code = person.mfaEnabled && right ? await codeAfter(world, to, call) : void (await call())
  if (challengeId === undefined) return
  person.counted.signInCodes += 1
  issueSignIn(model, person, challengeId, code, askedAt)
}

const unused = { token: undefined, state: 'issued' } as const

function issueSignIn(
  model: Model,
  person: Person,
  flowId: string,
  code: string | undefined,
  askedAt: number,
): void {
  const { credentialEpoch } = person
  const pk = `C#login-mfa#${flowId}`
  const method = person.signInCodeByEmail ? 'email-otp' : 'sms-otp'
  const known = { flow: 'login-mfa', pk, person, flowId, code, method, credentialEpoch } as const
  issue(model, { ...known, ...unused, expiresAt: askedAt + 300_000, tries: { open: 0, named: 0 } })
}

const issuedBy = (model: Model, flow: Challenge['flow'], back: number): Challenge | undefined => {
  const own = model.challenges.filter((each) => each.flow === flow)
  return own.at(-1 - (back % Math.max(1, own.length)))
}

/** The right code of a challenge, a wrong one, or the newest code of another flow. */
function otpFor(model: Model, challenge: Challenge | undefined, aim: SignInAim): string {
  const other = model.challenges.findLast((each) => each.flow !== challenge?.flow)
  const code = (aim.astray ? other?.code : challenge?.code) ?? '000000'
  return aim.wrong ? wrongCode(code) : code
}

export async function verifyLogin(model: Model, world: World, aim: SignInAim): Promise<void> {
  const challenge = issuedBy(model, 'login-mfa', aim.back)
  const flowId = challenge?.flowId ?? `${'x'.repeat(22)}.u-nobody`
  const otp = otpFor(model, challenge, aim)
  const pk = `C#login-mfa#${flowId}`
  const { right, count } = judge(model, { flow: 'login-mfa', pk, otp, flowId, takesVerified: false })
  await perform(model, world, {
    route: 'verifyLogin',
    body: { challengeId: flowId, otp },
    expected: right === undefined ? ['OTP_INVALID', 'TRIES_EXHAUSTED'] : 'done',
    onDone: (reply) => {
      if (right === undefined) return
      right.state = 'over'
      right.person.signInCodeByEmail = false
      const session = openSession(model, right.person, reply?.data.accessToken ?? '')
      provePossession(session, right.method ?? 'sms-otp')
    },
    onRefused: count,
  })
}

const stepUpPk = (person: Person | undefined) =>
  `C#step-up#${subjectKey({ kind: 'identity', value: person?.userId ?? '~' })}`

export async function requestStepUp(model: Model, world: World, aim: SignInAim): Promise<void> {
  const session = sessionOf(model, aim)
  const askedAt = Date.now()
  let flowId: string | undefined
  const code = await codeAfter(world, session?.person.phone ?? 'nobody', () =>
    perform(model, world, {
      route: 'requestStepUp',
      token: bearer(session),
      expected: isLiveSession(session) ? 'done' : ['SESSION_INVALID'],
      limits: isLiveSession(session) ? ['RATE_LIMITED', 'RESEND_TOO_SOON'] : [],
      onDone: (reply) => {
        flowId = reply?.data.flowId
      },
    }),
  )
  if (flowId === undefined || session === undefined) return
  const { person } = session
  const { credentialEpoch } = person
  const known = { flow: 'step-up', pk: stepUpPk(person), person, session, flowId, code } as const
  const tries = { open: 0, named: 0 }
  issue(model, { ...known, ...unused, credentialEpoch, expiresAt: askedAt + 300_000, tries })
}

export async function verifyStepUp(model: Model, world: World, aim: SignInAim): Promise<void> {
  const session = sessionOf(model, aim)
  const live = isLiveSession(session)
  const challenge = model.challenges.findLast((each) => each.pk === stepUpPk(session?.person))
  const otp = otpFor(model, challenge, aim)
  const flowId = aim.named ? challenge?.flowId : undefined
  const guess = { flow: 'step-up', pk: stepUpPk(session?.person), otp, flowId, session } as const
  const { right, count } = judge(model, { ...guess, takesVerified: false })
  await perform(model, world, {
    route: 'verifyStepUp',
    token: bearer(session),
    body: { otp, ...(flowId !== undefined && { flowId }) },
    expected: !live ? ['SESSION_INVALID'] : right === undefined ? ['OTP_INVALID', 'TRIES_EXHAUSTED'] : 'done',
    onDone: () => {
      if (right === undefined || session === undefined) return
      right.state = 'over'
      provePossession(session, 'sms-otp')
    },
    onRefused: () => {
      if (live) count()
    },
  })
}
