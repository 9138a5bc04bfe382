/**
 * Characters that are not seen but change how others are: marks of direction, joiners, line and paragraph separators.
 * In a chain that nothing leaves they could make an entry read as another one for good (Unicode TR 36, section 2.5).
 */
const formatCharacter = /[\p{Cf}\p{Zl}\p{Zp}]/u
const formatCharacters = new RegExp(formatCharacter, 'gu')

export const hasFormatCharacters = (text: string): boolean => formatCharacter.test(text)

/**
 * For what a machine says of itself, such as a device's name: people do not type it, so nothing they meant is lost.
 * An emoji of several parts comes apart, for its joiner (U+200D) goes too.
 */
export const withoutFormatCharacters = (text: string): string => text.replace(formatCharacters, '')
