/** How long each SMS can become, and which are longer than their language's bound: synth tells, for the carrier's bill would. */
import { type Flow, flows } from '../contract/flows.ts'
import { referenceCharacters } from '../contract/references.ts'
import { codeText, type SmsText } from '../contract/sms-registrations.ts'
import { disownedBy } from '../domain/not-me.ts'
import { policy } from '../policy.ts'
import type { Notice, Purpose } from './catalogue.ts'
import { type CodeMessage, type Context, catalogues, composeSms, type NoticeMessage } from './compose.ts'
import type { Names } from './sms-forms.ts'
import { outsideGsm, roomOf, type SmsSize, smsSize } from './sms-parts.ts'

const allFlows: readonly Flow[] = Object.values(flows)
const tokenCharacters = Math.ceil((policy.notMeTokenBytes * 8) / 6)

/** A code in each of the lives that its message may name: which one is longest depends on the language's numbers. */
function codesOf(purpose: Purpose): CodeMessage[] {
  const lives = allFlows
    .filter((flow) => flow.purpose === purpose)
    .map(({ codeLifeSeconds }) => codeLifeSeconds / 60)
  return Array.from({ length: Math.max(...lives) }, (_, index) => ({
    template: 'code',
    code: '000000',
    ref: 'CCCC',
    minutes: index + 1,
    purpose,
  }))
}

function noticeOf(template: Notice, host: string): NoticeMessage {
  const link = `https://${host}/not-me#${'x'.repeat(tokenCharacters)}`
  const reference = 'C'.repeat(referenceCharacters.least)
  return { template, reference, time: 0, ...(disownedBy(template) !== undefined && { link }) }
}

/**
 * @param language one of the catalogues'
 * @returns the size of each text with the longest values it can have
 */
export function smsLengths(language: string, names: Names): ReadonlyMap<SmsText, SmsSize> {
  const { code = {}, notices = {} } = catalogues.get(language) ?? {}
  const context: Context = { ...names, locale: language, defaultLocale: language }
  const longest = (messages: readonly (CodeMessage | NoticeMessage)[]) =>
    messages
      .map((message) => smsSize(composeSms(message, context)))
      .reduce((one, other) => (other.units > one.units ? other : one))
  return new Map<SmsText, SmsSize>([
    ...(Object.keys(code) as Purpose[]).map((purpose): [SmsText, SmsSize] => [
      codeText(purpose),
      longest(codesOf(purpose)),
    ]),
    ...(Object.keys(notices) as Notice[]).map((notice): [SmsText, SmsSize] => [
      notice,
      longest([noticeOf(notice, names.host)]),
    ]),
  ])
}

/** A text that takes more parts than an SMS of its language should. */
export interface LongSms {
  readonly language: string
  readonly text: SmsText
  readonly size: SmsSize
  /** Parts that it should take. */
  readonly most: number
  /** What to do about it, in a sentence. */
  readonly advice: string
}

/** A character outside GSM's alphabet costs more than any length, so it comes first. */
function adviceOf({ units, alphabet }: SmsSize, most: number, { product, host }: Names): string {
  const strange = most === 1 && alphabet === 'ucs2' ? outsideGsm(product + host) : []
  if (strange.length > 0)
    return `Leave ${strange.map((each) => `"${each}"`).join(', ')} out of product ("${product}") or origin ("${host}"): it is not in the alphabet of which a part holds 160.`
  return `Shorten product ("${product}"), the host of origin ("${host}") or the text by ${units - roomOf(alphabet, most)} characters in all.`
}

/** @returns the texts that are too long with these names, in all languages */
export const longSms = (names: Names): LongSms[] =>
  [...catalogues].flatMap(([language, { smsParts: most }]) =>
    [...smsLengths(language, names)]
      .filter(([, { parts }]) => parts > most)
      .map(([text, size]) => ({ language, text, size, most, advice: adviceOf(size, most, names) })),
  )
