/** A country that compares each text with a registered one: which texts have none, and whether there is room for all. */
import { Stack } from 'aws-cdk-lib'
import { describe, expect, it } from 'vitest'
import { awaitedLanguages, missingTemplates } from '#shared/messages/missing-templates.ts'
import { smsTexts } from '#shared/messages/sms-forms.ts'
import { readSettings } from '#shared/settings.ts'
import type { StageConfig } from '../../infra/config.ts'
import { dataFor } from '../../infra/data.ts'
import { settingsEnvironment } from '../../infra/environment.ts'
import { stageConfig, withApp } from './synth.ts'

const usual = stageConfig('dev')
const withSenders = (senders: StageConfig['sms']['senders']): StageConfig => ({
  ...usual,
  sms: { ...usual.sms, countries: Object.keys(senders), senders },
})
const india = usual.sms.senders['IN'] ?? {}

describe('templates', () => {
  it('are missing for every text in a language that has none at all, and in no other country', () => {
    const templates = { en: india.templates?.['en'] ?? {} }
    const missing = missingTemplates(withSenders({ EG: { senderId: 'L' }, IN: { ...india, templates } }).sms)
    // Hindi came later: nobody is silenced for want of it, and its first id asks for all others.
    expect(missing.map(({ language }) => language)).toEqual(smsTexts.map(() => 'ar'))
    expect(new Set(missing.map(({ country }) => country))).toEqual(new Set(['IN']))
  })

  it('of a language that came later are asked for from its first one on, and until then the language is told', () => {
    const began = { ...india, templates: { ...india.templates, hi: { 'code.pin': '1107' } } }
    const before = withSenders({ IN: india }).sms
    const after = withSenders({ IN: began }).sms
    expect(awaitedLanguages(before)).toEqual([{ country: 'IN', language: 'hi' }])
    expect(missingTemplates(before)).toEqual([])
    expect(awaitedLanguages(after)).toEqual([])
    expect(missingTemplates(after).map(({ language, text }) => [language, text])).toEqual(
      smsTexts.filter((text) => text !== 'code.pin').map((text) => ['hi', text]),
    )
  })

  it.each(['dev', 'prod'])('of the examples in stage %s lack none', (stage) => {
    expect(missingTemplates(stageConfig(stage).sms)).toEqual([])
  })
})

it('settings that have no room in the environment of a function are refused, with the largest by name', () => {
  const environmentOf = (config: StageConfig) =>
    withApp((app) => settingsEnvironment(dataFor(new Stack(app), config), config))
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
  const countries = letters.flatMap((one) => letters.slice(0, 3).map((other) => `${one}${other}`))
  const many = Object.fromEntries(countries.map((country) => [country, { senderId: `ACME-${country}` }]))
  expect(() => environmentOf(withSenders({ ...many, IN: india }))).toThrow(
    /would take \d{4} bytes of environment, and Lambda has room for 4000. The largest is SMS_SENDERS/,
  )
  expect(environmentOf(usual)['SMS_SENDERS']).toBe(JSON.stringify(usual.sms.senders))
  // Under one sender they have room, and are read as they were written.
  const alike = Object.fromEntries(countries.map((country) => [country, { senderId: 'LATCHKEY' }]))
  const read = readSettings(environmentOf(withSenders({ ...alike, IN: india })))
  expect(read.SMS_SENDERS).toEqual({ ...alike, IN: india })
})
