/** What a session may do: consent, the PIN, the password, and ending sessions of this device or another. */
import assert from 'node:assert/strict'
import type { Code } from '#shared/contract/codes.ts'
import { policy } from '#shared/policy.ts'
import type { World } from '#test/support/world.ts'
import { at, fresh, freshPin } from './recovery.ts'
import { bearer, type SignInAim, sessionOf } from './sign-in.ts'
import {
  hasPossession,
  isLiveSession,
  liveProofs,
  type Model,
  raise,
  recordEntry,
  type Session,
} from './state.ts'
import { type Fault, moved, perform } from './step.ts'

export interface SessionAim extends SignInAim {
  /** The secret that is already in use; or everywhere, for a logout. */
  readonly more: boolean
  readonly fault: Fault
}

const dead = ['SESSION_INVALID'] as const

export async function acceptConsent(model: Model, world: World, aim: SessionAim): Promise<void> {
  const session = sessionOf(model, aim)
  await perform(model, world, {
    route: 'acceptConsent',
    token: bearer(session),
    body: { document: 'terms', version: '1' },
    expected: isLiveSession(session) ? 'done' : dead,
    onDone: () => {
      if (session !== undefined) session.person.consented = true
    },
  })
}

/** The first of the refusals that holds, in the order that was agreed on. */
function pinRefusal(session: Session | undefined, trivial: boolean, other: boolean): Code | undefined {
  if (!isLiveSession(session)) return 'SESSION_INVALID'
  if (trivial) return 'PIN_TRIVIAL'
  if (other) return 'FORBIDDEN'
  if (!session.person.consented) return 'CONSENT_REQUIRED'
  if (!hasPossession(session)) return 'SECOND_FACTOR_REQUIRED'
  return session.person.pin === undefined ? undefined : 'PIN_ALREADY_SET'
}

export async function setPin(model: Model, world: World, aim: SessionAim): Promise<void> {
  const session = sessionOf(model, aim)
  const person = session?.person ?? at(model.people, aim.person)
  const meant = aim.astray ? at(model.people, model.people.indexOf(person) + 1) : person
  const pin = aim.wrong ? '123456' : freshPin()
  const refusal = pinRefusal(session, aim.wrong, meant !== person)
  await perform(
    model,
    world,
    {
      route: 'setPin',
      token: bearer(session),
      body: { ...(aim.named ? { phone: meant.phone } : { userId: meant.userId }), pin },
      expected: refusal === undefined ? 'done' : [refusal],
      onDone: () => {
        person.pin = pin
        person.pinFailures = 0
        person.replaced.add('pin')
        recordEntry(person, 'PIN_SET')
      },
      happened: moved(person),
    },
    aim.fault,
  )
}

function verifyPinRefusal(session: Session | undefined, pin: string): Code | undefined {
  if (!isLiveSession(session)) return 'SESSION_INVALID'
  if (!hasPossession(session)) return 'SECOND_FACTOR_REQUIRED'
  const { person } = session
  const isLocked = person.pinFailures >= policy.pinFailuresBeforeLock || person.pinResetRequired
  if (person.pin !== undefined && isLocked) return 'PIN_LOCKED'
  return person.pin === pin ? undefined : 'PIN_INVALID'
}

export async function verifyPin(model: Model, world: World, aim: SessionAim): Promise<void> {
  const session = sessionOf(model, aim)
  const pin = aim.wrong ? freshPin() : (session?.person.pin ?? '904172')
  const refusal = verifyPinRefusal(session, pin)
  await perform(model, world, {
    route: 'verifyPin',
    token: bearer(session),
    body: { pin },
    expected: refusal === undefined ? 'done' : [refusal],
    onDone: () => {
      if (session === undefined) return
      session.person.pinFailures = 0
      session.pinUntil = Date.now() + policy.pinFactorLifeSeconds * 1000
    },
    onRefused: () => {
      const counts = refusal === 'PIN_INVALID' && session?.person.pin !== undefined
      if (counts) session.person.pinFailures += 1
    },
  })
}

/** Factors that a session should still have. */
function factorsOf(session: Session): string[] {
  const pin = session.pinUntil > Date.now() ? ['pin'] : []
  return ['password', ...liveProofs(session), ...pin].sort()
}

export async function getSession(model: Model, world: World, aim: Pick<SessionAim, 'back'>): Promise<void> {
  const session = sessionOf(model, aim)
  await perform(model, world, {
    route: 'getSession',
    token: bearer(session),
    expected: isLiveSession(session) ? 'done' : dead,
    onDone: (reply) => {
      const shown = reply?.data.factors.map(({ method }) => method)
      if (session !== undefined) assert.deepEqual(shown?.sort(), factorsOf(session), 'factors of a session')
    },
  })
}

export async function getAccount(model: Model, world: World, aim: Pick<SessionAim, 'back'>): Promise<void> {
  const session = sessionOf(model, aim)
  await perform(model, world, {
    route: 'getAccount',
    token: bearer(session),
    expected: isLiveSession(session) ? 'done' : dead,
    onDone: (reply) => {
      if (session !== undefined && reply !== undefined)
        assert.equal(reply.data.hasPin, session.person.pin !== undefined, 'whether there is a PIN')
    },
  })
}

export async function introspectSession(
  model: Model,
  world: World,
  aim: Pick<SessionAim, 'back'>,
): Promise<void> {
  const session = sessionOf(model, aim)
  await perform(model, world, {
    route: 'introspectSession',
    body: { token: bearer(session) },
    expected: 'done',
    onDone: (reply) => {
      assert.equal(reply?.data.active, isLiveSession(session), 'a session as the team is told of it')
      if (reply?.data.active !== true || session === undefined) return
      const told = reply.data.factors.map(({ method }) => method)
      assert.deepEqual(told.sort(), factorsOf(session), 'factors as the team is told of them')
    },
  })
}

export async function listSessions(model: Model, world: World, aim: SessionAim): Promise<void> {
  const session = sessionOf(model, aim)
  await perform(model, world, {
    route: 'listSessions',
    token: bearer(session),
    expected: isLiveSession(session) ? 'done' : dead,
    onDone: (reply) => {
      const own = model.sessions.filter((each) => each.person === session?.person && isLiveSession(each))
      const listed = reply?.data.sessions.map(({ id }) => id).sort()
      assert.deepEqual(listed, own.map(({ id }) => id).sort(), 'sessions of an identity')
    },
  })
}

export async function endSession(model: Model, world: World, aim: SessionAim): Promise<void> {
  const session = sessionOf(model, aim)
  const others = model.sessions.filter((each) => (each.person === session?.person) !== aim.astray)
  const target = others.at(-1 - (aim.alias % Math.max(1, others.length)))
  const found = target?.stored === true && target.person === session?.person
  await perform(model, world, {
    route: 'endSession',
    params: { id: target?.id ?? 'none' },
    token: bearer(session),
    expected: !isLiveSession(session) ? dead : found ? 'done' : ['NOT_FOUND'],
    onDone: () => {
      if (target !== undefined) target.stored = false
    },
  })
}

export async function logout(model: Model, world: World, aim: SessionAim): Promise<void> {
  const session = sessionOf(model, aim)
  await perform(model, world, {
    route: 'logout',
    token: bearer(session),
    body: aim.more ? { everywhere: true } : {},
    expected: isLiveSession(session) ? 'done' : dead,
    onDone: () => {
      if (session === undefined) return
      session.stored = false
      const { person } = session
      if (aim.more && person.sessionEpoch !== undefined) person.sessionEpoch += 1
    },
  })
}

export async function changePassword(model: Model, world: World, aim: SessionAim): Promise<void> {
  const session = sessionOf(model, aim)
  const person = session?.person ?? at(model.people, aim.person)
  const password = aim.wrong ? 'Wrong-Harbour-00-Vane!' : person.password
  const newPassword = aim.more ? person.password : fresh.newPassword()
  const refusal: Code | undefined = !isLiveSession(session)
    ? 'SESSION_INVALID'
    : aim.wrong
      ? 'CREDENTIALS_INVALID'
      : aim.more
        ? 'PASSWORD_REUSED'
        : undefined
  const limited = person.counted.wrongPresent >= policy.loginFailuresPerIdentifier
  await perform(
    model,
    world,
    {
      route: 'changePassword',
      token: bearer(session),
      body: { password, newPassword },
      expected: refusal === undefined ? 'done' : [refusal],
      limits: limited ? ['RATE_LIMITED'] : [],
      onDone: () => {
        person.password = newPassword
        person.replaced.add('password')
        person.imported = false
        person.counted.wrongPasswords = 0
        person.wrongSignInCodes = 0
        raise(person)
        if (session !== undefined) session.credentialEpoch = person.credentialEpoch
      },
      onRefused: () => {
        if (refusal === 'CREDENTIALS_INVALID') person.counted.wrongPresent += 1
      },
      happened: moved(person),
    },
    aim.fault,
  )
}
