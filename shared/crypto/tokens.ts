/** Random values that nobody can guess, and the form they are stored in. */
import { createHash, randomBytes } from 'node:crypto'

/** @returns 256 random bits in base64url: reset tokens and session secrets. */
export const newToken = (): string => randomBytes(32).toString('base64url')

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
