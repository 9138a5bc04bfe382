/** The password rules. Pure; reuse and breaches are judged elsewhere, since they need the record and a service. */
import type { Detail } from '../contract/codes.ts'
import type { PasswordRule } from '../contract/flows.ts'
import { policy } from '../policy.ts'
import { commonPasswords } from './common-passwords.ts'
import { type Requirement, requirementMessages } from './password-requirements.ts'

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

type Rule = (password: string, identifiers: OwnIdentifiers) => boolean

const holds =
  (pattern: RegExp): Rule =>
  (password) =>
    pattern.test(password)

/** Code points, not bytes or UTF-16 units: NIST 800-63B 3.1.1.2. */
function hasLength({ min, max }: Characters): Rule {
  return (password) => {
    const { length } = [...password]
    return length >= min && length <= max
  }
}

interface Characters {
  readonly min: number
  readonly max: number
}
const charactersOf = (rule: PasswordRule): Characters => ({
  min: policy.passwordMinCharacters[rule],
  max: policy.passwordMaxCharacters,
})

const notCommon: Rule = (password) => !commonPasswords().has(folded(password))
const notOwnIdentifier: Rule = (password, identifiers) => !containsIdentifier(password, identifiers)

/**
 * `standard` follows NIST 800-63B and ASVS 6.2. `enterprise` adds rules of composition, which both advise against:
 * it is there for those who are bound to them.
 */
const rules: Record<PasswordRule, Partial<Record<Requirement, Rule>>> = {
  standard: { length: hasLength(charactersOf('standard')), common: notCommon, personal: notOwnIdentifier },
  enterprise: {
    length: hasLength(charactersOf('enterprise')),
    uppercase: holds(/\p{Lu}/u),
    lowercase: holds(/\p{Ll}/u),
    number: holds(/\p{Nd}/u),
    special: holds(/[^\p{L}\p{M}\p{N}]/u),
    common: notCommon,
    personal: notOwnIdentifier,
  },
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
  const messages = requirementMessages(charactersOf(rule))
  return Object.entries(rules[rule])
    .filter(([, isMet]) => !isMet(normalised, identifiers))
    .map(([requirement]) => ({ field: 'newPassword', message: messages[requirement as Requirement] }))
}
