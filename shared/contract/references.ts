/** The references that people read out of a message: of a code four characters, of a notice eight. */

/** Letters and digits that are not taken for one another, without vowels, so that no word comes out. */
export const refAlphabet = 'CDFGHJKMNPQRTWXY34679'

const ofCode = new RegExp(`(?<![\\w-])[${refAlphabet}]{4}(?=[).])`)

/** The reference of the code in a message: it ends a sentence or stands in brackets, which a name in capitals seldom does. */
export const referenceIn = (text: string): string | undefined =>
  text.replace(/\p{Cf}/gu, '').match(ofCode)?.[0]

/** Of a notice. Longer, character by character, where the shorter one is another's. */
export const referenceCharacters = { least: 8, most: 12 } as const

const bytesPerCharacter = 2

/** What the reference of an event is a SHA-256 of: its id, which holds 128 random bits. */
export const referenceInput = (eventId: string): string => `latchkey/reference/v1\n${eventId}`

/**
 * Two bytes a character, by the remainder (no character is likelier than another by more than 1 in 3,000). docs/ledger-format.md
 * has it for whoever holds an export.
 * @param digest SHA-256 of `referenceInput`
 * @returns as many characters as the longest reference has
 */
export const referenceOf = (digest: Uint8Array): string =>
  Array.from({ length: referenceCharacters.most }, (_, place) => {
    const [high = 0, low = 0] = digest.subarray(place * bytesPerCharacter)
    return refAlphabet.charAt((high * 256 + low) % refAlphabet.length)
  }).join('')
