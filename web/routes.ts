/** Method, path and access of the routes that clients call: a constant, so that no schema comes along into a browser. */
import type { routes } from '#shared/contract/routes.ts'

type Table = typeof routes

/** All routes but those of a team's own backend, which are signed with IAM. */
export type ClientRouteId = {
  [Id in keyof Table]: Table[Id]['access'] extends 'admin' ? never : Id
}[keyof Table]

/** Held to the table by its type: a path that differs from it, is missing or is too many does not compile. */
export const clientRoutes = {
  requestPasswordReset: ['POST', '/auth/request-password-reset', 'public'],
  resendPasswordResetOtp: ['POST', '/auth/resend-password-reset-otp', 'public'],
  verifyPasswordResetOtp: ['POST', '/auth/verify-password-reset-otp', 'public'],
  resetPasswordEmail: ['POST', '/auth/reset-password', 'public'],
  forgotPassword: ['POST', '/api/auth/forgot-password', 'public'],
  verifyResetOtp: ['POST', '/api/auth/verify-reset-otp', 'public'],
  resetPasswordBasic: ['POST', '/api/auth/reset-password', 'public'],
  verifyIdentity: ['POST', '/api/password-reset/verify-identity', 'public'],
  requestTwoFactor: ['POST', '/api/password-reset/request', 'public'],
  verifyOtpTwoFactor: ['POST', '/api/password-reset/verify-otp', 'public'],
  resetPasswordTwoFactor: ['POST', '/api/password-reset/reset', 'public'],
  requestPinReset: ['POST', '/api/pin/reset/request', 'public'],
  resetPin: ['POST', '/api/pin/reset', 'public'],
  notMe: ['POST', '/api/recovery/not-me', 'public'],
  setPin: ['POST', '/api/pin/set', 'session'],
  verifyPin: ['POST', '/api/pin/verify', 'session'],
  acceptConsent: ['POST', '/api/consent', 'session'],
  requestStepUp: ['POST', '/api/auth/step-up/request', 'session'],
  verifyStepUp: ['POST', '/api/auth/step-up/verify', 'session'],
  login: ['POST', '/api/auth/login', 'public'],
  verifyLogin: ['POST', '/api/auth/login/verify', 'public'],
  getSession: ['GET', '/api/auth/session', 'session'],
  getAccount: ['GET', '/api/auth/account', 'session'],
  logout: ['POST', '/api/auth/logout', 'session'],
  listSessions: ['GET', '/api/auth/sessions', 'session'],
  endSession: ['DELETE', '/api/auth/sessions/{id}', 'session'],
  changePassword: ['POST', '/api/auth/password/change', 'session'],
  health: ['GET', '/health', 'public'],
} as const satisfies {
  readonly [Id in ClientRouteId]: readonly [Table[Id]['method'], Table[Id]['path'], Table[Id]['access']]
}
