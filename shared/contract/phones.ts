/** What a number says of where it belongs. Apart from the schemas, which whoever asks this need not carry. */
import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min'

/** Whether there are numbers of a country, as ISO 3166 alpha-2. */
export const isCountry = (country: string): boolean =>
  /^[A-Z]{2}$/.test(country) && isSupportedCountry(country)

/** @returns the country of an E.164 number as ISO 3166 alpha-2, or undefined where it has none. */
export function countryOf(phone: string): string | undefined {
  return parsePhoneNumberFromString(phone)?.country
}

/** @returns the calling code of an E.164 number, without the plus. */
export function callingCodeOf(phone: string): string {
  return parsePhoneNumberFromString(phone)?.countryCallingCode ?? ''
}
