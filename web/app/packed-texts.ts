/**
 * A catalogue as it goes over the wire, a sixth smaller than as it is written: keys apart from texts, and letters that take
 * two bytes or more changed places with Latin ones that the language does not need.
 */
import type { Catalogue } from '../texts/catalogue.ts'

export interface PackedTexts {
  /** `a,b{c,d[]}`: `a` a text, `b` a group, `d` a sentence and its next step. */
  readonly keys: string
  /** Two and two characters that change places. */
  readonly pairs: string
  /** The texts in the order of their keys, a line each. */
  readonly lines: string
}

/** Its own inverse. */
const swap = (text: string, pairs: string) =>
  text.replace(/./gs, (character) => pairs[pairs.indexOf(character) ^ 1] ?? character)

const keysOf = (value: object): string =>
  Object.entries(value)
    .map(
      ([key, each]) =>
        key + (typeof each === 'string' ? '' : Array.isArray(each) ? '[]' : `{${keysOf(each)}}`),
    )
    .join()

const textsOf = (value: string | object): readonly string[] =>
  typeof value === 'string' ? [value] : Object.values(value).flatMap(textsOf)

/** Characters with how often they occur, the commonest first. */
function counted(characters: readonly string[]): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>()
  for (const each of characters) counts.set(each, (counts.get(each) ?? 0) + 1)
  return [...counts].sort(([, a], [, b]) => b - a)
}

function pairsOf(text: string): string {
  const latin = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
  const long = counted([...text.replace(/[\0-\x7f\ud800-\udfff]/g, '')])
  // Each counted once too often, so that those that never occur are among them.
  const short = counted([...latin, ...text.replace(/[^A-Za-z]/g, '')]).toReversed()
  return short
    .map(([letter, count], at) => ((long[at]?.[1] ?? 0) >= count ? long[at]?.[0] + letter : ''))
    .join('')
}

/** @throws Error where a text holds a line break: it would be taken for two */
export function pack(catalogue: Catalogue): PackedTexts {
  const texts = textsOf(catalogue)
  if (texts.some((text) => text.includes('\n'))) throw new Error(`${catalogue.locale}: a text is of one line`)
  const lines = texts.join('\n')
  const pairs = pairsOf(lines)
  return { keys: keysOf(catalogue), pairs, lines: swap(lines, pairs) }
}

export function unpack({ keys, pairs, lines }: PackedTexts): Catalogue {
  const rest = swap(lines, pairs).split('\n').values()
  const next = () => JSON.stringify(rest.next().value)
  const json = keys.replace(
    /(\w+)([{[]?)/g,
    (_, key, opens) => `"${key}":${opens === '' ? next() : opens === '[' ? `[${next()},${next()}` : opens}`,
  )
  return JSON.parse(`{${json}}`)
}
