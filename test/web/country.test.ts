import { getCountries, getExampleNumber } from 'libphonenumber-js/min'
import examples from 'libphonenumber-js/mobile/examples'
import { describe, expect, test } from 'vitest'
import { countryRow } from '../../web/countries.ts'
import { exampleOf, likelyCountry, readCountry } from '../../web/parts/country.ts'
import { isNumberAtHome, parseIdentifier, parsePhone } from '../../web/parts/identifiers.ts'

const countryOf = (id: string) => readCountry(countryRow(id) ?? '')
const egypt = countryOf('EG')
const india = countryOf('IN')
/** A number there is put in order in a way of its own: dialled at home it has digits in its middle that it has not abroad. */
const abroadOnly = ['AR']

describe('a number as it is dialled at home', () => {
  test('is the number that libphonenumber reads, in every country of the world', () => {
    const wrong = getCountries().flatMap((id) => {
      const number = getExampleNumber(id, examples)
      if (number === undefined) return []
      const country = countryOf(id)
      const typed = [
        number.formatNational(),
        number.formatInternational(),
        number.number,
        number.number.slice(1),
      ]
      return typed.some((each) => parsePhone(each, country) !== number.number) ? [id] : []
    })
    expect(wrong).toEqual(abroadOnly)
  })

  test.each([
    ['01001234567', '+201001234567'],
    ['0100 123-4567', '+201001234567'],
    ['1001234567', '+201001234567'],
    ['201001234567', '+201001234567'],
    ['00201001234567', '+201001234567'],
    ['+919876543210', '+919876543210'],
    ['\u0660\u0661\u0660\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667', '+201001234567'],
  ])('%s in Egypt', (typed, phone) => {
    expect(parsePhone(typed, egypt)).toBe(phone)
  })

  test('begins with the calling code by chance, and is whole without it', () => {
    expect(parsePhone('9198765432', india)).toBe('+919198765432')
    expect(parsePhone('919198765432', india)).toBe('+919198765432')
  })

  test('is none where it is too short, has letters, or where no country is known', () => {
    expect(parsePhone('0100', egypt)).toBeUndefined()
    expect(parsePhone('0100abc4567', egypt)).toBeUndefined()
    expect(parsePhone('01001234567')).toBeUndefined()
    for (const id of abroadOnly) {
      expect(parsePhone('0111523456789', countryOf(id))).toBeUndefined()
      expect(parsePhone('+5491123456789', countryOf(id))).toBe('+5491123456789')
    }
  })

  test('signs in too, and no email or username is taken for one', () => {
    expect(parseIdentifier('01001234567', egypt)).toBe('+201001234567')
    expect(parseIdentifier('priya.sharma', egypt)).toBe('priya.sharma')
    for (const [typed, isOne] of [
      ['010', true],
      ['0100 123', true],
      ['\u0660\u0661\u0660', true],
      ['01', false],
      ['+2010', false],
      ['123abc', false],
      ['priya', false],
    ] as const)
      expect([typed, isNumberAtHome(typed)]).toEqual([typed, isOne])
  })
})

test('the country is that of a language of the browser where it is listed, else the first', () => {
  const list = [egypt, india]
  for (const [languages, country] of [
    [['en-IN', 'ar-EG'], india],
    [['en-US', 'hi-IN'], india],
    [['zh-Hant-IN'], india],
    [['in-ID'], egypt],
    [['ar'], egypt],
    [[], egypt],
  ] as const)
    expect([languages, likelyCountry(list, languages)]).toEqual([languages, country])
  expect(likelyCountry([], ['ar-EG'])).toBeUndefined()
})

test('the build tells a page no more of a country than it needs, and nothing of what is none', () => {
  expect(countryRow('EG')).toBe('EG:20:0:1001234567')
  expect(countryRow('AR')).toBe('AR:54::')
  expect(countryRow('XX')).toBeUndefined()
  expect(exampleOf(egypt)).toBe('01001234567')
  expect(exampleOf(countryOf('AR'))).toBe('+54\u2026')
})
