/** The deployer's rules of who may be sent an SMS, and in which language. Pure. */
import { registeredLanguages } from '../contract/sms-registrations.ts'
import type { SmsRules } from '../domain/sendable.ts'
import type { Settings } from '../settings.ts'
import { messageLanguage } from './languages.ts'

type Given = Pick<Settings, 'DEFAULT_LOCALE' | 'SMS_COUNTRIES' | 'SMS_SENDERS' | 'SENDER_SMS'>

/** A sender of the team's is not held to what SNS's carriers have registered. */
export function smsRules({ DEFAULT_LOCALE, SMS_COUNTRIES, SMS_SENDERS, SENDER_SMS }: Given): SmsRules {
  const ownSender = SENDER_SMS !== undefined
  return {
    countries: SMS_COUNTRIES,
    senders: SMS_SENDERS,
    ownSender,
    languageOf: (locale, country) => {
      const registered = ownSender ? undefined : registeredLanguages(country, SMS_SENDERS[country])
      return messageLanguage({ locale, defaultLocale: DEFAULT_LOCALE }, registered)
    },
  }
}
