/** The password rules as the service asks them: by its policy, its list and the deployer's settings. */
import type { Detail } from '../contract/codes.ts'
import type { PasswordRule } from '../contract/flows.ts'
import { policy } from '../policy.ts'
import { settings } from '../settings.ts'
import { commonPasswords } from './common-passwords.ts'
import { requirementMessages } from './password-requirements.ts'
import { type CommonPasswords, commonFrom, holdsIdentifier, judge } from './password-rules.ts'

/** What a person is known by, normalised. The typed ones before the code is looked at, the record's after it. */
export interface OwnIdentifiers {
  readonly email?: string | undefined
  readonly username?: string | undefined
  /** E.164. */
  readonly phone?: string | undefined
}

const valuesOf = ({ email, username, phone }: OwnIdentifiers): string[] =>
  [email, username, phone].filter((value) => value !== undefined)

/** @returns whether the password holds the email or its local part, the username, or the phone's last eight digits. */
export const containsIdentifier = (password: string, identifiers: OwnIdentifiers): boolean =>
  holdsIdentifier(password, valuesOf(identifiers))

let common: CommonPasswords | undefined

/**
 * Judges a new password.
 * @param identifiers may be the typed ones first and the record's later: the second call finds only what is new
 * @returns one detail for each rule that is not met; none when the password may be used
 */
export function checkPassword(
  password: string,
  rule: PasswordRule,
  identifiers: OwnIdentifiers,
  product = settings().PRODUCT,
): readonly Detail[] {
  common ??= commonFrom(commonPasswords())
  const characters = { min: policy.passwordMinCharacters[rule], max: policy.passwordMaxCharacters }
  const messages = requirementMessages(characters)
  return judge(password, rule, { characters, product, identifiers: valuesOf(identifiers), common })
    .filter(({ met }) => !met)
    .map(({ requirement }) => ({ field: 'newPassword', message: messages[requirement] }))
}
