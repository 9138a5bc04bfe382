/** The password rules. Pure; reuse and breaches are judged elsewhere, since they need the record and a service. */
import type { Detail } from '../contract/codes.ts'
import type { PasswordRule } from '../contract/flows.ts'
import { policy } from '../policy.ts'
import { commonPasswords } from './common-passwords.ts'

/** What a person is known by, normalised. The typed ones before the code is looked at, the record's after it. */
export interface OwnIdentifiers {
  readonly email?: string | undefined
  readonly username?: string | undefined
  /** E.164. */
  readonly phone?: string | undefined
}

/** Shorter ones are in too many good passwords by chance. */
const identifierMinCharacters = 4
/** The end of a phone number, however much of its prefix is left off. */
const phoneTailDigits = 8

const folded = (text: string) => text.normalize('NFKC').toLowerCase()

/** @returns whether the password holds the email or its local part, the username, or the phone's last eight digits. */
export function containsIdentifier(password: string, { email, username, phone }: OwnIdentifiers): boolean {
  const text = folded(password)
  const localPart = email?.slice(0, email.lastIndexOf('@'))
  const phoneTail = phone?.replace(/\D/g, '').slice(-phoneTailDigits)
  return [email, localPart, username, phoneTail].some(
    (part) => part !== undefined && part.length >= identifierMinCharacters && text.includes(folded(part)),
  )
}

type Rule = (password: string, identifiers: OwnIdentifiers) => string | undefined

const unless = (met: boolean, message: string) => (met ? undefined : message)
const holds =
  (pattern: RegExp, message: string): Rule =>
  (password) =>
    unless(pattern.test(password), message)

/** Code points, not bytes or UTF-16 units: NIST 800-63B 3.1.1.2. */
function hasLength(min: number, max: number): Rule {
  return (password) => {
    const { length } = [...password]
    return unless(length >= min && length <= max, `must have ${min} to ${max} characters`)
  }
}

const notCommon: Rule = (password) =>
  unless(!commonPasswords().has(folded(password)), 'must not be a commonly used password')
const notOwnIdentifier: Rule = (password, identifiers) =>
  unless(
    !containsIdentifier(password, identifiers),
    'must not contain your email address, username or phone number',
  )

const { passwordMinCharacters, passwordMaxCharacters } = policy

/**
 * `standard` follows NIST 800-63B and ASVS 6.2. `enterprise` adds rules of composition, which both advise against:
 * it is there for those who are bound to them.
 */
const rules: Record<PasswordRule, readonly Rule[]> = {
  standard: [hasLength(passwordMinCharacters.standard, passwordMaxCharacters), notCommon, notOwnIdentifier],
  enterprise: [
    hasLength(passwordMinCharacters.enterprise, passwordMaxCharacters),
    holds(/\p{Lu}/u, 'must contain an upper-case letter'),
    holds(/\p{Ll}/u, 'must contain a lower-case letter'),
    holds(/\p{Nd}/u, 'must contain a digit'),
    holds(/[^\p{L}\p{M}\p{N}]/u, 'must contain a special character'),
    notCommon,
    notOwnIdentifier,
  ],
}

/**
 * Judges a new password, after NFKC, the form that is hashed.
 * @param identifiers may be the typed ones first and the record's later: the second call finds only what is new
 * @returns one detail for each rule that is not met; none when the password may be used
 */
export function checkPassword(
  password: string,
  rule: PasswordRule,
  identifiers: OwnIdentifiers,
): readonly Detail[] {
  const normalised = password.normalize('NFKC')
  return rules[rule].flatMap((judge) => {
    const message = judge(normalised, identifiers)
    return message === undefined ? [] : [{ field: 'newPassword', message }]
  })
}
