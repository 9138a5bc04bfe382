/** The references that people read out of a message: of a code four characters, of a notice eight. */

/** Letters and digits that are not taken for one another, without vowels, so that no word comes out. */
export const refAlphabet = 'CDFGHJKMNPQRTWXY34679'

/** Of a notice. Longer, character by character, where the shorter one is another's. */
export const referenceCharacters = { least: 8, most: 12 } as const
