/** What people are known by, as they type it. Coarse: the service has the last word. */
import { asciiDigits } from '#shared/domain/digits.ts'

/** @returns the address without spaces around it, or undefined. */
export function parseEmail(typed: string): string | undefined {
  const email = typed.trim()
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email) && email.length <= 254 ? email : undefined
}

/** @returns the name, or undefined: it has no `@`, 3 to 64 characters, and a letter or sign among them. */
export function parseUsername(typed: string): string | undefined {
  const username = typed.trim()
  return /^[\p{L}\p{N}._-]{3,64}$/u.test(username) && !/^\p{N}+$/u.test(username) ? username : undefined
}

/** @returns the number with its `+`, or undefined. `00` stands for `+`; digits may be of any script. */
export function parsePhone(typed: string): string | undefined {
  const phone = asciiDigits(typed)
    .replace(/[\s().\u200e\u200f\u202a-\u202e\u2066-\u2069-]/g, '')
    .replace(/^00/, '+')
  return /^\+[1-9][0-9]{6,14}$/.test(phone) ? phone : undefined
}

export const parseEmailOrUsername = (typed: string) => parseEmail(typed) ?? parseUsername(typed)

/** For sign-in: a number with its country code, an address or a name. */
export const parseIdentifier = (typed: string) => parsePhone(typed) ?? parseEmailOrUsername(typed)

export function parseUserId(typed: string): string | undefined {
  const userId = typed.trim()
  return /^[A-Za-z0-9_-]{1,64}$/.test(userId) ? userId : undefined
}
