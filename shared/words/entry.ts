/** What one entry of the ledger means. */
import type { Entry } from '../ledger/entry.ts'
import { eventWords } from './events.ts'
import { plain } from './plain.ts'
import { reasonInWords } from './reasons.ts'

const fieldWords: Readonly<Record<string, string>> = {
  passwordHash: 'password',
  mfaEnabled: 'sign-in with a code',
  status: 'status (suspended, or active again)',
  locale: 'language',
}

/** What is in the table may be anything, once somebody has touched it. */
const inWords = (fields: unknown): string =>
  Array.isArray(fields) ? fields.map((field) => fieldWords[field] ?? String(field)).join(', ') : ''

type Told = Pick<Entry, 'type' | 'outcome' | 'reason' | 'fields' | 'channel' | 'consent' | 'breachCheck'>

/** What is said beside the sentence itself. */
function details(
  { outcome, reason, fields, channel, consent, breachCheck }: Told,
  isTold: boolean,
): string[] {
  return [
    ...(channel === undefined ? [] : [`by ${channel === 'sms' ? 'SMS' : String(channel)}`]),
    ...(consent === undefined ? [] : [String(consent)]),
    ...(reason === undefined || reason === consent || isTold ? [] : [reasonInWords(String(reason))]),
    ...(inWords(fields) === '' || (isTold && outcome === 'success') ? [] : [inWords(fields)]),
    ...(breachCheck === 'skipped' ? ['its breach check was skipped'] : []),
  ]
}

/**
 * @returns a sentence without its full stop: 'A code went out by SMS', 'A sign-in was refused: the password was wrong'.
 * What is no type that is known stays as it is: somebody may have put it into the table.
 */
export function entryInWords(entry: Told): string {
  const words = Object.hasOwn(eventWords, entry.type) ? eventWords[entry.type] : undefined
  if (words === undefined) return plain(String(entry.type))
  const { reason = '' } = entry
  const better = Object.hasOwn(words.because ?? {}, reason) ? words.because?.[reason] : undefined
  const said = details(entry, better !== undefined)
  const [first = '', ...rest] = said
  const sentence = better ?? words[entry.outcome === 'success' ? 'success' : 'failure']
  const joined = first.startsWith('by ') ? [`${sentence} ${first}`, ...rest] : [sentence, ...said]
  return plain(joined.length === 1 ? (joined[0] ?? '') : `${joined[0]}: ${joined.slice(1).join('; ')}`)
}
