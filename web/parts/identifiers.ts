/** What people are known by, as they type it. Coarse: the service has the last word. */
import { asciiDigits } from '#shared/domain/digits.ts'
import { type Country, withCallingCode } from './country.ts'

/** Format characters, which nobody sees, and spaces around come along when text is copied. */
const tidy = (typed: string) => typed.replace(/\p{Cf}/gu, '').trim()

/** @returns the address without spaces around it, or undefined. */
export function parseEmail(typed: string): string | undefined {
  const email = tidy(typed)
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email) && email.length <= 254 ? email : undefined
}

/** @returns the name, or undefined: it has no `@`, 2 to 64 characters, and a letter or sign among them. */
export function parseUsername(typed: string): string | undefined {
  const username = tidy(typed)
  return /^[\p{L}\p{N}._-]{2,64}$/u.test(username) && !/^\p{N}+$/u.test(username) ? username : undefined
}

/**
 * @param country of a number without its country code
 * @returns the number with its `+`, or undefined. `00` stands for `+`; digits may be of any script.
 */
export function parsePhone(typed: string, country?: Country): string | undefined {
  const text = asciiDigits(tidy(typed))
    .replace(/[\s().\p{Pd}\u2212\u2043\u02d7]/gu, '')
    .replace(/^00/, '+')
  const phone = country !== undefined && /^\d+$/.test(text) ? withCallingCode(text, country) : text
  return /^\+[1-9][0-9]{6,14}$/.test(phone) ? phone : undefined
}

export const parseEmailOrUsername = (typed: string) => parseEmail(typed) ?? parseUsername(typed)

/** For sign-in: a number, an address or a name. */
export const parseIdentifier = (typed: string, country?: Country) =>
  parsePhone(typed, country) ?? parseEmailOrUsername(typed)

/** Whether it is a number without its country code, as far as it is typed. */
export const isNumberAtHome = (typed: string) => /^\d{3}[\d\s().-]*$/.test(asciiDigits(tidy(typed)))

export function parseUserId(typed: string): string | undefined {
  const userId = typed.trim()
  return /^[A-Za-z0-9_.|@:+-]{1,128}$/.test(userId) ? userId : undefined
}
