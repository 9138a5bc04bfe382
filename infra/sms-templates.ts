/** Texts that a country compares with registered ones, and that have none: synth tells them, for SNS would not. */
import { needsTemplates, type SmsText, templateOf } from '../shared/contract/sms-registrations.ts'
import { smsLanguages, smsTexts } from '../shared/messages/sms-forms.ts'
import type { StageConfig } from './config.ts'

export interface MissingTemplate {
  readonly country: string
  readonly language: string
  readonly text: SmsText
}

/** @returns one for each text in each language that no SMS to the country can be sent in. */
export function missingTemplates({
  countries,
  senders,
}: Pick<StageConfig['sms'], 'countries' | 'senders'>): MissingTemplate[] {
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
