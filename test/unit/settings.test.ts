/** What the deployer decides is checked at the start, by name. */
import { describe, expect, test } from 'vitest'
import { readSettings } from '#shared/settings.ts'

const needed = {
  ...Object.fromEntries(
    [
      'TABLE_IDENTITIES',
      'TABLE_CHALLENGES',
      'TABLE_SESSIONS',
      'TABLE_OUTBOX',
      'TABLE_NOTICES',
      'TABLE_LEDGER',
      'TABLE_SEAL',
      'LEDGER_BUCKET',
      'KEY_CODE_DERIVE',
      'KEY_CODE',
      'KEY_CODE_COVER',
      'KEY_LINK',
      'KEY_CREDENTIAL',
      'KEY_PSEUDONYM',
      'KEY_CHECKPOINT',
      'EMAIL_FROM',
    ].map((name) => [name, 'given']),
  ),
  ORIGIN: 'https://accounts.example.com',
  LEDGER_RETENTION_DAYS: '1',
}

describe('a function does not start', () => {
  const start = (more: Record<string, string>) => () => readSettings({ ...needed, ...more })

  test.each([
    [
      'a gate that no listed agreement opens',
      { CONSENT: 'terms@2', CONSENTS: 'terms@1,privacy@2' },
      /CONSENT: /,
    ],
    ['a floor below nothing', { LOGIN_FLOOR_MS: '-1' }, /LOGIN_FLOOR_MS: /],
    ['sessions of less than an hour', { SESSION_HOURS: '0.9' }, /SESSION_HOURS: /],
    ['sessions of more than 30 days', { SESSION_HOURS: '721' }, /SESSION_HOURS: /],
    ['a time without use that is no number', { SESSION_IDLE_HOURS: 'off' }, /SESSION_IDLE_HOURS: /],
    ['confirmations at a time that there is no word for', { CONFIRM_BY_SMS: 'never' }, /CONFIRM_BY_SMS: /],
    [
      'a budget of an address that is none',
      { ADDRESS_BUDGETS: '{"password-email":101}' },
      /ADDRESS_BUDGETS\.password-email: must be a whole number from 1 to 100/,
    ],
    [
      'a budget of no known name',
      { ADDRESS_BUDGETS: '{"codes":10}' },
      /ADDRESS_BUDGETS: may name password-email, .*mismatched-pairs/,
    ],
    ['an accent that is no colour', { EMAIL_ACCENT: 'red;background:url(x)' }, /EMAIL_ACCENT: /],
    ['a logo that is not fetched by https', { EMAIL_LOGO: 'http://acme.test/logo.png' }, /EMAIL_LOGO: /],
    ['a list of documents without versions', { CONSENTS: 'terms' }, /CONSENTS: /],
    ['a gate that no agreement opens', { CONSENT: 'terms@' }, /CONSENT: can be met by no agreement/],
  ])('with %s, and says so by name', (_, more, message) => {
    expect(start(more)).toThrow(message)
  })

  test.each([
    { CONSENT: 'terms@2', CONSENTS: 'terms@1,terms@2' },
    { CONSENT: 'terms', CONSENTS: 'terms@1' },
    { CONSENT: '', CONSENTS: 'terms@1' },
    { SESSION_HOURS: '1' },
    { CONFIRM_BY_SMS: 'withoutEmail' },
    { EMAIL_ACCENT: '#0a7f5a', EMAIL_LOGO: 'https://acme.test/logo.png' },
    { EMAIL_ACCENT: '#0a7f5a,#5fd0a8' },
    { ADDRESS_BUDGETS: '{"password-email":100,"wrong-passwords":1}' },
    { SESSION_HOURS: '720', SESSION_IDLE_HOURS: '0.25' },
    { CONSENT: 'terms@2', CONSENTS: '' },
  ])('but does with %j', (more) => {
    expect(start(more)).not.toThrow()
  })
})

test('lists are read as people write them, with a space behind a comma', () => {
  const { CONSENTS, CONSENT, ALLOWED_ORIGINS, SMS_COUNTRIES } = readSettings({
    ...needed,
    CONSENTS: 'terms@3, privacy notice@1,',
    CONSENT: 'privacy notice',
    ALLOWED_ORIGINS: 'https://a.example, https://b.example',
    SMS_COUNTRIES: ' EG , IN ',
  })
  expect({ CONSENTS, CONSENT, ALLOWED_ORIGINS, SMS_COUNTRIES }).toEqual({
    CONSENTS: ['terms@3', 'privacy notice@1'],
    CONSENT: 'privacy notice',
    ALLOWED_ORIGINS: ['https://a.example', 'https://b.example'],
    SMS_COUNTRIES: ['EG', 'IN'],
  })
})
