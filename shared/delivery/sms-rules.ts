/** The deployer's rules of who may be sent an SMS. */
import { registeredLanguages } from '../contract/sms-registrations.ts'
import type { SmsRules } from '../domain/sendable.ts'
import { messageLanguage } from '../messages/languages.ts'
import { settings } from '../settings.ts'

/** A sender of the team's is not held to what SNS's carriers have registered. */
function languageOf(locale: string, country: string): string {
  const { DEFAULT_LOCALE: defaultLocale, SMS_SENDERS, SENDER_SMS } = settings()
  const registered = SENDER_SMS === undefined ? registeredLanguages(country, SMS_SENDERS[country]) : undefined
  return messageLanguage({ locale, defaultLocale }, registered)
}

export const smsRules = (): SmsRules => ({
  countries: settings().SMS_COUNTRIES,
  senders: settings().SMS_SENDERS,
  ownSender: settings().SENDER_SMS !== undefined,
  languageOf,
})
