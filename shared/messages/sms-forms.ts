/** Every text that is sent by SMS, and its form as operators register it (India's DLT). */
import { codeText, type SmsText } from '../contract/sms-registrations.ts'
import { disownedBy } from '../domain/not-me.ts'
import type { Notice, Purpose } from './catalogue.ts'
import { en } from './catalogues/en.ts'
import { type CodeMessage, type Context, catalogues, type NoticeMessage, smsForm } from './compose.ts'
import type { Readers } from './languages.ts'

/** DLT's mark of what differs; what stands in its place may have 30 characters. */
export const dltVariable = '{#var#}'

const purposes = Object.keys(en.code) as Purpose[]
const notices = Object.keys(en.notices) as Notice[]

export const smsTexts: readonly SmsText[] = [...purposes.map(codeText), ...notices]
export const smsLanguages: readonly string[] = [...catalogues.keys()]

const codeOf = (purpose: Purpose): CodeMessage => ({
  template: 'code',
  code: '',
  ref: '',
  minutes: 1,
  purpose,
})

function noticeOf(template: Notice, host: string): NoticeMessage {
  const linked = disownedBy(template) !== undefined
  return { template, reference: '', time: 0, ...(linked && { link: `https://${host}/not-me#` }) }
}

/** What a deployer's messages always hold. */
export type Names = Omit<Context, keyof Readers>

/**
 * @param language one of `smsLanguages`
 * @returns each text with `{#var#}` where messages differ, ready to be registered
 */
export function smsForms(language: string, names: Names): ReadonlyMap<SmsText, string> {
  const context = { ...names, locale: language, defaultLocale: language }
  const forms: [SmsText, CodeMessage | NoticeMessage][] = [
    ...purposes.map((purpose): [SmsText, CodeMessage] => [codeText(purpose), codeOf(purpose)]),
    ...notices.map((notice): [SmsText, NoticeMessage] => [notice, noticeOf(notice, names.host)]),
  ]
  return new Map(forms.map(([text, message]) => [text, smsForm(message, context, dltVariable)]))
}
