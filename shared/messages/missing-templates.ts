/** Texts that a country compares with registered ones, and that have none: synth and the doctor tell them, for SNS would not. */
import { needsTemplates, type SmsSender, type SmsText, templateOf } from '../contract/sms-registrations.ts'
import { smsLanguages, smsTexts } from './sms-forms.ts'

export interface MissingTemplate {
  readonly country: string
  readonly language: string
  readonly text: SmsText
}

/**
 * @param countries ISO 3166 alpha-2
 * @returns one for each text in each language that no SMS to the country can be sent in.
 */
export function missingTemplates({
  countries,
  senders,
}: {
  readonly countries: readonly string[]
  readonly senders: Readonly<Record<string, SmsSender>>
}): MissingTemplate[] {
  return countries
    .filter(needsTemplates)
    .flatMap((country) =>
      smsLanguages.flatMap((language) =>
        smsTexts
          .filter((text) => templateOf(senders[country], text, language) === undefined)
          .map((text) => ({ country, language, text })),
      ),
    )
}
