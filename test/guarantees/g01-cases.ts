/** G1 as a table: what each public route may answer to known and unknown subjects alike, and how to bring it about. */
import type { Code } from '#shared/contract/codes.ts'
import { type RouteId, routeOf, routes } from '#shared/contract/routes.ts'
import { sampleOf } from '#test/support/whole.ts'
import type { World } from '#test/support/world.ts'
import type { Kind, Scenario } from './same-reply.ts'

type PublicIn<Id extends RouteId> = Id extends unknown
  ? (typeof routes)[Id]['access'] extends 'public'
    ? Id
    : never
  : never
export type PublicRouteId = PublicIn<RouteId>
export type Outcome = Code | 'OK'

export interface Case {
  readonly route: PublicRouteId
  readonly outcome: Outcome
  /** How it comes to it. */
  readonly what: string
  /** The last call it makes is to the route. */
  readonly run: (world: World) => Scenario
  /** Whom it is held to; a known, an unknown and a suspended subject where it is not given. */
  readonly who?: readonly Kind[]
}

export const publicRoutes = (Object.keys(routes) as RouteId[]).filter(
  (id): id is PublicRouteId => routeOf(id).access === 'public',
)

/** @throws Error where no public route has the path */
export function routeAt(path: string): PublicRouteId {
  const id = publicRoutes.find((each) => routeOf(each).path === path)
  if (id === undefined) throw new Error(`${path} is no public route`)
  return id
}

const right = 'only after a right code or token, which nobody has for an unknown subject'
const ownRecord = { OK: right, PASSWORD_REUSED: right } as const
const matching = 'only for a pair that matches: the one answer seed 004 asks for'

/** Outcomes that an unknown subject cannot have, and why. */
export const knownAlone: Readonly<Record<PublicRouteId, Partial<Record<Outcome, string>>>> = {
  requestPasswordReset: {},
  resendPasswordResetOtp: {},
  verifyPasswordResetOtp: { OK: right },
  resetPasswordEmail: { ...ownRecord, PASSWORD_BREACHED: right },
  forgotPassword: {},
  verifyResetOtp: { OK: right },
  resetPasswordBasic: ownRecord,
  verifyIdentity: { OK: matching },
  requestTwoFactor: { OK: matching, RESEND_TOO_SOON: matching, TRIES_EXHAUSTED: matching },
  verifyOtpTwoFactor: { OK: right },
  resetPasswordTwoFactor: { ...ownRecord, TRIES_EXHAUSTED: right },
  requestPinReset: {},
  resetPin: { OK: right, PIN_REUSED: right, NOT_ELIGIBLE: right },
  login: { OK: 'only after a right password', TRIES_EXHAUSTED: 'only after a right password' },
  verifyLogin: {
    OK: 'only after a right password and a right code',
    TRIES_EXHAUSTED: 'only for a sign-in that was begun, which takes a right password',
  },
  notMe: { OK: 'only with the token of a message, which goes to nobody unknown' },
  health: { OK: 'means nobody' },
}

/** All outcomes a route may have by the table of routes; those of the edge do not depend on whom a body means. */
export const outcomesOf = (id: PublicRouteId): Outcome[] => ['OK', ...routeOf(id).codes]

/** What `npm test` takes of as many ways to one outcome of one route; the rest on the days after. */
const share = 0.3

/** Of each route and outcome a part of the cases, one at least. Routes that share their code do not share what they leave out. */
export function todaysPart(cases: readonly Case[]): Case[] {
  const groups = Map.groupBy(cases, ({ route, outcome }) => `${route} ${outcome}`)
  return [...groups.values()].flatMap((group, place) =>
    sampleOf(group, Math.ceil(group.length * share), place * 2),
  )
}
