/** The commands: one for each route of the table, and the flows' own ways. */
import fc from 'fast-check'
import type { RouteId } from '#shared/contract/routes.ts'
import * as admin from './admin.ts'
import * as disown from './disown.ts'
import { adminAims, aims, type Commands, command, sessionAims } from './draws.ts'
import * as recovery from './recovery.ts'
import * as sessions from './sessions.ts'
import * as signIn from './sign-in.ts'
import * as support from './support.ts'
import { oneWay, type WayName, ways } from './ways.ts'

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
  introspectSession: ofSession(sessions.introspectSession),
  findIdentity: ofAdmin(support.findIdentity),
  identityState: ofAdmin(support.identityState),
  signOutIdentity: ofAdmin(support.signOutIdentity),
  showAddresses: ofAdmin(support.showAddresses),
  suspendIdentity: ofAdmin(support.suspendIdentity),
  resumeIdentity: ofAdmin(support.resumeIdentity),
  identityLedger: ofAdmin(admin.identityLedger),
  health: ofAdmin(admin.health),
}

export const routesWithCommand = Object.keys(byRoute) as RouteId[]

/** Sequences of at most so many commands, of one way alone where it is named. */
export function sequences(maxCommands: number, way?: WayName) {
  const single = Object.entries(byRoute).map(([route, make]) => make(route))
  // As many of the ways as of all single routes, or few sequences would get far.
  const all = fc.oneof({ weight: 3, arbitrary: fc.oneof(...single) }, { weight: 2, arbitrary: ways })
  return fc.commands([way === undefined ? all : oneWay(way)], { maxCommands, size: 'max' })
}
