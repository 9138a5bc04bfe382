import { expect, test } from 'vitest'
import { chooseLanguage, type Named } from '../../web/app/choose-language.ts'

const languages: readonly [Named, ...Named[]] = [
  { locale: 'en', name: 'English' },
  { locale: 'ar', name: 'العربية' },
  { locale: 'hi', name: 'हिन्दी' },
]

test.each([
  ['the one asked for', 'hi', ['ar'], 'hi', undefined],
  ['one asked for with its region', 'HI-in', [], 'hi', undefined],
  ['the first preferred one that there is', null, ['fr-FR', 'ar-EG', 'hi'], 'ar', undefined],
  ['English, and that the preferred one is missing', null, ['fr-FR', 'de'], 'en', 'fr-FR'],
  ['a preferred one, and that the one asked for is missing', 'fr', ['hi-IN'], 'hi', 'fr'],
  ['English where nothing is known', null, [], 'en', undefined],
  ['a preferred one where an empty one is asked for', '', ['ar'], 'ar', undefined],
])('a person gets %s', (_, asked, preferred, locale, missing) => {
  const choice = chooseLanguage(languages, asked, preferred)
  expect([choice.language.locale, choice.missing]).toEqual([locale, missing])
})
