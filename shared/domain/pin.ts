/** The PIN rule. NIST 800-63B allows six random digits; the patterns refused here are the first that anyone tries. */
import type { Code } from '../contract/codes.ts'

export type PinRefusal = Extract<Code, 'PIN_FORMAT' | 'PIN_TRIVIAL'>

/** Every two neighbours are the same step apart, 9 and 0 being neighbours as on a keypad: 123456, 987654, 567890, 777777. */
function isRun(digits: readonly number[]): boolean {
  const steps = digits.slice(1).map((digit, index) => (10 + digit - (digits[index] ?? 0)) % 10)
  return [0, 1, 9].some((step) => steps.every((each) => each === step))
}

const patterns = [
  /^(..)\1\1$/, // 121212
  /^(...)\1$/, // 123123
  /^(.)\1(.)\2(.)\3$/, // 112233
]

/**
 * Judges a new PIN.
 * @returns undefined when it may be used; `PIN_FORMAT` unless it is six ASCII digits; `PIN_TRIVIAL` for one digit
 * repeated, runs up or down, a repeated pair, a repeated triple, and three doubles.
 */
export function checkPin(pin: string): PinRefusal | undefined {
  if (!/^[0-9]{6}$/.test(pin)) return 'PIN_FORMAT'
  const trivial = isRun([...pin].map(Number)) || patterns.some((pattern) => pattern.test(pin))
  return trivial ? 'PIN_TRIVIAL' : undefined
}
