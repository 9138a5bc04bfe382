/** Names that other systems give to people, taken as they are. No meaning is read into them; `~` and `#` are in none. */
const characters = 'A-Za-z0-9_.|@:+-'
const userIdMaxLength = 128
/** Not `.` and `..`: in a path they mean another one (RFC 3986 section 5.2.4), so no route would reach whoever had such a name. */
export const userIdPattern = new RegExp(`^(?!\\.{1,2}$)[${characters}]{1,${userIdMaxLength}}$`)
export const userIdRule = `must be 1 to ${userIdMaxLength} of A-Z, a-z, 0-9 and _ . | @ : + -, and not . or ..`

export const isUserId = (text: string): boolean => userIdPattern.test(text)

/** What a bearer token may hold, by RFC 6750 section 2.1. */
const tokenPattern = /^[A-Za-z0-9_+-]+$/

/** A userId as the first part of a token: no dot in it, nothing that a strict reader of bearer tokens refuses. */
export const userIdInToken = (userId: string): string =>
  tokenPattern.test(userId) ? userId : `~${Buffer.from(userId).toString('base64url')}`

/** @returns the userId that {@link userIdInToken} wrote, or undefined. */
export function userIdFromToken(part: string): string | undefined {
  const userId = part.startsWith('~') ? Buffer.from(part.slice(1), 'base64url').toString() : part
  return isUserId(userId) && userIdInToken(userId) === part ? userId : undefined
}
