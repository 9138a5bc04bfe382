/** A proof that takes too long for `npm test`: a run of minutes whose figures say whether a guarantee held. */
import type { ParseArgsOptionsConfig } from 'node:util'
import type { Measured } from '../bench/figures.ts'

export type Values = Readonly<Record<string, string | boolean | undefined>>

export interface Proof {
  /** One sentence on what it proves. */
  readonly about: string
  /** What it takes from the command line, in the form of `parseArgs`. */
  readonly options?: ParseArgsOptionsConfig
  /** @param report tells whoever waits what goes on */
  readonly run: (values: Values, report: (line: string) => void) => AsyncIterable<Measured>
}

/**
 * A number of the command line.
 * @throws Error with one sentence when it is none, or out of bounds
 */
export function wholeNumber(
  values: Values,
  name: string,
  standard: number,
  bounds: { readonly least: number; readonly most: number },
): number {
  const given = values[name]
  const number = given === undefined ? standard : Number(given)
  if (Number.isInteger(number) && number >= bounds.least && number <= bounds.most) return number
  throw new Error(`--${name} must be a whole number from ${bounds.least} to ${bounds.most}`)
}
