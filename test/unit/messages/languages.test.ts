/** Which language an SMS is written in, where a country compares texts with registered ones. */
import { describe, expect, test } from 'vitest'
import { registeredLanguages } from '#shared/contract/sms-registrations.ts'
import { messageLanguage } from '#shared/messages/languages.ts'

const written = (locale: string, defaultLocale: string, registered?: readonly string[]) =>
  messageLanguage({ locale, defaultLocale }, registered)

describe('an SMS to somebody who reads Hindi', () => {
  test('is in Hindi where nothing is compared, and where a text of it is registered', () => {
    expect(written('hi-IN', 'en')).toBe('hi')
    expect(written('hi-IN', 'en', ['en', 'hi'])).toBe('hi')
  })

  test('is as before in the default language while none is: an upgrade silences nobody', () => {
    expect(written('hi-IN', 'en', ['en'])).toBe('en')
    expect(written('hi', 'ar', ['en', 'ar'])).toBe('ar')
    expect(written('hi', 'hi', ['en'])).toBe('en')
  })
})

test('a language that was there before is never left for another: its text without an id is not sent', () => {
  expect(written('ar', 'en', ['en'])).toBe('ar')
  expect(written('en', 'ar', ['ar'])).toBe('en')
})

test('a language counts as registered with its first text, in a country that compares any', () => {
  const templates = { en: { 'code.pin': '1' }, hi: {} }
  expect(registeredLanguages('IN', { templates })).toEqual(['en'])
  expect(registeredLanguages('IN')).toEqual([])
  expect(registeredLanguages('EG', { templates })).toBeUndefined()
})
