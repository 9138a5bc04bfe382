/** A moment by the clock of a person's country. */
import { describe, expect, test, vi } from 'vitest'
import { localTime } from '#shared/domain/local-time.ts'

const summer = Date.UTC(2026, 6, 20, 16, 32)
const winter = Date.UTC(2026, 10, 20, 16, 32)
/** Between numbers and `PM` there is a space that no keyboard has. */
const plain = (text: string | undefined) => text?.replace(/\s/g, ' ')

describe('a moment', () => {
  test.each([
    ['en-IN', 'en', winter, '20 November 2026 at 10:02 pm', 'India'],
    ['hi-IN', 'hi', winter, '20 नवंबर 2026 को 10:02 pm बजे', 'भारत'],
    ['ar-SA', 'ar', winter, '20 نوفمبر 2026 في 7:32 م', 'المملكة العربية السعودية'],
    ['en-GB', 'en', winter, '20 November 2026 at 16:32', 'United Kingdom'],
    // In summer the clocks of London and Cairo are an hour on.
    ['en-GB', 'en', summer, '20 July 2026 at 17:32', 'United Kingdom'],
    ['ar-EG', 'ar', summer, '20 يوليو 2026 في 7:32 م', 'مصر'],
    // Written in English, because there are no texts in German: by the clock of Germany all the same.
    ['de-DE', 'en', winter, '20 November 2026 at 17:32', 'Germany'],
  ])('for %s in %s is that of the country', (locale, language, time, local, country) => {
    const told = localTime(time, locale, language)
    expect({ local: plain(told?.local), country: told?.country }).toEqual({ local, country })
  })

  test('has the clock of a country with several zones only where all show the same', () => {
    // Büsingen, which is German, keeps the time of Berlin.
    expect(localTime(winter, 'de-DE', 'en')).toBeDefined()
    for (const locale of ['en-US', 'pt-BR', 'es-ES', 'id-ID', 'zh-CN', 'en-AU'])
      expect([locale, localTime(winter, locale, 'en')]).toEqual([locale, undefined])
  })

  test('is nobody’s where the engine does not know the zones of countries', () => {
    vi.stubGlobal('Intl', {
      ...{ DateTimeFormat: Intl.DateTimeFormat, DisplayNames: Intl.DisplayNames },
      Locale: class extends Intl.Locale {
        getTimeZones = undefined
      },
    })
    expect(localTime(winter, 'en-GB', 'en')).toBeUndefined()
    vi.unstubAllGlobals()
    expect(localTime(winter, 'en-GB', 'en')).toBeDefined()
  })

  test.each(['ar', 'hi', 'en', '', 'en-XX', 'en-419', 'x', '???'])(
    'for %j is nobody’s: no country is guessed from a language',
    (locale) => {
      expect(localTime(winter, locale, 'en')).toBeUndefined()
    },
  )
})
