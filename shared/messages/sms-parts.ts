/** How many parts a text is sent and billed in: networks carry 140 bytes at a time (3GPP TS 23.038 and 23.040). */

/** The default alphabet, a septet each; the escape to the extension is not a character of its own. */
const basic = new Set(
  `@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà`,
)
/** Two septets each: the escape before them is one. */
const extended = new Set('\f^{}\\[~]|€')

const room = {
  gsm: { alone: 160, inSeveral: 153 },
  ucs2: { alone: 70, inSeveral: 67 },
} as const

type Alphabet = keyof typeof room

export interface SmsSize {
  /** Septets of GSM 03.38, or UTF-16 units of UCS-2 where one character is in no alphabet of GSM's. */
  readonly units: number
  readonly alphabet: Alphabet
  /** What a carrier bills. */
  readonly parts: number
}

const septetsOf = (character: string) => (extended.has(character) ? 2 : 1)

/** Characters that no network carries in seven bits; one of them more than halves what a part holds. */
export const outsideGsm = (text: string): string[] => [
  ...new Set([...text].filter((character) => !basic.has(character) && !extended.has(character))),
]

/** @returns the units that so many parts hold. */
export const roomOf = (alphabet: Alphabet, parts: number): number =>
  parts === 1 ? room[alphabet].alone : parts * room[alphabet].inSeveral

/** No part ends within a character: an escape and what follows it, or a pair of surrogates, go together. */
function partsOf(sizes: readonly number[], { alone, inSeveral }: (typeof room)[Alphabet]): number {
  const units = sizes.reduce((sum, size) => sum + size, 0)
  if (units <= alone) return 1
  let [parts, used] = [1, 0]
  for (const size of sizes) {
    if (used + size > inSeveral) [parts, used] = [parts + 1, 0]
    used += size
  }
  return parts
}

/** @returns what a text takes on the wire; an empty text is one part */
export function smsSize(text: string): SmsSize {
  const characters = [...text]
  const alphabet = outsideGsm(text).length === 0 ? 'gsm' : 'ucs2'
  const sizes = characters.map((each) => (alphabet === 'gsm' ? septetsOf(each) : each.length))
  const units = sizes.reduce((sum, size) => sum + size, 0)
  return { units, alphabet, parts: partsOf(sizes, room[alphabet]) }
}
