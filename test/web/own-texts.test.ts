/** Texts of the team's in the pages. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { withTextsOf } from '../../web/own-texts.ts'
import { catalogue as ar } from '../../web/texts/ar.ts'
import { catalogue as en } from '../../web/texts/en.ts'

const folder = mkdtempSync(join(tmpdir(), 'latchkey-texts-'))
afterAll(() => rmSync(folder, { recursive: true }))
mkdirSync(join(folder, 'pages'))
const write = (texts: Record<string, string>) =>
  writeFileSync(join(folder, 'pages', 'ar.json'), JSON.stringify(texts))
const languages = [en, ar]

test('take the place of ours by language and key, errors and their next steps too', () => {
  write({ 'auth.sendResetLink': 'أرسل', 'errors.OTP_INVALID.1': 'حاول مرة أخرى.' })
  const [english, arabic] = withTextsOf(folder, languages)
  expect(english).toEqual(en)
  expect(arabic?.texts.auth.sendResetLink).toBe('أرسل')
  expect(arabic?.errors.OTP_INVALID).toEqual([ar.errors.OTP_INVALID[0], 'حاول مرة أخرى.'])
  expect(arabic).toEqual({
    ...ar,
    texts: { ...ar.texts, auth: { ...ar.texts.auth, sendResetLink: 'أرسل' } },
    errors: arabic?.errors,
  })
  expect(withTextsOf('', languages)).toBe(languages)
})

test.each([
  [{ 'auth.sendLink': 'x' }, 'ar "auth.sendLink" is no text that there is'],
  [{ 'auth.otpSentTo': 'أرسلنا رمزًا' }, 'ar "auth.otpSentTo" lacks {{email}}'],
  [
    { 'auth.sendResetLink': '{{email}}' },
    'ar "auth.sendResetLink" has {{email}}, which is not filled in there',
  ],
  [{ 'auth.sendResetLink': 'a\nb' }, 'ar "auth.sendResetLink" must be one line of text'],
])('that cannot be used stop the build by name: %j', (texts, problem) => {
  write(texts as Record<string, string>)
  expect(() => withTextsOf(folder, languages)).toThrow(`Texts of the pages cannot be used:\n  ${problem}`)
})
