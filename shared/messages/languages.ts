/** Languages of the messages, apart from their texts: who only asks which language a person reads need not carry them. */
const languages = ['en', 'ar'] as const
export type Language = (typeof languages)[number]

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

/** @returns the language that a person's messages are written in. */
export const messageLanguage = ({ locale, defaultLocale }: Readers): Language =>
  languageIn(locale) ?? languageIn(defaultLocale) ?? 'en'
