/** Bodies of the requests: strict objects of single, bounded, control-free strings, normalised as they are read. */
import { domainToASCII } from 'node:url'
import { parsePhoneNumberFromString } from 'libphonenumber-js/min'
import * as z from 'zod/mini'
import type { SubjectKind } from './flows.ts'
import { hasFormatCharacters, withoutFormatCharacters } from './format-characters.ts'
import { refAlphabet, referenceCharacters } from './references.ts'
import { userIdPattern, userIdRule } from './user-id.ts'

/** No control character. As a pattern, so that the OpenAPI document says it too. */
const printable = /^\P{Cc}*$/u

/** A string of at most `max` UTF-16 units, well-formed and without control characters. */
const text = (max: number, min = 1) =>
  z.string().check(
    z.minLength(min, { error: 'must not be empty' }),
    z.maxLength(max, { error: `must have no more than ${max} characters` }),
    z.regex(printable, { error: 'must not hold control characters' }),
    z.refine((value) => value.isWellFormed(), { error: 'must be well-formed Unicode' }),
  )

/** Format characters, which nobody sees, and spaces around come along when text is copied. */
const tidy = (value: string) => value.replace(/\p{Cf}/gu, '').trim()
const normalised = (value: string) => tidy(value).normalize('NFKC').toLowerCase()
/** Spaces, and dashes of any kind: punctuation, the minus sign, the hyphen bullet and the modifier letter. */
const betweenDigits = /[\p{Zs}\p{Pd}\u2212\u2043\u02d7]/gu
/** What SES takes: seven bits before the @, and a domain in ASCII after it. */
const emailPattern =
  /^[a-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/
const isAscii = (value: string) => /^\p{ASCII}*$/u.test(value)

/** The domain as it is looked up (RFC 5891), so that both ways to type it are one address. */
function withAsciiDomain(address: string): string {
  const at = address.lastIndexOf('@') + 1
  const domain = address.slice(at)
  return isAscii(domain) ? address : address.slice(0, at) + domainToASCII(domain)
}
const usernamePattern = /^[a-z0-9._-]{2,64}$/

/** @returns the address in NFKC, lower case and ASCII, or undefined when it is none, or none that can be sent to. */
export function parseEmail(value: string): string | undefined {
  const email = withAsciiDomain(normalised(value))
  return email.length <= 254 && emailPattern.test(email) ? email : undefined
}

/** @returns the number in E.164, or undefined. Needs the leading `+`: there is no default country to guess from. */
export function parsePhone(value: string): string | undefined {
  const typed = tidy(value).replace(betweenDigits, '')
  if (!/^\+[0-9().]{6,30}$/.test(typed)) return undefined
  const phone = parsePhoneNumberFromString(typed)
  return phone?.isPossible() === true ? phone.number : undefined
}

/** Usernames are never all digits, so that none can be taken for a phone number. */
export function parseUsername(value: string): string | undefined {
  const username = normalised(value)
  return usernamePattern.test(username) && !/^[0-9]+$/.test(username) ? username : undefined
}

const parsed = (max: number, parse: (value: string) => string | undefined, error: string) =>
  z.pipe(
    text(max),
    z.transform((value, context) => {
      const result = parse(value)
      if (result !== undefined) return result
      context.issues.push({ code: 'custom', message: error, input: value })
      return z.NEVER
    }),
  )

export interface Identifier {
  readonly kind: Exclude<SubjectKind, 'userId'>
  readonly value: string
  /** What the caller typed, for replies that show it again. */
  readonly typed: string
}

/** An email where there is an `@`, a phone where it starts with `+`, else a username. */
export function parseIdentifier(typed: string): Identifier | undefined {
  const read = normalised(typed)
  const kind = read.includes('@') ? 'email' : read.startsWith('+') ? 'phone' : 'username'
  const parse = { email: parseEmail, phone: parsePhone, username: parseUsername }[kind]
  const value = parse(typed)
  return value === undefined ? undefined : { kind, value, typed }
}

const identifierOf = (kinds: readonly Identifier['kind'][], error: string) =>
  z.pipe(
    text(254),
    z.transform((value, context) => {
      const result = parseIdentifier(value)
      if (result !== undefined && kinds.includes(result.kind)) return result
      context.issues.push({ code: 'custom', message: error, input: value })
      return z.NEVER
    }),
  )

export const email = parsed(254, parseEmail, 'must be an email address')
export const phone = parsed(40, parsePhone, 'must be a phone number in E.164, such as +201001234567')
export const username = parsed(
  100,
  parseUsername,
  'must be 2 to 64 of a-z, 0-9, dot, underscore or hyphen, and not digits alone',
)
export const userId = z.string().check(z.regex(userIdPattern, { error: userIdRule }))
const otp = z.string().check(z.regex(/^[0-9]{6}$/, { error: 'must be six digits' }))
/** Length and content of new secrets are judged by their own rules, with their own codes. */
const secret = text(1000, 0)
const token = text(200)
const flowId = z.optional(text(64))
/** As in the message; small letters are as good. */
const ref = z.optional(
  z.pipe(
    z.string().check(z.regex(/^[A-Za-z0-9]{4}$/, { error: 'must be the four characters in the message' })),
    z.transform((value) => value.toUpperCase()),
  ),
)
/** A sign-in's own id names its person. */
const signInId = text(200)
/** The longest form is Keycloak's credential, a JSON object. */
export const passwordHash = text(1024)
const shortReference = new RegExp(
  `^[${refAlphabet}]{${referenceCharacters.least},${referenceCharacters.most}}$`,
)
/** Before the short ones: the id of the event. What stands behind a # is often lost on its way into an address. */
const eventId = /^[\w-]{16,64}(?:#[\w-]{1,32}){0,4}$/

/** @param reference as `parseReference` gives it */
export const isShortReference = (reference: string): boolean => shortReference.test(reference)

/** @returns the reference in a notice as it stands there, however it was read out: parted, or in small letters. */
export function parseReference(value: string): string | undefined {
  const short = tidy(value).replace(betweenDigits, '').toUpperCase()
  if (isShortReference(short)) return short
  const whole = tidy(value)
  return eventId.test(whole) ? whole : undefined
}

export const reference = parsed(
  250,
  parseReference,
  'must be the reference in a notice, such as HJKM3467; that of a code names nobody',
)
const locale = z.string().check(z.regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/))

/** What an app says of its device: format characters are dropped. */
const ofDevice = z.optional(z.pipe(text(100, 0), z.transform(withoutFormatCharacters)))

const device = z.strictObject({
  id: ofDevice,
  model: ofDevice,
  os: ofDevice,
  osVersion: ofDevice,
  appVersion: ofDevice,
})

/** Bodies of which exactly one of two keys is meant, with these keys. */
export const choices = new Map<z.core.$ZodType, readonly [string, string]>()

/** Exactly one of the two keys, the other absent. */
function eitherOf<T extends z.ZodMiniObject>(schema: T, a: string, b: string): T {
  const checked = schema.check(
    z.refine(
      (body) => {
        const given = body as Record<string, unknown>
        return (given[a] === undefined) !== (given[b] === undefined)
      },
      { error: `exactly one of ${a} and ${b} is needed`, path: [a] },
    ),
  )
  choices.set(checked, [a, b])
  return checked
}

export const emailOrUsername = identifierOf(['email', 'username'], 'must be an email address or a username')
export const anyIdentifier = identifierOf(
  ['email', 'username', 'phone'],
  'must be an email address, a username or a phone number in E.164',
)
const pair = { identifier: emailOrUsername, phone }
const userIdOrPhone = { userId: z.optional(userId), phone: z.optional(phone) }
/** Names an agreement, so nothing is dropped from it: another name would be another agreement. */
const named = (max: number) =>
  text(max).check(
    z.refine((name) => !hasFormatCharacters(name), { error: 'must not hold format characters' }),
  )
/** Becomes the name of an attribute: what every object has by itself can be none. */
const documentName = named(100).check(
  z.refine((name) => !(name in Object.prototype), { error: 'must be another name' }),
)
const agreement = { document: documentName, version: named(50) }
const consent = z.strictObject(agreement)
const consentAsShown = z.strictObject({ ...agreement, acceptedAt: z.optional(text(40)) })

/** An identity's facts that a GET shows and a PUT takes back as they are, without effect: they are the service's own. */
export const shownOnly = {
  consents: z.optional(z.array(consentAsShown).check(z.maxLength(100))),
  hasPassword: z.optional(z.boolean()),
  hasPin: z.optional(z.boolean()),
  resetRequired: z.optional(z.boolean()),
  createdAt: z.optional(text(40)),
  updatedAt: z.optional(text(40)),
} as const

export const bodies = {
  none: z.strictObject({}),
  email: z.strictObject({ email, flowId }),
  emailOtp: z.strictObject({ email, otp, flowId, ref }),
  emailReset: eitherOf(
    z.strictObject({
      email,
      otp: z.optional(otp),
      token: z.optional(token),
      newPassword: secret,
      flowId,
      ref,
    }),
    'otp',
    'token',
  ),
  emailOtpReset: z.strictObject({ email, otp, newPassword: secret, flowId, ref }),
  pair: z.strictObject({ ...pair, flowId }),
  pairOtp: z.strictObject({ ...pair, otp, flowId, ref }),
  pairReset: z.strictObject({ ...pair, resetToken: token, newPassword: secret, flowId, ref }),
  pinResetRequest: eitherOf(z.strictObject({ ...userIdOrPhone, flowId }), 'userId', 'phone'),
  pinReset: eitherOf(
    z.strictObject({ ...userIdOrPhone, otp, newPin: secret, flowId, ref, device: z.optional(device) }),
    'userId',
    'phone',
  ),
  pinSet: eitherOf(
    z.strictObject({ ...userIdOrPhone, pin: secret, device: z.optional(device) }),
    'userId',
    'phone',
  ),
  pinVerify: z.strictObject({ pin: secret }),
  consent,
  login: z.strictObject({
    identifier: anyIdentifier,
    password: secret,
    device: z.optional(device),
  }),
  loginVerify: z.strictObject({ challengeId: signInId, otp, flowId: z.optional(signInId), ref }),
  notMe: z.strictObject({ token }),
  stepUpVerify: z.strictObject({ otp, flowId, ref }),
  passwordChange: z.strictObject({ password: secret, newPassword: secret }),
  /** Whatever came as a bearer token: what is none opens no session. */
  introspect: z.strictObject({ token: text(1000, 0) }),
  /** Why an admin does it, in their words: it goes into the entry. */
  reason: z.strictObject({ reason: z.optional(z.pipe(text(500, 0), z.transform(tidy))) }),
  logout: z.strictObject({ everywhere: z.optional(z.boolean()) }),
  /** What a GET gives is taken. Null takes an email, username or phone away. */
  identity: z.strictObject({
    email: z.optional(z.nullable(email)),
    username: z.optional(z.nullable(username)),
    phone: z.optional(z.nullable(phone)),
    locale: z.optional(locale),
    passwordHash: z.optional(passwordHash),
    mfaEnabled: z.optional(z.boolean()),
    status: z.optional(z.enum(['active', 'suspended'])),
    consent: z.optional(z.nullable(consentAsShown)),
    userId: z.optional(userId),
    ...shownOnly,
  }),
} as const

/** Parts of bodies that have a name of their own in the OpenAPI document. */
export const bodyParts = { GivenDevice: device, ShownConsent: consentAsShown } as const

export type BodyId = keyof typeof bodies
export type Body<Id extends BodyId> = z.output<(typeof bodies)[Id]>
