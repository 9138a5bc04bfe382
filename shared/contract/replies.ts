/** What successful replies hold, one schema a route: for the OpenAPI document, the client's types and the tests. */
import * as z from 'zod/mini'
import { activities, mostActivities } from './activities.ts'
import { type Code, codes } from './codes.ts'
import type { RouteId } from './routes.ts'

const text = z.string()
const dateTime = z.iso.datetime()
const seconds = z.int().check(z.gte(0))
const nothing = z.strictObject({})

const asked = { flowId: text, expiresInSeconds: seconds, resendAfterSeconds: seconds }
const askedByEmail = z.strictObject({ ...asked, maskedEmail: text })
/**
 * Both replies of a login say which of them they are, so that typed clients can tell them apart: TypeScript by `mfaRequired`,
 * and by `outcome` the generated readers of other languages, which take nothing but a string for that.
 */
const signedIn = z.strictObject({
  outcome: z.literal('SIGNED_IN'),
  mfaRequired: z.literal(false),
  accessToken: text,
  expiresInSeconds: seconds,
})
const mfaRequired = z.strictObject({
  ...asked,
  outcome: z.literal('MFA_REQUIRED'),
  mfaRequired: z.literal(true),
  challengeId: text,
  maskedPhone: z.optional(text),
  maskedEmail: z.optional(text),
})
const loginOutcome = z.discriminatedUnion('outcome', [signedIn, mfaRequired])
const device = z.strictObject({
  id: z.optional(text),
  model: z.optional(text),
  os: z.optional(text),
  osVersion: z.optional(text),
  appVersion: z.optional(text),
})
const factor = z.strictObject({
  group: z.enum(['KNOWLEDGE', 'POSSESSION', 'PRESENCE']),
  method: text,
  at: dateTime,
  expiresAt: dateTime,
})
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

const activity = z.strictObject({
  what: z.enum(activities),
  /** Of the newest, where it happened several times in a row. */
  at: dateTime,
  userAgent: z.nullable(text),
  times: z.int().check(z.gte(1)),
})
/** Of their own, to a person. */
const account = z.strictObject({
  userId: text,
  username: z.nullable(text),
  maskedEmail: z.nullable(text),
  maskedPhone: z.nullable(text),
  mfaEnabled: z.boolean(),
  hasPin: z.boolean(),
  /** 0 while it is locked; null without a PIN. */
  pinTriesLeft: z.nullable(z.int().check(z.gte(0))),
  /** From the ledger, newest first. */
  recent: z.array(activity).check(z.maxLength(mostActivities)),
})

/** What a session says of its person and itself. */
const sessionFacts = {
  userId: text,
  factors: z.array(factor),
  consent: z.nullable(acceptance),
  device: z.nullable(device),
  expiresAt: dateTime,
}

/** What a team's backend learns of a token. */
const liveSession = z.strictObject({ active: z.literal(true), ...sessionFacts })
const noSession = z.strictObject({ active: z.literal(false) })

const storedSession = {
  id: text,
  device: z.nullable(device),
  userAgent: z.nullable(text),
  createdAt: dateTime,
  lastUsedAt: dateTime,
  expiresAt: dateTime,
}
const session = z.strictObject({ ...storedSession, current: z.boolean() })

const sessionOfSomebody = z.strictObject(storedSession)
const lastCode = z.strictObject({
  flow: text,
  channel: z.nullable(text),
  at: dateTime,
  state: z.enum(['asked', 'sent', 'not-sent']),
  reason: z.nullable(text),
})

/** Taken places of each of a day's caps. */
const smsSent = z.strictObject({ recovery: z.int(), signIn: z.int(), notice: z.int() })
const smsOfCountry = z.strictObject({
  /** ISO 3166 alpha-2. */
  country: text,
  sent: smsSent,
  mostOfEach: z.int(),
  /** By the breaker, and by an operator. */
  pausedUntil: z.nullable(dateTime),
  haltedUntil: z.nullable(dateTime),
})

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
  lastCode: z.nullable(lastCode),
  /** Of their phone's country, today; null without a phone. */
  smsToday: z.nullable(smsOfCountry),
  sessions: z.array(sessionOfSomebody),
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
  login: loginOutcome,
  verifyLogin: signedIn,
  getSession: z.strictObject({ ...sessionFacts, createdAt: dateTime }),
  getAccount: account,
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
  introspectSession: z.union([liveSession, noSession]),
  showAddresses: z.strictObject({ email: z.nullable(text), phone: z.nullable(text) }),
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

const failureCode = z.enum(Object.keys(codes) as [Code, ...Code[]])
const failureDetail = z.strictObject({ field: text, message: text })
const refusal = z.strictObject({
  code: failureCode,
  message: text,
  details: z.optional(z.array(failureDetail)),
  retryAfterSeconds: z.optional(z.int().check(z.gte(1))),
})

/** Every refusal. */
export const failure = z.strictObject({ success: z.literal(false), error: refusal, requestId: text })

/** Names in the OpenAPI document of what several routes give, and of parts; what one route alone gives is named after it. */
export const replyNames = {
  CodeAsked: askedByEmail,
  SignedIn: signedIn,
  MfaRequired: mfaRequired,
  LoginOutcome: loginOutcome,
  Expiring: expiring,
  Nothing: nothing,
  Identity: identity,
  Session: session,
  SessionOfSomebody: sessionOfSomebody,
  Activity: activity,
  LastCode: lastCode,
  SmsOfCountry: smsOfCountry,
  SmsSent: smsSent,
  LiveSession: liveSession,
  NoSession: noSession,
  Factor: factor,
  Device: device,
  Acceptance: acceptance,
  LedgerEntry: entry,
  FailureCode: failureCode,
  FailureDetail: failureDetail,
  Refusal: refusal,
} as const satisfies Record<string, z.ZodMiniType>
