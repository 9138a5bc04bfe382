/** The flows' own ways, from which single calls stray, and what people and thieves do over and over. */
import fc from 'fast-check'
import type { World } from '#test/support/world.ts'
import * as admin from './admin.ts'
import * as disown from './disown.ts'
import { aims, type Commands, command, person, seldom, sessionAims } from './draws.ts'
import * as recovery from './recovery.ts'
import * as sessions from './sessions.ts'
import * as signIn from './sign-in.ts'
import type { Model } from './state.ts'

const straight = {
  ...{ wrong: false, astray: false, own: true, reuse: false, breached: false, more: false, back: 0 },
  ref: 'none',
} as const

/** A flow's own order, which any of its calls may leave; a wrong code may go before the right one. */
const recoveryWay = command(
  'recover',
  fc.record({ asked: aims, verified: aims, finished: aims, skips: seldom(4), strays: fc.nat({ max: 6 }) }),
  async (model, world, { asked, verified, finished, skips, strays }) => {
    const { flow, person, alias } = asked
    const own = { ...straight, flow, person, alias, ref: finished.ref }
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

/** Wrong codes in a row, as many as a code's tries and more, then the right one, by its message's reference or not. */
const codeGuesses = command(
  'guess codes',
  fc.record({ asked: aims, count: fc.integer({ min: 2, max: 6 }), byRef: fc.boolean() }),
  async (model, world, { asked, count, byRef }) => {
    const { flow, person, alias, named, ref } = asked
    const own = { ...asked, ...straight, flow, person, alias, named, ref, byToken: false, fault: undefined }
    await recovery.ask(model, world, own)
    for (let guess = 0; guess < count; guess += 1) await recovery.reset(model, world, { ...own, wrong: true })
    await recovery.reset(model, world, byRef ? { ...own, ref: 'right' } : own)
  },
)

/** No sum of them comes close below a life of a code, a factor or a session: each is a second over whole minutes. */
const wait = command(
  'wait',
  fc.constantFrom(61, 61, 61, 301, 601, 3601, 43_201, 86_401),
  async (_, world, seconds) => {
    await world.advance(seconds)
  },
)

const unspoilt = { ...straight, byToken: false, named: false, alias: false, fault: undefined } as const
const recover = async (
  model: Model,
  world: World,
  given: { flow: number; person: number; alias?: boolean },
) => {
  const aim = { ...unspoilt, ...given }
  await recovery.ask(model, world, aim)
  await recovery.verify(model, world, aim)
  await recovery.reset(model, world, { ...aim, byToken: true })
}
const signingIn = { ...straight, alias: 0, named: false, fault: undefined } as const
const signInAs = async (model: Model, world: World, given: { person: number; alias?: number }) => {
  const aim = { ...signingIn, ...given }
  await signIn.login(model, world, aim)
  if (recovery.at(model.people, aim.person).mfaEnabled) await signIn.verifyLogin(model, world, aim)
}

/** Secrets that are in use or leaked, as often as they are told of and more, by code and token; then one that may be. */
const refusedSecrets = command(
  'have secrets refused',
  fc.record({ asked: aims, count: fc.integer({ min: 4, max: 8 }), verified: fc.boolean() }),
  async (model, world, { asked, count, verified }) => {
    const { flow, person, alias, named, breached } = asked
    const own = { ...unspoilt, flow, person, alias, named, breached }
    await recovery.ask(model, world, own)
    for (let refusal = 0; refusal < count; refusal += 1) {
      // The pair's reset takes nothing but the token.
      if (refusal === (flow === 2 ? 0 : 2) && verified) await recovery.verify(model, world, own)
      const byToken = verified && refusal > 2 && refusal % 2 === 0
      await recovery.reset(model, world, { ...own, reuse: true, byToken })
    }
    await recovery.reset(model, world, { ...own, breached: false, byToken: verified })
  },
)

/** The second of three needs a code to sign in. */
const oftenMfa = fc.constantFrom(1, 1, 1, 0, 2)

/** One reset after the other, by the same channel or by the other one; then a sign-in of whoever needs a code. */
const recoverTwice = command(
  'recover twice',
  fc.record({
    person,
    flows: fc.constantFrom([2, 0], [2, 1], [0, 2], [1, 2], [2, 2], [2, 1, 2], [2, 0, 1]),
    between: seldom(3),
  }),
  async (model, world, { person: who, flows, between }) => {
    for (const [place, flow] of flows.entries()) {
      await recover(model, world, { person: who, flow })
      if (place === 0 && between) await signInAs(model, world, { person: who })
      await world.advance(3601)
    }
    await signInAs(model, world, { person: who })
  },
)

/** A nightly run puts a person's row again, after the password became something else. */
const sync = command(
  'put the same row again',
  fc.record({
    person,
    how: fc.nat({ max: 4 }),
    flow: fc.nat({ max: 2 }),
    nights: fc.integer({ min: 1, max: 2 }),
  }),
  async (model, world, { person: who, how, flow, nights }) => {
    const aim = { person: who, change: 0, fault: undefined }
    if (how < 3) await signInAs(model, world, { person: who })
    if (how === 1) await recover(model, world, { person: who, flow })
    if (how === 2) await admin.requireReset(model, world, aim)
    if (how === 3) {
      await recover(model, world, { person: who, flow })
      await disown.notMe(model, world, { back: 0, wrong: false, fault: undefined })
    }
    for (let night = 0; night < nights; night += 1) await admin.putSameRow(model, world, aim)
    await signInAs(model, world, { person: who })
  },
)

/** Wrong passwords up to the limit of an identifier; then the way out that every page names. */
const forgotten = command(
  'forget the password',
  fc.record({
    person,
    alias: fc.nat({ max: 2 }),
    flow: fc.nat({ max: 2 }),
    count: fc.integer({ min: 9, max: 11 }),
  }),
  async (model, world, { person: who, alias, flow, count }) => {
    for (let failed = 0; failed < count; failed += 1)
      await signIn.login(model, world, { ...signingIn, person: who, alias, wrong: true })
    await recover(model, world, { person: who, flow })
    await signInAs(model, world, { person: who, alias })
  },
)

/** Wrong sign-in codes up to the hundredth; then a day passes or not, and what opens sign-in comes or not. */
const signInGuesses = command(
  'guess sign-in codes',
  fc.record({
    person: oftenMfa,
    before: fc.constantFrom(97, 98, 99),
    wrong: fc.integer({ min: 1, max: 3 }),
    waits: fc.boolean(),
    way: fc.nat({ max: 4 }),
  }),
  async (model, world, { person: who, before, wrong, waits, way }) => {
    const aim = { ...signingIn, person: who }
    const guessed = recovery.at(model.people, who)
    await signIn.login(model, world, aim)
    await signIn.setWrongCodes(guessed, before)
    for (let guess = 0; guess < wrong; guess += 1)
      await signIn.verifyLogin(model, world, { ...aim, wrong: true })
    await signIn.verifyLogin(model, world, aim)
    await world.advance(waits ? 86_401 : 61)
    await signInAs(model, world, aim)
    if (way < 3) await recover(model, world, { person: who, flow: way })
    if (way === 3) await admin.unlockIdentity(model, world, { person: who, change: 0, fault: undefined })
    await signInAs(model, world, aim)
  },
)

/** Wrong step-up codes up to the hundredth of a session, and past it. */
const stepUpGuesses = command(
  'guess step-up codes',
  fc.record({ aim: sessionAims, before: fc.constantFrom(98, 99), wrong: fc.integer({ min: 1, max: 3 }) }),
  async (model, world, { aim, before, wrong }) => {
    const own = { ...aim, ...straight, fault: undefined }
    await signInAs(model, world, { person: aim.person })
    await signIn.requestStepUp(model, world, own)
    await signIn.setWrongStepUpCodes(model, own, before)
    for (let guess = 0; guess < wrong; guess += 1)
      await signIn.verifyStepUp(model, world, { ...own, wrong: true })
    await signIn.verifyStepUp(model, world, own)
    for (const back of model.sessions.keys()) await sessions.getSession(model, world, { back })
  },
)

/** By name, with how often each is taken. */
const weighted = {
  recover: [recoveryWay, 3],
  'sign in': [signInWay, 3],
  wait: [wait, 3],
  'guess codes': [codeGuesses, 1],
  'guess PINs': [pinGuesses, 1],
  'have secrets refused': [refusedSecrets, 2],
  'recover twice': [recoverTwice, 2],
  'put the same row again': [sync, 2],
  'forget the password': [forgotten, 1],
  'guess sign-in codes': [signInGuesses, 2],
  'guess step-up codes': [stepUpGuesses, 1],
} as const satisfies Readonly<Record<string, readonly [Commands, number]>>

export type WayName = keyof typeof weighted

/** Any of the ways. */
export const ways: Commands = fc.oneof(
  ...Object.values(weighted).map(([arbitrary, weight]) => ({ arbitrary, weight })),
)

/** One of them again and again. */
export const oneWay = (name: WayName): Commands => weighted[name][0]
