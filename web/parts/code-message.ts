/** A message with a code, as it is pasted whole. */
import { asciiDigits } from '#shared/domain/digits.ts'

/** Six digits, no more and no fewer, in one run or in two of three. */
const alone = /(?<![\p{L}\p{N}])\d{6}(?![\p{L}\p{N}])/gu
const inHalves = /(?<!\d[\s\p{Pd}]?)\d{3}[\s\p{Pd}]\d{3}(?![\s\p{Pd}]?\d)/gu

/**
 * @returns the digits of the code; all that there are where they are six at most and nothing is written beside them; ''
 * where it cannot be told which are meant, for a wrong guess costs a try
 */
export function codeIn(text: string): string {
  const ascii = asciiDigits(text)
  const digitsOf = (found: string) => found.replace(/[^0-9]/g, '')
  const candidates = [alone, inHalves].map((pattern) => new Set(ascii.match(pattern)?.map(digitsOf)))
  const found = candidates.find(({ size }) => size > 0)
  if (found !== undefined) return found.size === 1 ? ([...found][0] ?? '') : ''
  const all = digitsOf(ascii)
  return all.length > 6 || /\p{L}/u.test(ascii) ? '' : all
}
