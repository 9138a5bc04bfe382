import { describe, expect, test } from 'vitest'
import { disownedBy } from '#shared/domain/not-me.ts'
import {
  type CodeMessage,
  type Context,
  catalogues,
  composeEmail,
  composeSms,
  type NoticeMessage,
} from '#shared/messages/compose.ts'

const english: Context = {
  locale: 'en',
  defaultLocale: 'en',
  product: 'Latchkey',
  host: 'accounts.example.com',
}
const arabic = { ...english, locale: 'ar' }
const hindi = { ...english, locale: 'hi' }
const languages = [...catalogues.keys()].map((locale) => ({ ...english, locale }))
const code: CodeMessage = { template: 'code', code: '012345', ref: 'C3D4', minutes: 5, purpose: 'password' }
const reference = 'HJKM3467'
const notice: NoticeMessage = {
  template: 'passwordChanged',
  reference,
  time: Date.UTC(2026, 10, 20, 16, 32, 59),
}
const notices = Object.keys(catalogues.get('en')?.notices ?? {}) as NoticeMessage['template'][]
const link = 'https://accounts.example.com/not-me#Zm9vYmFyLWJhel9xdXV4LQ'
/** Of a template as it is sent: with its link, where it has one. */
const noticeOf = (template: NoticeMessage['template']): NoticeMessage => ({
  ...notice,
  template,
  ...(disownedBy(template) !== undefined && { link }),
})
const linked = notices.filter((template) => disownedBy(template) !== undefined)
const unlinked = notices.filter((template) => disownedBy(template) === undefined)
const purposes = ['password', 'pin', 'signIn'] as const

/** What a reader sees of HTML. */
const visible = (html: string) =>
  html
    .replace(/<style>.*?<\/style>|<div style="display:none.*?<\/div>/gs, '')
    .replace(/<(title|meta)[^>]*>([^<]*<\/title>)?/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&#39;', "'")
    .replace(/\s+/g, ' ')

describe('a code', () => {
  test.each([
    ['password', /password/],
    ['pin', /PIN/],
    ['signIn', /sign/],
  ] as const)('for %s comes with its purpose, its life and "never share it"', (purpose, named) => {
    const { subject, text, html } = composeEmail({ ...code, purpose }, english)
    expect(subject).toMatch(named)
    for (const body of [text, visible(html), composeSms({ ...code, purpose }, english)]) {
      expect(body).toContain('012345')
      expect(body).toMatch(named)
      expect(body).toContain('5 minutes')
      expect(body).toMatch(/never share/i)
    }
  })

  test.each([
    ['password', 'كلمة المرور'],
    ['pin', 'رقم PIN'],
    ['signIn', 'تسجيل الدخول'],
  ] as const)('for %s says so in Arabic', (purpose, named) => {
    const { subject, text, html } = composeEmail({ ...code, purpose }, arabic)
    expect(subject).toContain(named)
    for (const body of [text, visible(html), composeSms({ ...code, purpose }, arabic)]) {
      expect(body).toContain('012345')
      expect(body).toContain(named)
      expect(body).toContain('5 دقائق')
      expect(body).toMatch(/لا تشارك/)
    }
  })

  test.each([
    ['password', 'पासवर्ड'],
    ['pin', 'PIN'],
    ['signIn', 'साइन-इन'],
  ] as const)('for %s says so in Hindi', (purpose, named) => {
    const { subject, text, html } = composeEmail({ ...code, purpose }, hindi)
    expect(subject).toContain(named)
    for (const body of [text, visible(html), composeSms({ ...code, purpose }, hindi)]) {
      expect(body).toContain('012345')
      expect(body).toMatch(purpose === 'signIn' ? /साइन.इन/ : named)
      expect(body).toContain('5 मिनट')
      expect(body).toContain('किसी को न बताएँ')
    }
  })

  test('is not in the subject, which shows on a locked screen', () => {
    for (const context of languages) expect(composeEmail(code, context).subject).not.toContain('012345')
  })

  test('is the only run of six digits in its message', () => {
    for (const context of languages)
      for (const body of [composeEmail(code, context).text, composeSms(code, context)])
        expect(new Set(body.match(/(?<!\d)\d{6}(?!\d)/g))).toEqual(new Set(['012345']))
  })

  test.each(languages)('ends its SMS with the WebOTP line and nothing after it ($locale)', (context) => {
    const lines = composeSms(code, context).split('\n')
    expect(lines).toHaveLength(2)
    expect(lines.at(-1)).toBe('@accounts.example.com #012345')
  })
})

describe('a notice', () => {
  test.each(notices)('of %s names its ledger entry and what to do, in every language', (template) => {
    for (const context of languages) {
      const { text, html } = composeEmail(noticeOf(template), context)
      for (const body of [text, visible(html)]) {
        expect(body).toContain(reference)
        expect(body).toContain('2026-11-20 16:32 UTC')
        expect(body).toMatch(/support|the page|الدعم|الصفحة|सहायता|पेज/)
      }
      const sms = composeSms(noticeOf(template), context)
      expect(sms.endsWith(reference)).toBe(true)
      expect(sms.split('\n').includes(link)).toBe(linked.includes(template))
      expect(sms).toMatch(
        /contact support|your password|choose a new|stop it here|الدعم|كلمة|أوقفه|सहायता|पासवर्ड|रोकें/i,
      )
    }
  })

  test('that can be disowned has its link once, as it is, and says that opening it changes nothing', () => {
    expect(linked).toEqual(['passwordChanged', 'pinChanged', 'pinSet', 'addressChanged', 'mfaChanged'])
    for (const template of linked)
      for (const context of languages) {
        const { text, html } = composeEmail(noticeOf(template), context)
        expect(text.split('\n').filter((line) => line === link)).toHaveLength(1)
        expect(html.match(/href="[^"]*"/g)).toEqual([`href="${link}"`])
        // A button in the mail, the address where there are no buttons.
        expect(visible(html)).not.toContain(link)
        expect(text).toContain(`${catalogues.get(context.locale ?? '')?.disown}:\n${link}\n`)
        for (const body of [text, visible(html)])
          expect(body).toMatch(
            /changes nothing by itself|فتح الصفحة وحده لا يغير شيئًا|पेज खोलने भर से कुछ नहीं बदलता/,
          )
        expect(text.replace(link, '')).not.toMatch(/https?:|(?<!\d)\d{6}(?!\d)/)
      }
  })

  test('says how long a freeze lasts at least', () => {
    const { text } = composeEmail({ ...notice, template: 'recoveryFrozen' }, english)
    expect(text).toContain('at least 24 hours')
    expect(composeSms({ ...notice, template: 'recoveryFrozen' }, arabic)).toContain('24 ساعة')
  })
})

describe('an SMS', () => {
  const everySms = (context: Context) => [
    ...purposes.map((purpose) => composeSms({ ...code, minutes: 10, purpose }, context)),
    ...notices.map((template) => composeSms(noticeOf(template), context)),
  ]

  test('in English is one part of GSM 03.38 characters', () => {
    for (const sms of everySms(english)) {
      expect(sms).toMatch(/^[A-Za-z0-9 \n@#.,:;?!'()/_-]+$/)
      expect(sms.length).toBeLessThanOrEqual(160)
    }
  })

  test.each([arabic, hindi])('in $locale is two parts of UCS-2 at most', (context) => {
    for (const sms of everySms(context)) expect(sms.length).toBeLessThanOrEqual(2 * 67)
  })

  test('keeps a reference that begins with a digit in its order behind Arabic words', () => {
    const ofCode = composeSms({ ...code, ref: '3CD4' }, arabic)
    // A digit after Arabic letters is theirs (UAX 9, W2), unless a mark that runs left to right stands before it.
    expect(ofCode).toContain('\u200e3CD4)')
    expect(
      composeSms({ ...notice, reference: '34679CDF' }, arabic)
        .split('\n')
        .at(-1),
    ).toBe('34679CDF')
  })
})

describe('the language', () => {
  test.each([
    ['ar-EG', 'en', 'ar'],
    ['AR_eg', 'en', 'ar'],
    ['en-IN', 'ar', 'en'],
    ['hi-IN', 'en', 'hi'],
    ['fr-FR', 'ar-EG', 'ar'],
    ['fr-FR', 'hi', 'hi'],
    ['fr', 'de', 'en'],
    ['constructor', 'en', 'en'],
    ['', 'ar', 'ar'],
    [undefined, 'ar', 'ar'],
  ])('for %s with the default %s is %s', (locale, defaultLocale, expected) => {
    const { html } = composeEmail(code, { ...english, locale, defaultLocale })
    expect(html).toContain(`<html lang="${expected}"`)
  })
})

describe('an email', () => {
  test.each([
    [english, '<html lang="en" dir="ltr">'],
    [arabic, '<html lang="ar" dir="rtl">'],
  ])('says its language and direction (%#)', (context, start) => {
    expect(composeEmail(notice, context).html).toContain(start)
  })

  test('keeps codes, times and references left to right in a text from right to left', () => {
    expect(composeEmail(code, arabic).html).toMatch(/<bdi dir="ltr">012345<\/bdi>/)
    expect(composeEmail(notice, arabic).html).toMatch(new RegExp(`<bdi dir="ltr"[^>]*>${reference}</bdi>`))
    expect(composeEmail(notice, arabic).text).toContain(`\u2068${reference}\u2069`)
  })

  test('loads nothing, and links to nothing where nothing can be disowned', () => {
    for (const context of languages)
      for (const message of [code, ...unlinked.map(noticeOf)]) {
        const { text, html } = composeEmail(message, context)
        expect(html).not.toMatch(/<(a|img|link|script|form|iframe)\b|url\(|https?:|\bon\w+=/i)
        expect(text).not.toMatch(/https?:|www\./)
      }
  })

  test('escapes what stands in the settings', () => {
    const { html, subject } = composeEmail(code, { ...english, product: `<b>"Tom's" & Co</b>` })
    expect(html).toContain('&lt;b&gt;&quot;Tom&#39;s&quot; &amp; Co&lt;/b&gt;')
    expect(html).not.toContain('<b>')
    expect(subject).toContain(`<b>"Tom's" & Co</b>`)
  })

  test('fills in a value as it is, even when it looks like a placeholder', () => {
    const { text } = composeEmail(code, { ...english, product: '{code} $& {x}' })
    expect(text).toContain('reset your {code} $& {x} password')
  })

  test.each(languages)('says the same in plain text and in HTML, in the same order ($locale)', (context) => {
    const device = { browser: 'Chrome', system: 'Android' }
    const words = (text: string) => text.replaceAll(/[\s\u2068\u2069]/g, '')
    for (const message of [code, ...notices.map((template) => ({ ...noticeOf(template), device }))]) {
      const { text, html } = composeEmail(message, context)
      // The address is the button's, and the product's name stands above it all.
      const said = words(text.replace(`:\n${link}`, ''))
      expect(words(visible(html).replace(context.product, ''))).toBe(said)
    }
  })

  test('tells a list of mails what it is about, and never the code, which would stand on a locked screen', () => {
    for (const context of languages) {
      for (const message of [code, ...notices.map(noticeOf)]) {
        const { html } = composeEmail(message, context)
        const [, first = ''] = /<div style="display:none[^>]*>(.*?)<\/div>/s.exec(html) ?? []
        const [, shown = '', rest = ''] = /^(.*?)((?:&#847;&zwnj;&nbsp;)*)$/s.exec(first) ?? []
        expect(shown).not.toBe('')
        expect(shown).not.toContain('012345')
        // What follows in the mail does not come up behind it: lists show some 200 characters at most.
        expect(rest.split(';').length / 3).toBeGreaterThan(60)
      }
    }
  })

  test('says when by the clock of the person’s country beside UTC, and by UTC alone where it is not known', () => {
    const when = (locale: string) =>
      composeEmail(notice, { ...english, locale })
        .text.split('\n\n')[1]
        ?.replace(/[\s\u2068\u2069]+/g, ' ')
    expect(when('en-IN')).toBe('Time: 20 November 2026 at 10:02 pm, India time (2026-11-20 16:32 UTC)')
    expect(when('en-US')).toBe('Time: 2026-11-20 16:32 UTC')
    expect(when('en')).toBe('Time: 2026-11-20 16:32 UTC')
    expect(when('ar-EG')).toContain('مصر')
  })

  test('says on which device, where that is known', () => {
    const lines = (device: NoticeMessage['device']) =>
      composeEmail({ ...notice, ...(device && { device }) }, english)
        .text.split('\n\n')[1]
        ?.split('\n')
    expect(lines({ browser: 'Chrome', system: 'Android' })?.[1]).toBe('Device: Chrome on Android')
    expect(lines({ system: 'iOS' })?.[1]).toBe('Device: iOS')
    expect(lines(undefined)).toHaveLength(1)
  })

  test('has the deployer’s logo in place of the name, which stays as its words, and the accent on bar and button', () => {
    const logo = 'https://acme.test/logo.png?a="b"&c'
    const accents = { light: '#0a7f5a', dark: '#5fd0a8' }
    const { html } = composeEmail(noticeOf('pinSet'), { ...english, logo, accents })
    expect(html).toContain(
      '<img class="lk-logo" src="https://acme.test/logo.png?a=&quot;b&quot;&amp;c" alt="Latchkey"',
    )
    expect(html.match(/<img/g)).toHaveLength(1)
    expect(html).toContain('background:#0a7f5a;color:#ffffff;font-weight:600')
    expect(html).toMatch(/prefers-color-scheme:dark\){.*background:#5fd0a8!important;color:#000000!important/)
  })
})
