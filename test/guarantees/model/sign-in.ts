/** Signing in, from several devices at once: the password, the code of one sign-in, and the phone of one session. */

import assert from 'node:assert/strict'
import { subjectKey } from '#shared/domain/subject.ts'
import { policy } from '#shared/policy.ts'
import {
  setWrongStepUpCodes as setWrongCodesOfSession,
  setWrongSignInCodes,
} from '#test/support/failed-guesses.ts'
import { wrongCode } from '#test/support/recovery.ts'
import type { World } from '#test/support/world.ts'
import { type Aim, at, codeAfter, issue, named, refFor } from './recovery.ts'
import {
  agreed,
  type Challenge,
  isLiveChallenge,
  isLiveSession,
  isSignInLocked,
  isUsable,
  judge,
  type Model,
  openSession,
  type Person,
  provePossession,
  type Session,
  signInWay,
  untried,
} from './state.ts'
import { perform } from './step.ts'
import { codeIn } from './stored.ts'

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
  readonly ref: Aim['ref']
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
  const locked = right && isSignInLocked(person)
  const byEmail = signInWay(person) === 'email'
  const [to, elsewhere] = byEmail ? [person.email, person.phone] : [person.phone, person.email]
  const before = world.messages(elsewhere).length
  let challengeId: string | undefined
  const askedAt = Date.now()
  const call = () =>
    perform(model, world, {
      route: 'login',
      body: { identifier, password, device: device(aim) },
      expected: locked ? ['TRIES_EXHAUSTED'] : right ? 'done' : ['CREDENTIALS_INVALID'],
      limits: signInLimits(person),
      onDone: (reply) => {
        signedIn(person)
        challengeId = reply?.data.challengeId
        if (!person.mfaEnabled) openSession(model, person, reply?.data.accessToken ?? '')
        assert.equal(reply?.data.mfaRequired === true, person.mfaEnabled, 'MFA at a sign-in')
        if (!person.mfaEnabled) succeed(person)
      },
      onRefused: () => {
        person.counted.wrongPasswords += 1
      },
    })
  const sent = await (person.mfaEnabled && right ? codeAfter(world, to, call) : call().then(() => codeIn([])))
  if (challengeId === undefined) return
  const strayed = codeIn(world.messages(elsewhere).slice(before)).code
  assert.equal(
    strayed,
    undefined,
    `the sign-in code of ${person.userId} goes by the channel of the last reset`,
  )
  person.counted.signInCodes += 1
  issueSignIn(model, person, challengeId, sent, askedAt)
}

/** A sign-in went all the way. */
function succeed(person: Person): void {
  person.lastReset = undefined
  person.wrongSignInCodes = 0
}

const unused = { token: undefined, state: 'issued' } as const

function issueSignIn(
  model: Model,
  person: Person,
  flowId: string,
  sent: ReturnType<typeof codeIn>,
  askedAt: number,
): void {
  const { credentialEpoch } = person
  const pk = `C#login-mfa#${flowId}`
  const method = `${signInWay(person)}-otp` as const
  const known = { flow: 'login-mfa', pk, person, flowId, ...sent, method, credentialEpoch } as const
  issue(model, { ...known, ...unused, ...untried(), expiresAt: askedAt + 300_000 })
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

/** Of a wrong sign-in code, and of a locked sign-in, in each language that a row may be put in. */
const subjects = [
  ['a wrong sign-in code', 'تم إدخال رمز تسجيل دخول خاطئ'],
  ['sign-in was locked', 'تم إيقاف تسجيل الدخول'],
]

/** How often the owner was told of each by email. */
const toldOf = (world: World, { email }: Person): number[] =>
  subjects.map(
    (said) =>
      world.messages(email).filter(({ subject }) => said.some((each) => subject?.includes(each))).length,
  )

const sumOf = ({ tries }: Challenge) => tries.open + tries.named + tries.ref

/** A wrong code after a right password: the first of a sign-in is told, and so is the hundredth in a row of all. */
async function wrongSignInCode(world: World, met: Challenge, guess: () => Promise<void>): Promise<void> {
  const { person } = met
  await world.idle()
  const before = toldOf(world, person)
  const [isFirst, isLocked] = [sumOf(met) === 0, isSignInLocked(person)]
  const isOwn = isLiveChallenge(met)
  await guess()
  if (!isLocked) person.wrongSignInCodes += 1
  await world.idle()
  if (!isUsable(person) || !isOwn) return
  const told = toldOf(world, person).map((count, place) => count - (before[place] ?? 0))
  const due = [isFirst, person.wrongSignInCodes === agreed.wrongSignInCodes].map((is) =>
    is && !isLocked ? 1 : 0,
  )
  assert.deepEqual(
    told,
    due,
    `${person.userId} is told of the first wrong sign-in code, and of the hundredth`,
  )
}

export async function verifyLogin(model: Model, world: World, aim: SignInAim): Promise<void> {
  const challenge = issuedBy(model, 'login-mfa', aim.back)
  const flowId = challenge?.flowId ?? `${'x'.repeat(22)}.u-nobody`
  const otp = otpFor(model, challenge, aim)
  const ref = refFor(challenge, aim.ref)
  const pk = `C#login-mfa#${flowId}`
  const guess = { flow: 'login-mfa', pk, otp, flowId, ref, takesVerified: false } as const
  const { right, met, count, spend } = judge(model, guess)
  const locked = right !== undefined && isSignInLocked(right.person)
  const call = () =>
    perform(model, world, {
      route: 'verifyLogin',
      body: { challengeId: flowId, otp, ...named(undefined, ref) },
      expected: locked
        ? ['TRIES_EXHAUSTED']
        : right === undefined
          ? ['OTP_INVALID', 'TRIES_EXHAUSTED']
          : 'done',
      onDone: (reply) => {
        if (right === undefined) return
        right.state = 'over'
        succeed(right.person)
        const session = openSession(model, right.person, reply?.data.accessToken ?? '')
        provePossession(session, right.method ?? 'sms-otp')
      },
      onRefused: locked ? spend : count,
    })
  await (met !== undefined && met.code !== otp ? wrongSignInCode(world, met, call) : call())
}

/** So many wrong codes as if they had been made: the hundred of them would take hours of calls. */
export async function setWrongCodes(person: Person, count: number): Promise<void> {
  if (person.erased || isSignInLocked(person)) return
  person.wrongSignInCodes = count
  await setWrongSignInCodes(person.userId, count)
}

export async function setWrongStepUpCodes(model: Model, aim: SignInAim, count: number): Promise<void> {
  const session = sessionOf(model, aim)
  if (!isLiveSession(session)) return
  session.wrongCodes = count
  await setWrongCodesOfSession(session.token, count)
}

const stepUpPk = (person: Person | undefined) =>
  `C#step-up#${subjectKey({ kind: 'identity', value: person?.userId ?? '~' })}`

export async function requestStepUp(model: Model, world: World, aim: SignInAim): Promise<void> {
  const session = sessionOf(model, aim)
  const askedAt = Date.now()
  let flowId: string | undefined
  const sent = await codeAfter(world, session?.person.phone ?? 'nobody', () =>
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
  const known = { flow: 'step-up', pk: stepUpPk(person), person, session, flowId, ...sent } as const
  issue(model, { ...known, ...unused, ...untried(), credentialEpoch, expiresAt: askedAt + 300_000 })
}

export async function verifyStepUp(model: Model, world: World, aim: SignInAim): Promise<void> {
  const session = sessionOf(model, aim)
  const live = isLiveSession(session)
  const challenge = model.challenges.findLast((each) => each.pk === stepUpPk(session?.person))
  const otp = otpFor(model, challenge, aim)
  const flowId = aim.named ? challenge?.flowId : undefined
  const ref = refFor(challenge, aim.ref)
  const guess = { flow: 'step-up', pk: stepUpPk(session?.person), otp, flowId, ref, session } as const
  const { right, met, count } = judge(model, { ...guess, takesVerified: false })
  await perform(model, world, {
    route: 'verifyStepUp',
    token: bearer(session),
    body: { otp, ...named(flowId, ref) },
    expected: !live ? ['SESSION_INVALID'] : right === undefined ? ['OTP_INVALID', 'TRIES_EXHAUSTED'] : 'done',
    onDone: () => {
      if (right === undefined || session === undefined) return
      right.state = 'over'
      provePossession(session, 'sms-otp')
    },
    onRefused: () => {
      if (!live) return
      count()
      if (met === undefined || met.code === otp) return
      session.wrongCodes += 1
      if (session.wrongCodes >= agreed.wrongStepUpCodes) session.stored = false
    },
  })
}
