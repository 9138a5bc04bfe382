/** Languages of the messages, apart from their texts: who only asks which language a person reads need not carry them. */
const languages = ['en', 'ar', 'hi'] as const
export type Language = (typeof languages)[number]

/** Came when stages were deployed, with their texts registered in the others. */
const later: ReadonlySet<string> = new Set<Language>(['hi'])

export interface Readers {
  /** The person's, such as `ar-EG`. */
  readonly locale: string | undefined
  /** Used where there are no texts in the person's language; English where there are none in this one either. */
  readonly defaultLocale: string
}

const languageIn = (tag: string | undefined): Language | undefined => {
  const [own = ''] = (tag ?? '').toLowerCase().split(/[-_]/)
  return languages.find((language) => language === own)
}

/**
 * Whether a language waits for its first registered text in a country that compares texts. Until then people there are written to
 * as before it came: an upgrade alone must not silence those who read it.
 * @param registered languages that have one there; undefined where nothing is compared
 */
export const isAwaited = (language: string, registered: readonly string[] | undefined): boolean =>
  registered !== undefined && later.has(language) && !registered.includes(language)

/**
 * @param registered of an SMS: languages that its country has registered texts in; undefined where it compares none
 * @returns the language that a person's messages are written in.
 */
export function messageLanguage(
  { locale, defaultLocale }: Readers,
  registered?: readonly string[],
): Language {
  const wished = [languageIn(locale), languageIn(defaultLocale)]
  return wished.find((each) => each !== undefined && !isAwaited(each, registered)) ?? 'en'
}
