/** The password rules that a page can judge while one types. The service judges them all. */
import { type Requirement, requirementMessages } from '#shared/domain/password-requirements.ts'
import type { Failure } from '../client.ts'
import { passwordLimits } from './flow-numbers.ts'

export type PasswordRule = 'standard' | 'enterprise'

/** Those that need no list of common passwords. */
export type ListedRequirement = Exclude<Requirement, 'common'>

type Test = (password: string, identifiers: readonly string[]) => boolean

const { passwordMinCharacters, passwordMaxCharacters } = passwordLimits

/** Code points, as the service counts them. */
const characters = (password: string) => [...password.normalize('NFKC')].length

const holds =
  (pattern: RegExp): Test =>
  (password) =>
    pattern.test(password.normalize('NFKC'))

const folded = (text: string) => text.normalize('NFKC').toLowerCase()

/** An address counts with what stands before its `@`, a phone number with its last eight digits. */
function partsOf(identifier: string): readonly string[] {
  if (identifier.startsWith('+')) return [identifier.replace(/\D/g, '').slice(-8)]
  return [identifier, identifier.split('@')[0] ?? '']
}

const notPersonal: Test = (password, identifiers) =>
  password !== '' &&
  !identifiers.flatMap(partsOf).some((part) => part.length >= 4 && folded(password).includes(folded(part)))

const composition = {
  uppercase: holds(/\p{Lu}/u),
  lowercase: holds(/\p{Ll}/u),
  number: holds(/\p{Nd}/u),
  special: holds(/[^\p{L}\p{M}\p{N}]/u),
}

const longEnough =
  (rule: PasswordRule): Test =>
  (password) =>
    characters(password) >= passwordMinCharacters[rule]

const rules: Readonly<Record<PasswordRule, Partial<Readonly<Record<ListedRequirement, Test>>>>> = {
  standard: { length: longEnough('standard'), personal: notPersonal },
  enterprise: { length: longEnough('enterprise'), ...composition, personal: notPersonal },
}

export const isTooLong = (password: string) => characters(password) > passwordMaxCharacters

/** @returns each requirement of the rule with whether it is met, in the order they are listed. */
export function judgePassword(rule: PasswordRule, password: string, identifiers: readonly string[]) {
  return Object.entries(rules[rule]).map(([requirement, test]) => ({
    requirement: requirement as ListedRequirement,
    met: test(password, identifiers),
  }))
}

/** The requirements that a refusal names: the service knows identifiers and lists that the page does not. */
export function requirementsIn({ details }: Failure, rule: PasswordRule): ReadonlySet<Requirement> {
  const characters = { min: passwordMinCharacters[rule], max: passwordMaxCharacters }
  const said = new Set(details.map(({ message }) => message))
  const named = Object.entries(requirementMessages(characters)).filter(([, message]) => said.has(message))
  return new Set(named.map(([requirement]) => requirement as Requirement))
}

export type Strength = 0 | 1 | 2 | 3 | 4

/**
 * A coarse measure, from nothing typed (0) to strong (4): length times the size of the alphabet in bits,
 * where a character that repeats or goes on from the one before counts little.
 */
export function strengthOf(password: string): Strength {
  const points = [...password]
  const alphabet = [
    [/\p{Ll}/u, 26],
    [/\p{Lu}/u, 26],
    [/\p{Nd}/u, 10],
    [/[^\p{L}\p{M}\p{N}]/u, 32],
    [/\p{Lo}/u, 40],
  ] as const
  const size = alphabet.reduce((sum, [pattern, count]) => sum + (pattern.test(password) ? count : 0), 0)
  const weight = points.reduce((sum, point, index) => sum + (isExpected(points, index, point) ? 0.25 : 1), 0)
  const bits = weight * Math.log2(Math.max(2, size))
  if (points.length === 0) return 0
  return bits < 40 ? 1 : bits < 60 ? 2 : bits < 80 ? 3 : 4
}

/** `a` after `a` or `b` after `a`, or a character that stood there before. */
function isExpected(points: readonly string[], index: number, point: string): boolean {
  const step = (point.codePointAt(0) ?? 0) - (points[index - 1]?.codePointAt(0) ?? Number.NaN)
  return Math.abs(step) <= 1 || points.indexOf(point) < index - 1
}
