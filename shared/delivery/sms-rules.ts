/** The deployer's rules of who may be sent an SMS. */
import type { SmsRules } from '../domain/sendable.ts'
import { messageLanguage } from '../messages/languages.ts'
import { settings } from '../settings.ts'

export const smsRules = (): SmsRules => ({
  countries: settings().SMS_COUNTRIES,
  senders: settings().SMS_SENDERS,
  ownSender: settings().SENDER_SMS !== undefined,
  languageOf: (locale) => messageLanguage({ locale, defaultLocale: settings().DEFAULT_LOCALE }),
})
