/** The reference of an event, which its notices carry: short enough to be read out, and public how it is made. */
import { createHash } from 'node:crypto'
import { refAlphabet, referenceCharacters } from '../contract/references.ts'

const bytesPerCharacter = 2

/**
 * SHA-256 over the event's id, which holds 128 random bits: two bytes a character, by the remainder (no character is likelier
 * than another by more than 1 in 3,000). docs/ledger-format.md has it for whoever holds an export.
 * @returns as many characters as the longest reference has; each shorter one is how it begins
 */
export function longestReference(eventId: string): string {
  const digest = createHash('sha256').update(`latchkey/reference/v1\n${eventId}`).digest()
  return Array.from({ length: referenceCharacters.most }, (_, place) =>
    refAlphabet.charAt(digest.readUInt16BE(place * bytesPerCharacter) % refAlphabet.length),
  ).join('')
}

/** @returns the eight characters that nearly all references are: the ninth is for those whose eight are another's. */
export const usualReference = (eventId: string): string =>
  longestReference(eventId).slice(0, referenceCharacters.least)
