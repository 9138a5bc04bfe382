/** Sentences for cells that cannot be used: what is wrong, and what to do. */
import { userIdRule } from '#shared/contract/user-id.ts'
import { parseHash } from '#shared/crypto/forms.ts'
import { beyondFloor } from '#shared/crypto/scheme.ts'
import { isRounded } from './cells.ts'

/** What a person can come in without. */
export const optionalFields = [
  'email',
  'username',
  'phone',
  'locale',
  'mfaEnabled',
  'status',
  'consent',
] as const

export const isOptional = (field: string): boolean => optionalFields.includes(field as never)

/** The way out that the command has for a field, for the end of a sentence. */
export const orLeftOut = (field: string): string =>
  isOptional(field) ? `, or leave it out (--leave-out ${field})` : ''

const rules: Readonly<Record<string, string>> = {
  email: 'must be an email address; mend it',
  username: 'must be 2 to 64 of a-z, 0-9, dot, underscore or hyphen, and not digits alone; mend it',
  phone:
    'must be a phone number in E.164, such as +201001234567; mend it, name the country of local numbers (--country EG)',
  locale: 'must be a language such as en or pt-BR; mend it',
  mfaEnabled: 'must be true or false; mend it',
  status: 'must be active or suspended; mend it',
  consent: 'must have a document and a version, both as text without control characters; mend it',
  passwordHash:
    'must be one line of 1 to 1024 characters; leave it away, and the person sets a password by code',
}

const rounded =
  'was made a rounded number by a spreadsheet (such as 2.01E+11): export it again with the column as text, the digits are lost'

const tooLong =
  'is a number too large for JSON, which keeps about 15 digits of it: write it as text, in quotation marks, with the digits that the old system has'

/** @returns the sentence for what does not have its digits any more, or undefined */
function lostDigits(value: unknown): string | undefined {
  if (typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER) return tooLong
  return isRounded(value) ? rounded : undefined
}

/** @returns the sentence for a field beside the userId, behind its name */
export function advice(field: string, value: unknown): string {
  const lost = lostDigits(value)
  if (lost !== undefined) return lost
  const beside = field === 'username' ? ': the email signs in as well' : ''
  return `${rules[field] ?? 'cannot be used; take it out'}${orLeftOut(field)}${beside}`
}

/** `REDACTED`: Firebase's, where whoever exports may not read hashes. */
export const keptBack = 'UkVEQUNURUQ='
const marks: Readonly<Record<string, string>> = {
  [keptBack]: "it is Firebase's mark of a hash that whoever exported may not read: export as an owner",
}

/** @returns the sentence for a hash that is not taken where sign-in has this floor, or undefined */
export function hashRefusal(text: string, floorMs: number): string | undefined {
  const parsed = parseHash(text)
  const reason = marks[text] ?? parsed.reason
  if (parsed.reason !== undefined) return `${reason} (for all such people: --without-unusable-hashes)`
  const beyond = beyondFloor(parsed.scheme, floorMs)
  return (
    beyond &&
    `${beyond}; raise that setting, or let these people set a password by code (--without-unusable-hashes)`
  )
}

/** @returns the sentence for a userId, which nobody can come in without */
export function userIdFault(named: unknown): string {
  const lost = lostDigits(named)
  if (lost !== undefined) return lost
  if (named === undefined || named === null || named === '')
    return 'is missing: it takes the id that the old system knows the person by'
  return `${userIdRule}; write another one there, and keep the old one beside it in a table of yours`
}
