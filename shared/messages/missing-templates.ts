/** Texts that a country compares with registered ones, and that have none: synth and the doctor tell them, for SNS would not. */
import {
  needsTemplates,
  registeredLanguages,
  type SmsSender,
  type SmsText,
  templateOf,
} from '../contract/sms-registrations.ts'
import { isAwaited } from './languages.ts'
import { smsLanguages, smsTexts } from './sms-forms.ts'

export interface MissingTemplate {
  readonly country: string
  readonly language: string
  readonly text: SmsText
}

interface Sms {
  /** ISO 3166 alpha-2. */
  readonly countries: readonly string[]
  readonly senders: Readonly<Record<string, SmsSender>>
}

/** Countries that compare texts, with each language, and whether it waits for its first text there. */
const compared = ({ countries, senders }: Sms) =>
  countries.filter(needsTemplates).flatMap((country) =>
    smsLanguages.map((language) => ({
      country,
      language,
      awaited: isAwaited(language, registeredLanguages(country, senders[country])),
    })),
  )

/** @returns one for each text in each language that no SMS to the country can be sent in. */
export const missingTemplates = (sms: Sms): MissingTemplate[] =>
  compared(sms)
    .filter(({ awaited }) => !awaited)
    .flatMap(({ country, language }) =>
      smsTexts
        .filter((text) => templateOf(sms.senders[country], text, language) === undefined)
        .map((text) => ({ country, language, text })),
    )

/** @returns languages that people are not written to by SMS in, because none of their texts is registered yet. */
export const awaitedLanguages = (sms: Sms): Pick<MissingTemplate, 'country' | 'language'>[] =>
  compared(sms)
    .filter(({ awaited }) => awaited)
    .map(({ country, language }) => ({ country, language }))
