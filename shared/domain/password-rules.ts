/** The password rules, for the service and the pages alike. Pure; reuse and breaches are judged elsewhere, since they need
 * the record and a service. */
import { asTyped, folded, stemsOf, withoutEnds } from './password-forms.ts'
import type { Requirement } from './password-requirements.ts'
import { isTrivial } from './trivial.ts'

export type PasswordRule = 'standard' | 'enterprise'

/** What a password is held against. */
export interface Measure {
  readonly characters: { readonly min: number; readonly max: number }
  /** Name of the product, as the deployer has it. */
  readonly product: string
  /** Email, username, phone in E.164: those that are known. */
  readonly identifiers: readonly string[]
  /** Undefined while the list is not at hand: then nothing is known of common passwords. */
  readonly common: CommonPasswords | undefined
}

export interface CommonPasswords {
  readonly passwords: ReadonlySet<string>
  /** Words they are made of. */
  readonly stems: ReadonlySet<string>
}

/** Shorter words stand in too many good passwords by chance. */
const stemMinCharacters = 4
/** Shorter names of people too, unless nothing but digits and signs stands beside them. */
const identifierMinCharacters = 4
/** The end of a phone number, however much of its prefix is left off. */
const phoneTailDigits = 8

/** @param passwords in lower case */
export function commonFrom(passwords: ReadonlySet<string>): CommonPasswords {
  const stems = [...passwords].map(withoutEnds).filter((stem) => stem.length >= stemMinCharacters)
  return { passwords, stems: new Set(stems) }
}

type Test = (password: string, measure: Measure) => boolean | undefined

/** Characters as typed: code points (NIST 800-63B 3.1.1.2), before a normalisation that makes many of one. */
export const lengthOf = (password: string): number => [...password].length

const hasLength: Test = (password, { characters }) =>
  lengthOf(password) >= characters.min && lengthOf(password) <= characters.max

/** As typed and as it is hashed: a character that only stands for an upper-case letter, or only is one, is none. */
const holds =
  (pattern: RegExp): Test =>
  (password) =>
    pattern.test(password) && pattern.test(password.normalize('NFKC'))

const productNames = (product: string) => ['Latchkey', product]
const lettersOf = (text: string) => text.replace(/[^\p{L}\p{M}]/gu, '')

/** The letters of a word, with the digits and signs within it left out and read as letters: `web3pay` has `webpay` and `webepay`. */
const lettersIn = (text: string) => [withoutEnds(folded(text)), ...stemsOf(text)].map(lettersOf)

/** Whether a text is a name with nothing but digits and signs beside it. */
const isNameAlone = (text: string, name: string) =>
  text.includes(name) && !/\p{L}/u.test(text.replaceAll(name, ''))

/** The product's name, also with digits and signs around and within it. */
const isProductName = (password: string, product: string) => {
  const words = lettersIn(password)
  return productNames(product).some(
    (name) =>
      isNameAlone(folded(password), folded(name)) ||
      lettersIn(name).some((letters) => letters.length > 1 && words.includes(letters)),
  )
}

const isSimple = (password: string, { product }: Measure) =>
  isTrivial(asTyped(password)) || isTrivial(folded(password)) || isProductName(password, product)

const notCommon: Test = (password, { common }) => common && !common.passwords.has(folded(password))

/** A word with digits and signs around it; where the word is too short to be judged, the digits are. */
const isDressedUp = (password: string, { passwords, stems }: CommonPasswords) => {
  if ([...stemsOf(password)].some((word) => passwords.has(word) || stems.has(word))) return true
  const text = folded(password)
  if (lettersOf(text).length >= stemMinCharacters) return false
  const numbers = text.replace(/[^0-9]/g, '')
  return isTrivial(numbers) || passwords.has(numbers)
}

const stemNotCommon: Test = (password, measure) =>
  measure.common && notCommon(password, measure) && !isDressedUp(password, measure.common)

const stemNotSimple: Test = (password, measure) =>
  !isSimple(password, measure) && !isTrivial(withoutEnds(folded(password)))

/** An address counts with what stands before its `@`, a phone number with its last eight digits. */
function partsOf(identifier: string): readonly string[] {
  if (identifier.startsWith('+')) return [identifier.replace(/\D/g, '').slice(-phoneTailDigits)]
  const at = identifier.lastIndexOf('@')
  return at < 0 ? [identifier] : [identifier, identifier.slice(0, at)]
}

/** Whether a text holds a part that is long enough to be meant, or is no more than the part with digits and signs. */
const holdsPart = (text: string, part: string): boolean =>
  part.length >= identifierMinCharacters ? text.includes(part) : part.length > 1 && isNameAlone(text, part)

const withoutSigns = (text: string) => text.replace(/[^\p{L}\p{M}\p{N}]/gu, '')

/**
 * @returns whether the password holds an email or its local part, a username, or a phone's last eight digits, with whatever signs
 * within: `+20 100-123-4567`, `Priya.Sharma-26` for `priyasharma`
 */
export function holdsIdentifier(password: string, identifiers: readonly string[]): boolean {
  const text = folded(password)
  return identifiers
    .flatMap(partsOf)
    .map(folded)
    .some((part) => holdsPart(text, part) || holdsPart(withoutSigns(text), withoutSigns(part)))
}

const notOwnIdentifier: Test = (password, { identifiers }) => !holdsIdentifier(password, identifiers)

/**
 * `standard` follows NIST 800-63B and ASVS 6.2. `enterprise` adds rules of composition, which both advise against: it is
 * there for those who are bound to them, and holds the word within the password to the list too.
 */
const rules: Record<PasswordRule, Partial<Record<Requirement, Test>>> = {
  standard: {
    length: hasLength,
    common: notCommon,
    trivial: (password, measure) => !isSimple(password, measure),
    personal: notOwnIdentifier,
  },
  enterprise: {
    length: hasLength,
    uppercase: holds(/\p{Lu}/u),
    lowercase: holds(/\p{Ll}/u),
    number: holds(/\p{Nd}/u),
    special: holds(/[^\p{L}\p{M}\p{N}]/u),
    common: stemNotCommon,
    trivial: stemNotSimple,
    personal: notOwnIdentifier,
  },
}

export interface Judgement {
  readonly requirement: Requirement
  /** Undefined where it cannot be told yet. */
  readonly met: boolean | undefined
}

/** @returns each requirement of the rule, in the order they are listed, with whether it is met. */
export const judge = (password: string, rule: PasswordRule, measure: Measure): readonly Judgement[] =>
  Object.entries(rules[rule]).map(([requirement, test]) => ({
    requirement: requirement as Requirement,
    met: test(password, measure),
  }))
