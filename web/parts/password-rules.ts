/** The service's password rules, asked while one types; only the service knows of breaches and older passwords. */
import { type Requirement, requirementMessages } from '#shared/domain/password-requirements.ts'
import {
  type CommonPasswords,
  commonFrom,
  type Judgement,
  judge,
  lengthOf,
  type PasswordRule,
} from '#shared/domain/password-rules.ts'
import type { Failure } from '../client.ts'
import { passwordLimits } from './flow-numbers.ts'

export type { CommonPasswords, PasswordRule, Requirement }

const { passwordMinCharacters, passwordMaxCharacters } = passwordLimits

/** What the page knows. */
export interface Known {
  readonly product: string
  /** What was typed of the person's own. */
  readonly identifiers: readonly string[]
  /** Undefined until the list is there. */
  readonly common: CommonPasswords | undefined
}

const charactersOf = (rule: PasswordRule) => ({
  min: passwordMinCharacters[rule],
  max: passwordMaxCharacters,
})

let common: Promise<CommonPasswords> | undefined
/** The list is a file of its own, fetched where a new password is asked for. @returns a promise that rejects where it cannot be fetched */
export function loadCommonPasswords(): Promise<CommonPasswords> {
  common ??= import('#shared/domain/common-passwords.ts').then(
    // The build packs it: it comes by and by.
    async ({ commonPasswords }) => commonFrom(await commonPasswords()),
    (error: unknown) => {
      common = undefined
      throw error
    },
  )
  return common
}

export const isTooLong = (password: string) => lengthOf(password) > passwordMaxCharacters

/** @returns each requirement of the rule with whether it is met, in the order they are listed; none while nothing is typed. */
export const judgePassword = (rule: PasswordRule, password: string, known: Known): readonly Judgement[] =>
  judge(password, rule, { ...known, characters: charactersOf(rule) }).map((judged) =>
    password === '' ? { ...judged, met: false } : judged,
  )

/** The requirements that a refusal names: the service knows identifiers that the page does not. */
export function requirementsIn({ details }: Failure, rule: PasswordRule): ReadonlySet<Requirement> {
  const said = new Set(details.map(({ message }) => message))
  const named = Object.entries(requirementMessages(charactersOf(rule))).filter(([, message]) =>
    said.has(message),
  )
  return new Set(named.map(([requirement]) => requirement as Requirement))
}

export type Strength = 0 | 1 | 2 | 3 | 4

/** The most that is said of a password while a rule is not met, and while one is not known to be met. */
const unmet = 1
const untold = 2

/** @returns how strong a password is, never good (3) where the service would refuse it, as far as the page can tell. */
export function strengthOf(password: string, judged: readonly Judgement[]): Strength {
  const strength = guessesOf(password)
  if (judged.some(({ met }) => met === false)) return strength < unmet ? strength : unmet
  if (judged.some(({ met }) => met === undefined)) return strength < untold ? strength : untold
  return strength
}

/**
 * A coarse measure, from nothing typed (0) to strong (4): length times the size of the alphabet in bits,
 * where a character that repeats or goes on from the one before counts little.
 */
function guessesOf(password: string): Strength {
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
