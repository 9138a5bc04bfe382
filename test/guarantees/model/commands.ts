/** The commands: one for each route of the table, and the flows' own ways, from which single calls stray. */
import fc from 'fast-check'
import type { RouteId } from '#shared/contract/routes.ts'
import type { World } from '#test/support/world.ts'
import * as admin from './admin.ts'
import * as disown from './disown.ts'
import * as recovery from './recovery.ts'
import * as sessions from './sessions.ts'
import * as signIn from './sign-in.ts'
import type { Model } from './state.ts'

type Run = (model: Model, world: World) => Promise<void>

class Command implements fc.AsyncCommand<Model, World> {
  readonly name: string
  readonly given: unknown
  readonly run: Run
  constructor(name: string, given: unknown, run: Run) {
    this.name = name
    this.given = given
    this.run = run
  }
  check = () => true
  toString = () => `${this.name} ${JSON.stringify(this.given)}`
}

type Commands = fc.Arbitrary<Command>

const command = <Given>(
  name: string,
  given: fc.Arbitrary<Given>,
  run: (model: Model, world: World, given: Given) => Promise<void>,
): Commands => given.map((value) => new Command(name, value, (model, world) => run(model, world, value)))

/** True once in `of`. */
const seldom = (of: number) => fc.nat({ max: of - 1 }).map((drawn) => drawn === of - 1)
const person = fc.nat({ max: 2 })
const fault = fc.oneof(
  { weight: 14, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.constantFrom('fail-before' as const, 'fail-after' as const) },
)

const aims = fc.record({
  flow: fc.nat({ max: 3 }),
  person,
  alias: fc.boolean(),
  back: fc.nat({ max: 3 }),
  own: seldom(4).map((stray) => !stray),
  wrong: seldom(4),
  named: fc.boolean(),
  byToken: fc.boolean(),
  reuse: seldom(8),
  fault,
})
const sessionAims = fc.record({
  person,
  back: fc.nat({ max: 4 }),
  alias: fc.nat({ max: 2 }),
  wrong: seldom(4),
  astray: seldom(5),
  named: fc.boolean(),
  more: seldom(4),
  fault,
})
const adminAims = fc.record({ person, change: fc.nat({ max: 17 }), fault })

const ofFlow = (flow: number, run: typeof recovery.ask) => (name: string) =>
  command(
    name,
    aims.map((aim) => ({ ...aim, flow })),
    run,
  )
const ofSession = (run: typeof sessions.logout) => (name: string) => command(name, sessionAims, run)
const ofAdmin = (run: typeof admin.getIdentity) => (name: string) => command(name, adminAims, run)

/** A route without a command does not compile; one that is never reached fails the proof. */
const byRoute: Record<RouteId, (name: string) => Commands> = {
  requestPasswordReset: ofFlow(0, (model, world, aim) => recovery.ask(model, world, { ...aim, back: 0 })),
  resendPasswordResetOtp: ofFlow(0, (model, world, aim) => recovery.ask(model, world, { ...aim, back: 1 })),
  verifyPasswordResetOtp: ofFlow(0, recovery.verify),
  resetPasswordEmail: ofFlow(0, recovery.reset),
  forgotPassword: ofFlow(1, recovery.ask),
  verifyResetOtp: ofFlow(1, recovery.verify),
  resetPasswordBasic: ofFlow(1, recovery.reset),
  verifyIdentity: ofFlow(2, recovery.verifyIdentity),
  requestTwoFactor: ofFlow(2, recovery.ask),
  verifyOtpTwoFactor: ofFlow(2, recovery.verify),
  resetPasswordTwoFactor: ofFlow(2, recovery.reset),
  requestPinReset: ofFlow(3, recovery.ask),
  resetPin: ofFlow(3, recovery.reset),
  notMe: ofSession(disown.notMe),
  setPin: ofSession(sessions.setPin),
  verifyPin: ofSession(sessions.verifyPin),
  acceptConsent: ofSession(sessions.acceptConsent),
  requestStepUp: ofSession(signIn.requestStepUp),
  verifyStepUp: ofSession(signIn.verifyStepUp),
  login: ofSession(signIn.login),
  verifyLogin: ofSession(signIn.verifyLogin),
  getSession: ofSession(sessions.getSession),
  logout: ofSession(sessions.logout),
  listSessions: ofSession(sessions.listSessions),
  endSession: ofSession(sessions.endSession),
  changePassword: ofSession(sessions.changePassword),
  putIdentity: ofAdmin(admin.putIdentity),
  getIdentity: ofAdmin(admin.getIdentity),
  deleteIdentity: ofAdmin(admin.deleteIdentity),
  unlockIdentity: ofAdmin(admin.unlockIdentity),
  requireReset: ofAdmin(admin.requireReset),
  identityLedger: ofAdmin(admin.identityLedger),
  health: ofAdmin(admin.health),
}

const straight = { wrong: false, astray: false, own: true, reuse: false, more: false, back: 0 }

/** A flow's own order, which any of its calls may leave; a wrong code may go before the right one. */
const recoveryWay = command(
  'recover',
  fc.record({ asked: aims, verified: aims, finished: aims, skips: seldom(4), strays: fc.nat({ max: 6 }) }),
  async (model, world, { asked, verified, finished, skips, strays }) => {
    const { flow, person, alias } = asked
    const own = { ...straight, flow, person, alias }
    await recovery.ask(model, world, { ...asked, wrong: false })
    if (strays === 0) await recovery.reset(model, world, { ...finished, ...own, wrong: true, byToken: false })
    if (!skips) await recovery.verify(model, world, strays === 1 ? verified : { ...verified, ...own })
    if (strays === 2) await recovery.reset(model, world, finished)
    // Its code goes to the other flow of the same address, its token to another person.
    const astray = { ...finished, ...own, own: false, named: false }
    if (strays === 4) await recovery.reset(model, world, { ...astray, flow: flow ^ 1, byToken: false })
    if (strays === 5) await recovery.reset(model, world, { ...astray, person: person + 1, byToken: true })
    await recovery.reset(model, world, { ...finished, ...own })
    if (strays === 3) await recovery.reset(model, world, { ...finished, ...own })
  },
)

/** A sign-in on one more device, with what may follow on it. */
const signInWay = command(
  'sign in',
  fc.tuple(sessionAims, fc.nat({ max: 3 }), seldom(5)),
  async (model, world, [aim, far, stray]) => {
    const own = { ...aim, ...straight, fault: undefined }
    await signIn.login(model, world, own)
    if (recovery.at(model.people, aim.person).mfaEnabled) await signIn.verifyLogin(model, world, own)
    if (far > 0) await signIn.requestStepUp(model, world, own)
    if (far > 0 && !stray) await signIn.verifyStepUp(model, world, own)
    if (far > 1) await sessions.acceptConsent(model, world, own)
    if (far > 2) await sessions.setPin(model, world, own)
  },
)

/** Wrong PINs in a row, up to the lock and past it. */
const pinGuesses = command('guess PINs', fc.integer({ min: 5, max: 12 }), async (model, world, count) => {
  const back = Math.max(
    0,
    [...model.sessions].reverse().findIndex(({ person: { pin } }) => pin !== undefined),
  )
  const aim = { ...straight, person: 0, alias: 0, named: false, back, fault: undefined }
  for (let guess = 0; guess < count; guess += 1)
    await sessions.verifyPin(model, world, { ...aim, wrong: guess < count - 1 })
})

/** Wrong codes in a row, as many as a code's tries and more, then the right one. */
const codeGuesses = command(
  'guess codes',
  fc.record({ asked: aims, count: fc.integer({ min: 2, max: 6 }) }),
  async (model, world, { asked, count }) => {
    const { flow, person, alias, named } = asked
    const own = { ...asked, ...straight, flow, person, alias, named, byToken: false, fault: undefined }
    await recovery.ask(model, world, own)
    for (let guess = 0; guess < count; guess += 1) await recovery.reset(model, world, { ...own, wrong: true })
    await recovery.reset(model, world, own)
  },
)

/** No sum of them comes close below a life of a code, a factor or a session: each is a second over whole minutes. */
const wait = command(
  'wait',
  fc.constantFrom(61, 61, 61, 301, 601, 3601, 43_201),
  async (_, world, seconds) => {
    await world.advance(seconds)
  },
)

export const routesWithCommand = Object.keys(byRoute) as RouteId[]

/** Sequences of at most so many commands. */
export function sequences(maxCommands: number) {
  const single = Object.entries(byRoute).map(([route, make]) => make(route))
  const ways = [recoveryWay, recoveryWay, signInWay, signInWay, codeGuesses, pinGuesses, wait, wait]
  // As many of the ways as of all single routes, or few sequences would get far.
  const all = fc.oneof(
    { weight: 3, arbitrary: fc.oneof(...single) },
    { weight: 2, arbitrary: fc.oneof(...ways) },
  )
  return fc.commands([all], { maxCommands, size: 'max' })
}
