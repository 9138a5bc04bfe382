/** A password in the forms that rules look at. Pure; the pages use it too. */
import { asciiDigits } from './digits.ts'

const visible = (text: string) => text.replace(/\p{Cf}/gu, '')

/** In lower case and without characters that nobody sees, but not normalised. */
export const asTyped = (text: string): string => asciiDigits(visible(text).toLowerCase())

/**
 * As it is compared with lists and names: the form that is hashed, in lower case. What nobody sees goes first, or it would keep
 * a letter and its accent apart.
 */
export const folded = (text: string): string => asTyped(visible(text).normalize('NFKC'))

/** What is left without the digits and signs at both ends; empty where there is no letter. */
export const withoutEnds = (text: string): string => /\p{L}(?:.*[\p{L}\p{M}])?/su.exec(text)?.[0] ?? ''

/** Digits and signs that are read as letters. `1` stands for two. */
const asLetters: Readonly<Record<string, readonly string[]>> = {
  ...{ '@': ['a'], '0': ['o'], '3': ['e'], '5': ['s'], $: ['s'] },
  '1': ['i', 'l'],
}
/** A word with more of `1` than a word has of both letters is none: those that follow are read one way. */
const mostReadings = 2 ** 4
/** No word of a list and no name is longer: to read one in all its ways would cost whoever sends it nothing, and us a lot. */
const longestWord = 64
/** So many of them at an end may be letters of the word or stand beside it. */
const mostAtEnd = 3

/** @returns every way to read a text: `m1che11e` is `michelle` among others */
const readingsOf = (text: string): readonly string[] =>
  [...text].reduce<readonly string[]>(
    (read, sign) => {
      const letters = asLetters[sign] ?? [sign]
      return read.flatMap((word) =>
        (read.length < mostReadings ? letters : letters.slice(0, 1)).map((letter) => word + letter),
      )
    },
    [''],
  )

/**
 * The words that a password may be made of: without digits and signs at both ends, and those within read as letters. The
 * ones at an end are read both ways, since `$ummer26!` begins with a letter and `26summer$` ends with a sign.
 */
export function stemsOf(password: string): ReadonlySet<string> {
  const text = folded(password)
  const core = withoutEnds(text)
  if (core === '') return new Set()
  if (core.length > longestWord) return new Set([core])
  const start = text.indexOf(core)
  const before = /[@0135$]*$/.exec(text.slice(0, start).slice(-mostAtEnd))?.[0] ?? ''
  const after = /^[@0135$]*/.exec(text.slice(start + core.length))?.[0].slice(0, mostAtEnd) ?? ''
  const stems = new Set<string>()
  for (let from = 0; from <= before.length; from += 1)
    for (let to = 0; to <= after.length; to += 1)
      for (const word of readingsOf(before.slice(from) + core + after.slice(0, to))) stems.add(word)
  return stems
}
