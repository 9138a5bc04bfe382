/**
 * The table of routes. Read by the functions, the CDK app, the local gateway, the OpenAPI document and the client.
 * `step` names the function (`functions/<step>.ts`); `flow` is the row of policy it runs with.
 */
import type { Code } from './codes.ts'
import type { FlowId } from './flows.ts'
import type { BodyId } from './schemas.ts'
import { act, admin, supportRoutes } from './support-routes.ts'
import { throttles } from './throttles.ts'

export type Access = 'public' | 'session' | 'admin'

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** API Gateway resource path. */
  readonly path: string
  readonly step: string
  readonly access: Access
  readonly flow?: FlowId
  readonly body?: BodyId
  /** An absent body means an empty object. */
  readonly bodyOptional?: true
  /** Refusals of the step itself; those of the edge and of the access kind are added by `codesOf`. */
  readonly codes: readonly Code[]
  /** HTTP status of success where it is not 200 alone. */
  readonly created?: true
  /** Query parameters. */
  readonly query?: readonly string[]
  readonly throttle: keyof typeof throttles
  readonly summary: string
}

export { throttles }

const asking = ['RATE_LIMITED', 'RESEND_TOO_SOON', 'TRIES_EXHAUSTED'] as const
const guessing = ['OTP_INVALID', 'TRIES_EXHAUSTED'] as const
const newPassword = ['PASSWORD_WEAK', 'PASSWORD_REUSED'] as const
const newPin = ['PIN_FORMAT', 'PIN_TRIVIAL'] as const

const request = {
  method: 'POST',
  step: 'request-code',
  access: 'public',
  codes: asking,
  throttle: 'send',
} as const
const verify = {
  method: 'POST',
  step: 'verify-code',
  access: 'public',
  codes: guessing,
  throttle: 'guess',
} as const
const reset = { method: 'POST', step: 'reset-password', access: 'public', throttle: 'guess' } as const
export const routes = {
  requestPasswordReset: {
    ...request,
    path: '/auth/request-password-reset',
    flow: 'password-email',
    body: 'email',
    summary: 'Ask for a password reset code by email',
  },
  resendPasswordResetOtp: {
    ...request,
    path: '/auth/resend-password-reset-otp',
    flow: 'password-email',
    body: 'email',
    summary: 'Ask for the code again',
  },
  verifyPasswordResetOtp: {
    ...verify,
    path: '/auth/verify-password-reset-otp',
    flow: 'password-email',
    body: 'emailOtp',
    summary: 'Prove the code, get a reset token',
  },
  resetPasswordEmail: {
    ...reset,
    path: '/auth/reset-password',
    flow: 'password-email',
    body: 'emailReset',
    codes: [...guessing, 'TOKEN_INVALID', ...newPassword, 'PASSWORD_BREACHED'],
    summary: 'Set a new password with the code or the token',
  },
  forgotPassword: {
    ...request,
    path: '/api/auth/forgot-password',
    flow: 'password-email-basic',
    body: 'email',
    summary: 'Ask for a password reset code by email',
  },
  verifyResetOtp: {
    ...verify,
    path: '/api/auth/verify-reset-otp',
    flow: 'password-email-basic',
    body: 'emailOtp',
    summary: 'Prove the code',
  },
  resetPasswordBasic: {
    ...reset,
    path: '/api/auth/reset-password',
    flow: 'password-email-basic',
    body: 'emailOtpReset',
    codes: [...guessing, ...newPassword],
    summary: 'Set a new password with the code',
  },
  verifyIdentity: {
    method: 'POST',
    path: '/api/password-reset/verify-identity',
    step: 'verify-identity',
    access: 'public',
    flow: 'password-two-factor',
    body: 'pair',
    codes: ['CREDENTIALS_INVALID', 'RATE_LIMITED'],
    throttle: 'guess',
    summary: 'Check that identifier and phone belong together',
  },
  requestTwoFactor: {
    method: 'POST',
    path: '/api/password-reset/request',
    step: 'request-code-for-pair',
    access: 'public',
    flow: 'password-two-factor',
    body: 'pair',
    codes: ['CREDENTIALS_INVALID', ...asking],
    throttle: 'send',
    summary: 'Ask for a password reset code by SMS',
  },
  verifyOtpTwoFactor: {
    ...verify,
    path: '/api/password-reset/verify-otp',
    flow: 'password-two-factor',
    body: 'pairOtp',
    summary: 'Prove the code, get a reset token',
  },
  resetPasswordTwoFactor: {
    ...reset,
    path: '/api/password-reset/reset',
    flow: 'password-two-factor',
    body: 'pairReset',
    codes: ['TOKEN_INVALID', 'TRIES_EXHAUSTED', ...newPassword],
    summary: 'Set a new password with the token',
  },
  requestPinReset: {
    ...request,
    path: '/api/pin/reset/request',
    flow: 'pin-reset',
    body: 'pinResetRequest',
    summary: 'Ask for a PIN reset code by SMS',
  },
  resetPin: {
    method: 'POST',
    path: '/api/pin/reset',
    step: 'reset-pin',
    access: 'public',
    flow: 'pin-reset',
    body: 'pinReset',
    codes: [...guessing, ...newPin, 'PIN_REUSED', 'NOT_ELIGIBLE'],
    throttle: 'guess',
    summary: 'Set a new PIN with the code',
  },
  notMe: {
    method: 'POST',
    path: '/api/recovery/not-me',
    step: 'not-me',
    access: 'public',
    body: 'notMe',
    codes: ['TOKEN_INVALID'],
    throttle: 'guess',
    summary: 'Disown a change: freeze recovery, end sessions, make the changed secret unusable',
  },
  setPin: {
    method: 'POST',
    path: '/api/pin/set',
    step: 'set-pin',
    access: 'session',
    body: 'pinSet',
    codes: [...newPin, 'FORBIDDEN', 'CONSENT_REQUIRED', 'SECOND_FACTOR_REQUIRED', 'PIN_ALREADY_SET'],
    throttle: 'guess',
    summary: 'Set the first PIN',
  },
  verifyPin: {
    method: 'POST',
    path: '/api/pin/verify',
    step: 'verify-pin',
    access: 'session',
    body: 'pinVerify',
    codes: ['PIN_FORMAT', 'PIN_INVALID', 'PIN_LOCKED', 'SECOND_FACTOR_REQUIRED'],
    throttle: 'guess',
    summary: 'Prove the PIN for a gated action',
  },
  acceptConsent: {
    method: 'POST',
    path: '/api/consent',
    step: 'accept-consent',
    access: 'session',
    body: 'consent',
    codes: [],
    throttle: 'read',
    summary: 'Record that the legal agreement was accepted',
  },
  requestStepUp: {
    method: 'POST',
    path: '/api/auth/step-up/request',
    step: 'request-step-up',
    access: 'session',
    flow: 'step-up',
    body: 'none',
    bodyOptional: true,
    codes: [...asking, 'FORBIDDEN'],
    throttle: 'send',
    summary: 'Ask for a code that proves the phone',
  },
  verifyStepUp: {
    method: 'POST',
    path: '/api/auth/step-up/verify',
    step: 'verify-step-up',
    access: 'session',
    flow: 'step-up',
    body: 'stepUpVerify',
    codes: guessing,
    throttle: 'guess',
    summary: 'Prove the phone in this session',
  },
  login: {
    method: 'POST',
    path: '/api/auth/login',
    step: 'login',
    access: 'public',
    body: 'login',
    codes: ['CREDENTIALS_INVALID', 'RATE_LIMITED', 'TRIES_EXHAUSTED'],
    throttle: 'guess',
    summary: 'Sign in with a password',
  },
  verifyLogin: {
    method: 'POST',
    path: '/api/auth/login/verify',
    step: 'verify-login',
    access: 'public',
    flow: 'login-mfa',
    body: 'loginVerify',
    codes: guessing,
    throttle: 'guess',
    summary: 'Finish signing in with a code',
  },
  getSession: {
    method: 'GET',
    path: '/api/auth/session',
    step: 'get-session',
    access: 'session',
    codes: [],
    throttle: 'read',
    summary: 'The session and its live factors',
  },
  getAccount: {
    method: 'GET',
    path: '/api/auth/account',
    step: 'get-session',
    access: 'session',
    codes: [],
    throttle: 'read',
    summary: 'What a person may know of their own account, addresses masked',
  },
  logout: {
    method: 'POST',
    path: '/api/auth/logout',
    step: 'logout',
    access: 'session',
    body: 'logout',
    bodyOptional: true,
    codes: [],
    throttle: 'read',
    summary: 'End this session, or all',
  },
  listSessions: {
    method: 'GET',
    path: '/api/auth/sessions',
    step: 'list-sessions',
    access: 'session',
    codes: [],
    throttle: 'read',
    summary: 'The sessions of this identity',
  },
  endSession: {
    method: 'DELETE',
    path: '/api/auth/sessions/{id}',
    step: 'end-session',
    access: 'session',
    codes: ['NOT_FOUND'],
    throttle: 'read',
    summary: 'End one session',
  },
  changePassword: {
    method: 'POST',
    path: '/api/auth/password/change',
    step: 'change-password',
    access: 'session',
    body: 'passwordChange',
    codes: ['CREDENTIALS_INVALID', 'RATE_LIMITED', ...newPassword, 'PASSWORD_BREACHED'],
    throttle: 'guess',
    summary: 'Change the password, ending all other sessions',
  },
  putIdentity: {
    ...admin,
    method: 'PUT',
    path: '/admin/identities/{userId}',
    step: 'put-identity',
    body: 'identity',
    codes: ['CONFLICT'],
    created: true,
    summary: 'Register or change an identity',
  },
  getIdentity: {
    ...admin,
    method: 'GET',
    path: '/admin/identities/{userId}',
    step: 'get-identity',
    codes: ['NOT_FOUND'],
    summary: 'Read an identity',
  },
  deleteIdentity: {
    ...act,
    method: 'DELETE',
    path: '/admin/identities/{userId}',
    step: 'delete-identity',
    summary: 'Erase the personal data of an identity',
  },
  unlockIdentity: {
    ...act,
    method: 'POST',
    path: '/admin/identities/{userId}/unlock',
    step: 'unlock-identity',
    summary: 'Lift freezes, limits and the PIN lock',
  },
  requireReset: {
    ...act,
    method: 'POST',
    path: '/admin/identities/{userId}/require-reset',
    step: 'require-reset',
    summary: 'Make the password unusable until a reset',
  },
  introspectSession: {
    ...admin,
    method: 'POST',
    path: '/admin/sessions/introspect',
    step: 'introspect-session',
    body: 'introspect',
    codes: [],
    throttle: 'check',
    summary: 'Whose session a token opens, at this moment',
  },
  ...supportRoutes,
  identityLedger: {
    ...admin,
    method: 'GET',
    path: '/admin/identities/{userId}/ledger',
    step: 'read-ledger',
    codes: ['NOT_FOUND', 'VALIDATION_FAILED'],
    query: ['cursor'],
    summary: 'The ledger entries of an identity, oldest first',
  },
  health: {
    method: 'GET',
    path: '/health',
    step: 'health',
    access: 'public',
    codes: [],
    throttle: 'read',
    summary: 'Whether the API answers',
  },
} as const satisfies Record<string, Route>

export type RouteId = keyof typeof routes
export type StepId = (typeof routes)[RouteId]['step']

/** The row of a route, with the columns' general types. */
export const routeOf = (id: RouteId): Route => routes[id]

/** Workers: functions that no route reaches. */
export const workers = [
  'deliver',
  'notify',
  'append-ledger',
  'seal-ledger',
  'sentinel',
  'sweep-outbox',
  'watch-sms',
  'publish',
] as const
export type WorkerId = (typeof workers)[number]

/** All refusals a route may answer: its own, and those of the edge. */
export function codesOf(route: Route): Code[] {
  // The firewall counts bytes before anything is routed, so also where no body is meant.
  const edge: Code[] = ['RATE_LIMITED', 'UNAVAILABLE', 'BODY_TOO_LARGE']
  if (route.body) edge.push('MALFORMED_JSON', 'VALIDATION_FAILED', 'UNSUPPORTED_MEDIA_TYPE')
  if (route.access === 'session') edge.push('SESSION_INVALID')
  if (route.access === 'admin') edge.push('FORBIDDEN')
  return [...new Set([...route.codes, ...edge])]
}
