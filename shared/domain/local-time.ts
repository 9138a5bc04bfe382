/** A moment by the clock of somebody's country. */

/** What V8 has and the types do not tell yet. */
type WithZones = Intl.Locale & { getTimeZones?(): readonly string[] | undefined }

export interface LocalTime {
  /** Day and time, as people of the country write them. */
  readonly local: string
  /** The country's name. */
  readonly country: string
}

/** Digits that every keyboard has, and the calendar that UTC beside it is in. */
const plainly = { numberingSystem: 'latn', calendar: 'gregory' }

function localeOf(locale: string): WithZones | undefined {
  try {
    return new Intl.Locale(locale)
  } catch {
    return undefined
  }
}

/**
 * @param time epoch ms
 * @param locale a person's, such as `ar-EG`; its country is taken as said, and never guessed from the language
 * @param language what it is written in, BCP 47
 * @returns undefined where the locale names no country, or one whose clocks differ at that moment: the time of its capital would
 * be wrong for everybody elsewhere, and a wrong time makes one's own act look like a stranger's
 */
export function localTime(time: number, locale: string, language: string): LocalTime | undefined {
  const own = localeOf(locale)
  if (own?.region === undefined) return undefined
  const { region } = own
  const zones = own.getTimeZones?.() ?? []
  const writer = new Intl.Locale(language, { region, ...plainly })
  const clocks = new Set(
    zones.map((timeZone) =>
      new Intl.DateTimeFormat(writer, { dateStyle: 'long', timeStyle: 'short', timeZone }).format(time),
    ),
  )
  const [local = ''] = clocks
  const country = new Intl.DisplayNames(language, { type: 'region' }).of(region)
  return clocks.size === 1 && country !== undefined ? { local, country } : undefined
}
