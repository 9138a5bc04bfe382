/** The build's side of `app/packed-words.ts`. */
import { frontCode } from '#shared/domain/front-code.ts'
import { Range, symbolBits, theEnd, walk } from './app/packed-words.ts'

/** @param words in ASCII without capital letters, sorted @returns Base64 */
export function packWords(words: readonly string[]): string {
  // The first word shares nothing, and nothing is said of it.
  const symbols = frontCode(words).slice(1) + String.fromCharCode(theEnd)
  const range = new Range()
  const bytes: number[] = []
  let at = 0
  const packing = walk((likely) => {
    const place = symbolBits - 1 - (at % symbolBits)
    const bit = (symbols.charCodeAt(Math.floor(at / symbolBits)) >> place) & 1
    const split = range.split(likely)
    at += 1
    range.narrow(bit, split)
    for (let byte = range.settled(); byte !== undefined; byte = range.settled()) bytes.push(byte)
    return bit
  })
  for (const _ of packing);
  for (let shift = 24; shift >= 0; shift -= 8) bytes.push((range.low >>> shift) & 255)
  return Buffer.from(bytes).toString('base64')
}
