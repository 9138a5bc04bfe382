/** A message with a code, as it is pasted whole. */
import { asciiDigits } from '#shared/domain/digits.ts'

/** @returns the six digits that stand alone, or what was given. */
export const codeIn = (text: string): string =>
  asciiDigits(text).match(/(?<![\p{L}\p{N}])\d{6}(?![\p{L}\p{N}])/u)?.[0] ?? text

/** Its characters are those of `refAlphabet`, and it ends a sentence or stands in brackets; a name in capitals seldom does. */
export const referenceIn = (text: string): string | undefined =>
  text.replace(/\p{Cf}/gu, '').match(/(?<![\w-])[CDFGHJKMNPQRTWXY34679]{4}(?=[).])/)?.[0]
