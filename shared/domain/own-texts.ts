/** Texts of the team in place of ours: found by language and key, and held to what stands there. */

/** By language, then by key, such as `code.password.sms`. */
export type OwnTexts = Readonly<Record<string, Readonly<Record<string, string>>>>

/** @returns every text below a value, by its key */
export const textsBelow = (value: object, above = ''): [key: string, text: string][] =>
  Object.entries(value).flatMap(([key, each]: [string, unknown]) => {
    if (typeof each === 'string') return [[`${above}${key}`, each]]
    return typeof each === 'object' && each !== null ? textsBelow(each, `${above}${key}.`) : []
  })

/** @returns the value with the team's texts where there are any; the same one where there are none */
export function withOwnTexts<T extends object>(
  value: T,
  own: Readonly<Record<string, string>> | undefined,
  above = '',
): T {
  if (own === undefined) return value
  const replaced = Object.entries(value).map(([key, each]: [string, unknown]) => {
    if (typeof each === 'string') return [key, own[`${above}${key}`] ?? each]
    const isGroup = typeof each === 'object' && each !== null
    return [key, isGroup ? withOwnTexts(each, own, `${above}${key}.`) : each]
  })
  const result = Object.fromEntries(replaced)
  return (Array.isArray(value) ? Object.values(result) : result) as T
}

export interface TextRules {
  /** Texts that there are, by language. */
  readonly texts: ReadonlyMap<string, object>
  /** What is filled in; with the flag `g`. */
  readonly placeholder: RegExp
  /** @returns why no text may say this, or undefined */
  readonly refusal?: (text: string) => string | undefined
}

const placeholdersOf = (text: string, pattern: RegExp) => [...new Set(text.match(pattern))]
const beside = (some: readonly string[], others: readonly string[]) =>
  some.filter((each) => !others.includes(each)).join(', ')

function problemOf(text: string, usual: string | undefined, { placeholder, refusal }: TextRules) {
  if (usual === undefined) return 'is no text that there is'
  const lines = usual.includes('\n') ? text.replace('\n', '') : text
  if (lines.trim() === '' || /\p{Cc}/u.test(lines)) return 'must be one line of text'
  const [own, asked] = [placeholdersOf(text, placeholder), placeholdersOf(usual, placeholder)]
  const [missing, strange] = [beside(asked, own), beside(own, asked)]
  if (missing !== '') return `lacks ${missing}`
  return strange === '' ? refusal?.(text) : `has ${strange}, which is not filled in there`
}

/** @returns what is wrong with each text that cannot be used, in a sentence that begins with its language and key */
export function ownTextProblems(own: OwnTexts, rules: TextRules): string[] {
  return Object.entries(own).flatMap(([language, texts]) => {
    const catalogue = rules.texts.get(language)
    if (catalogue === undefined)
      return [`${language} is no language that there are texts in: ${[...rules.texts.keys()].join(', ')}`]
    const usual = new Map(textsBelow(catalogue))
    return Object.entries(texts).flatMap(([key, text]) => {
      const problem = problemOf(text, usual.get(key), rules)
      return problem === undefined ? [] : [`${language} "${key}" ${problem}`]
    })
  })
}
