/** Every mail there is, in a language, with all that it can hold. */
import { disownedBy } from '#shared/domain/not-me.ts'
import { catalogues, composeEmail, type Email, type NoticeMessage } from '#shared/messages/compose.ts'

/** Whose locale names a country, so that its clock is told. */
const readers: Readonly<Record<string, string>> = { en: 'en-EG', ar: 'ar-EG', hi: 'hi-IN' }
const link = 'https://accounts.example.com/not-me#Zm9vYmFyLWJhel9xdXV4LQ'
const purposes = ['password', 'pin', 'signIn'] as const

/** @returns each mail by the name of its text */
export function mailsIn(language: string): ReadonlyMap<string, Email> {
  const catalogue = catalogues.get(language)
  if (catalogue === undefined) throw new Error(`There are no mails in ${language}`)
  const locale = readers[language] ?? language
  const context = { locale, defaultLocale: 'en', product: 'Latchkey', host: 'accounts.example.com' }
  const code = { template: 'code', code: '482915', ref: 'C3D4', minutes: 5 } as const
  const codes = purposes.map(
    (purpose) => [`code-${purpose}`, composeEmail({ ...code, purpose }, context)] as const,
  )
  const notices = (Object.keys(catalogue.notices) as NoticeMessage['template'][]).map((template) => {
    const message = {
      template,
      reference: 'HJKM3467',
      time: Date.UTC(2026, 10, 20, 16, 32),
      device: { browser: 'Chrome', system: 'Android' },
      ...(disownedBy(template) !== undefined && { link }),
    }
    return [template, composeEmail(message, context)] as const
  })
  return new Map([...codes, ...notices])
}
