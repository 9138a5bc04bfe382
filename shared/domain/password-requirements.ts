/** What is asked of a password, in the words by which a refusal names it. Without imports: the pages read it too. */

export type Requirement =
  | 'length'
  | 'uppercase'
  | 'lowercase'
  | 'number'
  | 'special'
  | 'common'
  | 'trivial'
  | 'personal'

/** @param characters how few and how many a password may have */
export const requirementMessages = (characters: {
  readonly min: number
  readonly max: number
}): Readonly<Record<Requirement, string>> => ({
  length: `must have ${characters.min} to ${characters.max} characters`,
  uppercase: 'must contain an upper-case letter',
  lowercase: 'must contain a lower-case letter',
  number: 'must contain a digit',
  special: 'must contain a special character',
  common: 'must not be a commonly used password',
  trivial: 'must not be a repeated or sequential pattern, or the name of this service',
  personal: 'must not contain your email address, username or phone number',
})
