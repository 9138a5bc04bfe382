/**
 * A sorted list of words as it goes over the wire, smaller than gzip alone makes of it: the likelier a bit is by the letters
 * before it, the less room it takes. The build packs (`web/pack-words.ts`), the page unpacks, and both ask the same model.
 */
import { sharedMost, sharedNone } from '#shared/domain/front-code.ts'

/** After the last word. */
export const theEnd = 0
/** Of an ASCII character. */
export const symbolBits = 7

/** By multiplication alone: engines may differ in the last digit of `Math.exp`, and one such bit would spoil all that follow. */
function exp(x: number): number {
  let power = 1 + x / 4096
  for (let times = 0; times < 12; times += 1) power *= power
  return power
}

/** Odds are the logarithm of a likelihood over its opposite, in steps, from the least to the most. */
const stepsOfOne = 128
const mostOdds = 9 * stepsOfOne
const likelihoods = Float64Array.from(
  { length: 2 * mostOdds + 1 },
  (_, step) => 1 / (1 + exp(9 - step / stepsOfOne)),
)

const parts = 4096
/** The inverse, for so many parts of one. */
function tableOfOdds(): Float64Array {
  let step = 0
  return Float64Array.from({ length: parts }, (_, part) => {
    while (step < 2 * mostOdds && (likelihoods[step] ?? 1) < (part + 0.5) / parts) step += 1
    return step / stepsOfOne - 9
  })
}

/** Each of them judges by other letters; those that are right more often have more to say. */
const judges = 7
const slotBits = 16
const longestWord = 32
const learningRate = 0.005
/** A slot learns the slower the more it has seen, down to this. */
const mostSeen = 30

/** How likely a 1 is, learnt from the bits before. */
class Model {
  readonly #odds = tableOfOdds()
  readonly #likely = new Float32Array(judges << slotBits).fill(0.5)
  readonly #seen = new Uint8Array(judges << slotBits)
  readonly #weights = new Float64Array(judges * longestWord * 2).fill(0.3)
  readonly #hashes = new Int32Array(judges)
  readonly #slots = new Int32Array(judges)
  readonly #said = new Float64Array(judges)
  #set = 0

  /** To be called before each symbol. @param isBegun whether the word has more than what it shares with the one before */
  look(word: string, before: string, isBegun: boolean): void {
    const { length } = word
    const back = (count: number) => word.charCodeAt(length - count) || 0
    const beside = before.charCodeAt(length) || 0
    const one = back(1) * 2 + Number(isBegun)
    const two = one * 128 + back(2)
    const three = Math.imul(two, 128) + back(3)
    const four = Math.imul(three, 131) + back(4)
    const place = isBegun ? length : 64 + beside
    const lengths = Math.imul(length * 64 + before.length, 128) + beside
    const known = [one, two, three, four, place, place * 128 + back(1), lengths]
    for (let judge = 0; judge < judges; judge += 1)
      this.#hashes[judge] = Math.imul((known[judge] ?? 0) + judge, 0x9e3779b1)
    this.#set = judges * (2 * Math.min(length, longestWord - 1) + Number(isBegun))
  }

  /** @param begun the bits of the symbol that are known, after a 1 */
  judge(begun: number): number {
    let sum = 0
    for (let judge = 0; judge < judges; judge += 1) {
      const hash = Math.imul((this.#hashes[judge] ?? 0) + begun * 0x2545f, 0x85ebca6b) >>> (32 - slotBits)
      const slot = (judge << slotBits) + hash
      const part = Math.min(parts - 1, Math.floor((this.#likely[slot] ?? 0) * parts))
      const said = this.#odds[part] ?? 0
      this.#slots[judge] = slot
      this.#said[judge] = said
      sum += said * (this.#weights[this.#set + judge] ?? 0)
    }
    const step = mostOdds + Math.round(sum * stepsOfOne)
    return likelihoods[Math.max(0, Math.min(2 * mostOdds, step))] ?? 0
  }

  learn(bit: number, judged: number): void {
    for (let judge = 0; judge < judges; judge += 1) {
      const slot = this.#slots[judge] ?? 0
      const seen = this.#seen[slot] ?? 0
      const likely = this.#likely[slot] ?? 0
      this.#likely[slot] = likely + (bit - likely) / (seen + 1.6)
      if (seen < mostSeen) this.#seen[slot] = seen + 1
      const weight = this.#weights[this.#set + judge] ?? 0
      this.#weights[this.#set + judge] = weight + learningRate * (bit - judged) * (this.#said[judge] ?? 0)
    }
  }
}

/** What the bits so far leave of 32 bits, of which the first eight go as soon as they are settled. */
export class Range {
  low = 0
  #high = 0xffffffff

  /** @returns the last number that is a 1 */
  split(likely: number): number {
    const share = Math.max(1, Math.min(65535, Math.floor(likely * 65536)))
    return this.low + Math.floor(((this.#high - this.low) * share) / 65536)
  }

  narrow(bit: number, split: number): void {
    if (bit === 1) this.#high = split
    else this.low = split + 1
  }

  /** @returns the byte that is settled, which is then gone */
  settled(): number | undefined {
    if ((this.low ^ this.#high) >>> 24 !== 0) return undefined
    const byte = this.low >>> 24
    this.low = (this.low << 8) >>> 0
    this.#high = ((this.#high << 8) | 255) >>> 0
    return byte
  }
}

/** Goes through the list bit by bit, and gives its words. @param next the next bit, given how likely a 1 is */
export function* walk(next: (likely: number) => number): Generator<string, void> {
  const model = new Model()
  let before = ''
  let word = ''
  let isBegun = false
  for (;;) {
    model.look(word, before, isBegun)
    let bits = 1
    while (bits < 1 << symbolBits) {
      const likely = model.judge(bits)
      const bit = next(likely)
      model.learn(bit, likely)
      bits = bits * 2 + bit
    }
    const symbol = bits - (1 << symbolBits)
    const shared = symbol - sharedNone
    isBegun = shared < 0 || shared > sharedMost
    if (isBegun && symbol !== theEnd) word += String.fromCharCode(symbol)
    else {
      yield word
      if (symbol === theEnd) return
      before = word
      word = word.slice(0, shared)
    }
  }
}

/** So many are unpacked at a time: a slow phone can be typed on meanwhile. */
const atOnce = 400

/** @param packed as `packWords` made it */
export async function unpackWords(packed: string): Promise<ReadonlySet<string>> {
  const bytes = atob(packed)
  const range = new Range()
  let at = 0
  let code = 0
  const read = () => {
    code = ((code << 8) | (bytes.charCodeAt(at) || 0)) >>> 0
    at += 1
  }
  for (let count = 0; count < 4; count += 1) read()
  const words = new Set<string>()
  const unpacking = walk((likely) => {
    const split = range.split(likely)
    const bit = Number(code <= split)
    range.narrow(bit, split)
    while (range.settled() !== undefined) read()
    return bit
  })
  for (const word of unpacking) {
    words.add(word)
    if (words.size % atOnce === 0) await new Promise((resolve) => setTimeout(resolve))
  }
  return words
}
