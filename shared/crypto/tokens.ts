/** Random values that nobody can guess, and the form they are stored in. */
import { createHash, randomBytes } from 'node:crypto'

/** @returns 256 random bits in base64url: secrets of sessions. */
export const newToken = (): string => randomBytes(32).toString('base64url')

const codeBytes = 3

/**
 * A reset token: the challenge it is given for, where it is found, then a secret of 256 random bits and the code, which whoever
 * holds it has just typed. With the code the reset can hold the token to the MAC that the sender of the code alone can make:
 * nobody who only writes the table has a token (G17).
 * @returns `challengeId.secret`, the secret in base64url
 */
export function newResetToken(challengeId: string, code: string): string {
  const bytes = Buffer.alloc(codeBytes)
  bytes.writeUIntBE(Number(code), 0, codeBytes)
  return `${challengeId}.${Buffer.concat([bytes, randomBytes(32)]).toString('base64url')}`
}

/** @returns the challenge that a reset token names; of a token of any other form, an id that no challenge has. */
export const challengeInToken = (token: string): string => token.split('.', 1)[0] ?? ''

/** @returns the six digits in a reset token; for a token of any other form, digits that fit no token. */
export function codeInToken(token: string): string {
  const secret = Buffer.from(token.slice(token.indexOf('.') + 1), 'base64url')
  const code = Buffer.concat([secret, Buffer.alloc(codeBytes)]).readUIntBE(0, codeBytes)
  return String(code).padStart(6, '0')
}

/**
 * @returns 128 random bits in base64url: challenges, sessions, events and other names that must not be foreseen. None starts
 * with a hyphen, for people paste the reference of a message into a command line, where that would be an option.
 */
export function newId(): string {
  const id = randomBytes(16).toString('base64url')
  return id.startsWith('-') ? newId() : id
}

/** Hex SHA-256; enough for 256 random bits, and for nothing that can be guessed. */
export const tokenHash = (token: string): string => createHash('sha256').update(token).digest('hex')
