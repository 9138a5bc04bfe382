/** Texts of the team's in place of ours: taken by language and key, refused by name where something relies on what they lack. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { textsBelow, withOwnTexts } from '#shared/domain/own-texts.ts'
import { catalogues, composeEmail, composeSms } from '#shared/messages/compose.ts'
import { checkOwnMessages } from '#shared/messages/own-texts.ts'
import { smsForms } from '#shared/messages/sms-forms.ts'
import { longSms } from '#shared/messages/sms-lengths.ts'
import { readOwnTexts } from '#shared/own-texts-folder.ts'
import { readCatalogues } from '../../web/build.ts'
import { withTextsOf } from '../../web/own-texts.ts'

const names = { product: 'Latchkey', host: 'accounts.example.com' }
const code = { template: 'code', code: '012345', ref: 'C3D4', minutes: 5, purpose: 'pin' } as const
const own = {
  en: {
    'code.pin.sms': '{code}: PIN code of {product}, ref {ref}. {life} left. Keep it to yourself.',
    'code.pin.subject': 'Your {product} PIN code',
    neverShare: 'Nobody at Acme will ask for it.',
  },
}

describe('a text of the team’s', () => {
  test('takes the place of ours in mails, SMS and what is registered of them, in its language alone', () => {
    const texts = checkOwnMessages(own)
    const inLanguage = (locale: string) => ({ ...names, locale, defaultLocale: 'en', texts })
    expect(composeSms(code, inLanguage('en'))).toBe(
      '012345: PIN code of Latchkey, ref C3D4. 5 minutes left. Keep it to yourself.\n@accounts.example.com #012345',
    )
    const { subject, text, html } = composeEmail(code, inLanguage('en-GB'))
    expect(subject).toBe('Your Latchkey PIN code')
    for (const body of [text, html]) expect(body).toContain('Nobody at Acme will ask for it.')
    expect(smsForms('en', { ...names, texts }).get('code.pin')).toMatch(/^\{#var#\}: PIN code of Latchkey/)
    for (const locale of ['ar', 'hi'])
      expect(composeEmail(code, inLanguage(locale))).toEqual(
        composeEmail(code, { ...names, locale, defaultLocale: 'en' }),
      )
  })

  test('that makes an SMS take a part more is told by its language and name', () => {
    const sms = `{product}: your password was changed. ${'Long. '.repeat(12)}Not you? Stop it here:`
    const texts = checkOwnMessages({ en: { 'notices.passwordChanged.sms': sms } })
    expect(
      longSms({ ...names, texts }).map(({ language, text, size }) => [language, text, size.parts]),
    ).toEqual([['en', 'passwordChanged', 2]])
    expect(longSms(names)).toEqual([])
  })

  test.each([
    ['fr', { neverShare: 'Jamais.' }, 'fr is no language that there are texts in: en, ar, hi'],
    ['en', { 'code.pin.title': 'PIN' }, 'en "code.pin.title" is no text that there is'],
    ['en', { locale: 'en' }, 'en "locale" is no text that there is'],
    ['en', { __proto__: 'x', toString: 'x' }, 'en "toString" is no text that there is'],
    ['en', { validFor: 'Soon over.' }, 'en "validFor" lacks {life}'],
    ['ar', { reference: 'مرجع {ref}' }, 'ar "reference" lacks {reference}'],
    ['en', { 'code.pin.sms': '{code}: a code.' }, 'en "code.pin.sms" lacks {product}, {ref}, {life}'],
    ['en', { neverShare: 'Not {code}.' }, 'en "neverShare" has {code}, which is not filled in there'],
    ['ar', { smsReference: '\n' }, 'ar "smsReference" must be one line of text'],
    ['en', { neverShare: ' ' }, 'en "neverShare" must be one line of text'],
    ['en', { neverShare: 'One.\nTwo.' }, 'en "neverShare" must be one line of text'],
    ['en', { neverShare: 'See https://acme.test' }, 'en "neverShare" holds a link or markup'],
    ['en', { neverShare: 'Write to help@acme.test' }, 'en "neverShare" holds a link or markup'],
    ['en', { neverShare: 'Call 555123.' }, 'en "neverShare" holds a run of six digits'],
    ['en', { neverShare: 'Call ٥٥٥١٢٣.' }, 'en "neverShare" holds a run of six digits'],
    [
      'en',
      { codeReference: 'Reference {ref} of it' },
      'en "codeReference" must have ")" or "." right behind {ref}',
    ],
  ])('is refused by name: %s %j', (language, texts, problem) => {
    expect(() => checkOwnMessages({ [language]: texts } as never)).toThrow(problem)
  })

  test('is named beside every other that is wrong, so that they are mended at once', () => {
    expect(() => checkOwnMessages({ en: { a: 'x', validFor: 'x' }, hi: { b: 'x' } })).toThrow(
      /^Texts of messages cannot be used:\n {2}en "a" .*\n {2}en "validFor" .*\n {2}hi "b" /,
    )
  })
})

test('every text of ours can be replaced by itself, and then nothing changes', () => {
  for (const [language, catalogue] of catalogues) {
    const { locale: _l, direction: _d, ...texts } = catalogue
    const all = Object.fromEntries(textsBelow(texts))
    expect(checkOwnMessages({ [language]: all })).toEqual({ [language]: all })
    expect(withOwnTexts(catalogue, all)).toEqual(catalogue)
  }
})

describe('a folder of texts', () => {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-texts-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, 'messages'))
  const write = (name: string, content: string) => writeFileSync(join(folder, 'messages', name), content)

  test('has a file for each language, and may have none of a kind', () => {
    write('en.json', JSON.stringify(own.en))
    write('README.md', 'not a language')
    expect(readOwnTexts(folder, 'messages')).toEqual(own)
    expect(readOwnTexts(folder, 'pages')).toEqual({})
  })

  test('that the examples show can be used, for messages and for pages', async () => {
    const shown = 'examples/texts'
    expect(checkOwnMessages(readOwnTexts(shown, 'messages'))).toHaveProperty(['en', 'neverShare'])
    const [english] = withTextsOf(shown, await readCatalogues())
    expect(english?.texts.auth.sendResetLink).toBe('Send me a code')
  })

  test('that is not there, and a file that holds anything else, are named', () => {
    expect(() => readOwnTexts(join(folder, 'gone'), 'messages')).toThrow(/gone is no folder of texts$/)
    for (const wrong of ['{"neverShare": {"en": "x"}}', '["x"]', 'null', '"x"']) {
      write('hi.json', wrong)
      expect(() => readOwnTexts(folder, 'messages')).toThrow(/hi\.json must hold one object of texts by key$/)
    }
    write('hi.json', '{')
    expect(() => readOwnTexts(folder, 'messages')).toThrow(/hi\.json cannot be read: /)
  })
})
