/** Digits as people type them. Without imports: the pages use it too. */

const decimalDigit = /\p{Nd}/u
const digits = 10

/** Unicode keeps the digits of a script in order and without gaps, so what stands before one of them is its value. */
function digitValue(digit: string): string {
  const point = digit.codePointAt(0) ?? 0
  let before = 0
  while (decimalDigit.test(String.fromCodePoint(point - before - 1))) before += 1
  return String(before % digits)
}

/** Decimal digits of any script (Arabic-Indic, Persian, Devanagari, full-width) as ASCII. */
export const asciiDigits = (text: string): string =>
  text.replace(/[^\P{Nd}0-9]/gu, (digit) => digitValue(digit))
