/** What successful replies hold, one schema a route: for the OpenAPI document, the client's types and the tests. */
import * as z from 'zod/mini'
import { type Code, codes } from './codes.ts'
import type { RouteId } from './routes.ts'

const text = z.string()
const dateTime = z.iso.datetime()
const seconds = z.int().check(z.gte(0))
const nothing = z.strictObject({})

const asked = { flowId: text, expiresInSeconds: seconds, resendAfterSeconds: seconds }
const askedByEmail = z.strictObject({ ...asked, maskedEmail: text })
const signedIn = z.strictObject({ accessToken: text, expiresInSeconds: seconds })
const device = z.strictObject({
  id: z.optional(text),
  model: z.optional(text),
  os: z.optional(text),
  osVersion: z.optional(text),
  appVersion: z.optional(text),
})
const factorGroup = z.enum(['KNOWLEDGE', 'POSSESSION', 'PRESENCE'])
const acceptance = z.strictObject({ document: text, version: text, acceptedAt: dateTime })

const identity = z.strictObject({
  userId: text,
  email: z.nullable(text),
  username: z.nullable(text),
  phone: z.nullable(text),
  locale: text,
  status: z.enum(['active', 'suspended']),
  mfaEnabled: z.boolean(),
  /** The one that opens the PIN gate. */
  consent: z.nullable(acceptance),
  consents: z.array(acceptance),
  hasPassword: z.boolean(),
  hasPin: z.boolean(),
  resetRequired: z.boolean(),
  createdAt: dateTime,
  updatedAt: dateTime,
})

const storedSession = {
  id: text,
  device: z.nullable(device),
  userAgent: z.nullable(text),
  createdAt: dateTime,
  lastUsedAt: dateTime,
  expiresAt: dateTime,
}
const session = z.strictObject({ ...storedSession, current: z.boolean() })

/** What support has to know, in place of the identity: no address in clear. */
const identityState = z.strictObject({
  userId: text,
  maskedEmail: z.nullable(text),
  username: z.nullable(text),
  maskedPhone: z.nullable(text),
  locale: text,
  status: z.enum(['active', 'suspended']),
  mfaEnabled: z.boolean(),
  hasPassword: z.boolean(),
  resetRequired: z.boolean(),
  /** The breach service did not answer when the password was set: the next login asks it. */
  breachCheckDue: z.boolean(),
  hasPin: z.boolean(),
  pinLocked: z.boolean(),
  pinResetRequired: z.boolean(),
  /** Until when codes of a recovery are not sent or not taken, and since whom. */
  frozenUntil: z.nullable(dateTime),
  frozenBy: z.nullable(z.enum(['owner', 'guesses'])),
  /** A hundred in a row, of passwords or of sign-in codes. */
  signInLocked: z.nullable(z.enum(['passwords', 'codes'])),
  lastCode: z.nullable(
    z.strictObject({
      flow: text,
      channel: z.nullable(text),
      at: dateTime,
      state: z.enum(['asked', 'sent', 'not-sent']),
      reason: z.nullable(text),
    }),
  ),
  sessions: z.array(z.strictObject(storedSession)),
  createdAt: dateTime,
  updatedAt: dateTime,
})

/** Fields of an entry beyond these are told in docs/ledger-format.md. */
const entry = z.looseObject({
  id: text,
  type: text,
  time: z.int(),
  writtenAt: z.int(),
  actor: text,
  outcome: z.enum(['success', 'failure']),
  reason: z.optional(text),
  requestId: text,
  policyVersion: text,
  chain: text,
  seq: z.int(),
  prevHash: text,
  hash: text,
})

const verifiedWithToken = z.strictObject({ token: text, expiresInSeconds: seconds })
const verifiedWithResetToken = z.strictObject({ resetToken: text, expiresInSeconds: seconds })
const expiring = z.strictObject({ expiresInSeconds: seconds })

/** The `data` of each route's success. */
export const replyData = {
  requestPasswordReset: askedByEmail,
  resendPasswordResetOtp: askedByEmail,
  verifyPasswordResetOtp: verifiedWithToken,
  resetPasswordEmail: nothing,
  forgotPassword: askedByEmail,
  verifyResetOtp: expiring,
  resetPasswordBasic: nothing,
  verifyIdentity: z.strictObject({ identifier: text, maskedPhone: text }),
  requestTwoFactor: z.strictObject({ ...asked, identifier: text, maskedPhone: text }),
  verifyOtpTwoFactor: verifiedWithResetToken,
  resetPasswordTwoFactor: nothing,
  requestPinReset: z.strictObject({ ...asked, maskedPhone: z.optional(text) }),
  resetPin: nothing,
  notMe: z.strictObject({
    frozenUntil: dateTime,
    passwordDisabled: z.optional(z.literal(true)),
    pinLocked: z.optional(z.literal(true)),
  }),
  setPin: nothing,
  verifyPin: expiring,
  acceptConsent: acceptance,
  requestStepUp: z.strictObject({ ...asked, maskedPhone: text }),
  verifyStepUp: expiring,
  login: z.union([
    signedIn,
    z.strictObject({
      ...asked,
      mfaRequired: z.literal(true),
      challengeId: text,
      maskedPhone: z.optional(text),
      maskedEmail: z.optional(text),
    }),
  ]),
  verifyLogin: signedIn,
  getSession: z.strictObject({
    userId: text,
    factors: z.array(z.strictObject({ group: factorGroup, method: text, at: dateTime, expiresAt: dateTime })),
    consent: z.nullable(acceptance),
    device: z.nullable(device),
    createdAt: dateTime,
    expiresAt: dateTime,
  }),
  logout: nothing,
  listSessions: z.strictObject({ sessions: z.array(session) }),
  endSession: nothing,
  changePassword: nothing,
  putIdentity: identity,
  getIdentity: identity,
  findIdentity: z.strictObject({ userId: text }),
  identityState,
  deleteIdentity: nothing,
  unlockIdentity: nothing,
  requireReset: nothing,
  signOutIdentity: nothing,
  suspendIdentity: nothing,
  resumeIdentity: nothing,
  identityLedger: z.strictObject({ entries: z.array(entry), nextCursor: z.optional(text) }),
  health: z.strictObject({ status: z.literal('ok') }),
} as const satisfies Record<RouteId, z.ZodMiniType>

export type ReplyData<Id extends RouteId> = z.output<(typeof replyData)[Id]>

/** Names that the seeds put at top level as well. */
export const topLevel: Partial<Record<RouteId, readonly string[]>> = {
  verifyPasswordResetOtp: ['token'],
  verifyOtpTwoFactor: ['resetToken'],
}

/** Every refusal. */
export const failure = z.strictObject({
  success: z.literal(false),
  error: z.strictObject({
    code: z.enum(Object.keys(codes) as [Code, ...Code[]]),
    message: text,
    details: z.optional(z.array(z.strictObject({ field: text, message: text }))),
    retryAfterSeconds: z.optional(z.int().check(z.gte(1))),
  }),
  requestId: text,
})
