/** Which of the languages that there are a person gets. Pure. */

export interface Named {
  /** BCP 47. */
  readonly locale: string
  /** In the language itself. */
  readonly name: string
}

export interface Choice<Language> {
  readonly language: Language
  /** What was asked for in the address, or preferred, and is not there; undefined where nothing is amiss. */
  readonly missing: string | undefined
}

const primary = (tag: string) => tag.toLowerCase().split('-')[0]

/** @returns the language of a tag, whatever its region and script */
export const languageOf = <Language extends Named>(
  languages: readonly Language[],
  tag: string,
): Language | undefined => languages.find(({ locale }) => primary(locale) === primary(tag))

/** The one asked for in the address, else the first that the browser prefers, else the first there is. */
export function chooseLanguage<Language extends Named>(
  languages: readonly [Language, ...Language[]],
  asked: string | null,
  preferred: readonly string[],
): Choice<Language> {
  const tags = [...(asked ? [asked] : []), ...preferred]
  const found = tags.map((tag) => languageOf(languages, tag)).find((each) => each !== undefined)
  // Who reads two of them and finds the second has nothing to be told; who asked for one by name has.
  const isMissing = found === undefined || (asked && languageOf(languages, asked) === undefined)
  return { language: found ?? languages[0], missing: isMissing ? tags[0] : undefined }
}
