/** Alphabets of base64 in which other systems write salts and digests. */

/**
 * Standard base64, padded or not, also in the variants of passlib (`.` for `+`) and of URLs (`-` and `_`).
 * @returns undefined for text that no encoder gives: a length or spare bits that do not fit.
 */
export function fromBase64(text: string): Buffer | undefined {
  const standard = text.replace(/=+$/, '').replace(/[.-]/g, '+').replaceAll('_', '/')
  const decoded = Buffer.from(standard, 'base64')
  return unpadded(decoded) === standard ? decoded : undefined
}

/** Standard base64 as PHC strings write it. */
export const unpadded = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '')

const bcryptAlphabet = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const base64Alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

const translated = (text: string, from: string, to: string) =>
  [...text].map((character) => to[from.indexOf(character)]).join('')

/** Bcrypt has an alphabet of its own. */
export const fromBcryptBase64 = (text: string): Buffer =>
  Buffer.from(translated(text, bcryptAlphabet, base64Alphabet), 'base64')

export const toBcryptBase64 = (bytes: Buffer): string =>
  translated(unpadded(bytes), base64Alphabet, bcryptAlphabet)

const cryptAlphabet = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** The value of one character in the alphabet of `crypt`. */
export const cryptValue = (character: string): number => cryptAlphabet.indexOf(character)

/**
 * As phpass writes bytes: three in four characters of the alphabet of `crypt`, the lowest bits first.
 * @returns undefined where the last character has bits of no byte
 */
export function fromPhpassBase64(text: string): Buffer | undefined {
  const bytes: number[] = []
  let [bits, held] = [0, 0]
  for (const [place, character] of [...text].entries()) {
    if (place % 4 === 0) [bits, held] = [0, 0]
    bits |= cryptValue(character) << held
    held += 6
    if (held < 8) continue
    bytes.push(bits & 0xff)
    bits >>= 8
    held -= 8
  }
  return bits === 0 ? Buffer.from(bytes) : undefined
}
