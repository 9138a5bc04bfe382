/** Texts of the team's in messages: any text may be another, but for what the code, the carriers and the readers rely on. */
import { type OwnTexts, ownTextProblems, type TextRules } from '../domain/own-texts.ts'
import { holdsSixDigits, placeholder } from '../domain/product.ts'
import { catalogues } from './compose.ts'

/** What is not a text to read. */
const facts: ReadonlySet<string> = new Set(['locale', 'direction'])

/** All texts of messages, by language. */
export const messageTexts: ReadonlyMap<string, object> = new Map(
  [...catalogues].map(([language, catalogue]) => [
    language,
    Object.fromEntries(Object.entries(catalogue).filter(([key]) => !facts.has(key))),
  ]),
)

function refusal(text: string): string | undefined {
  if (/https?:|www\.|[<>@]/i.test(text)) return 'holds a link or markup, and a message has neither of its own'
  if (holdsSixDigits(text)) return 'holds a run of six digits, which would be taken for the code'
  if (/\{ref\}(?![).])/.test(text))
    return 'must have ")" or "." right behind {ref}: pages find it so in a message that is pasted'
  return undefined
}

const rules: TextRules = { texts: messageTexts, placeholder, refusal }

/** @throws Error with every text that cannot be used, by language and key */
export function checkOwnMessages(own: OwnTexts): OwnTexts {
  const problems = ownTextProblems(own, rules)
  if (problems.length > 0) throw new Error(`Texts of messages cannot be used:\n  ${problems.join('\n  ')}`)
  return own
}
