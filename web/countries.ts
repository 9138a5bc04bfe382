/** What the pages know of the countries that may be sent an SMS: made by the build, so that no table of numbers comes into a browser. */

import { getExampleNumber, isSupportedCountry } from 'libphonenumber-js/min'
import examples from 'libphonenumber-js/mobile/examples'

/**
 * `EG:20:0:1001234567`: country, calling code, what stands before a number at home, and such a number.
 * @param country ISO 3166 alpha-2
 * @returns both last empty where numbers at home and abroad differ by more than a prefix; undefined for what is no country
 */
export function countryRow(country: string): string | undefined {
  const number = isSupportedCountry(country) ? getExampleNumber(country, examples) : undefined
  if (number === undefined) return undefined
  const { countryCallingCode, nationalNumber } = number
  const atHome = number.formatNational().replace(/\D/g, '')
  const known = atHome.endsWith(nationalNumber)
  const prefix = known ? atHome.slice(0, -nationalNumber.length) : ''
  return [country, countryCallingCode, prefix, known ? nationalNumber : ''].join(':')
}
