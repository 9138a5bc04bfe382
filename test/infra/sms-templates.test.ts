/** A country that compares each text with a registered one: what synth says of those that have none, and of room for all. */
import { Annotations as Found, Match } from 'aws-cdk-lib/assertions'
import { Code } from 'aws-cdk-lib/aws-lambda'
import { describe, expect, it } from 'vitest'
import { smsLanguages, smsTexts } from '#shared/messages/sms-forms.ts'
import type { StageConfig } from '../../infra/config.ts'
import { addLatchkey } from '../../infra/latchkey.ts'
import { missingTemplates } from '../../infra/sms-templates.ts'
import { stageConfig, withApp } from './synth.ts'

const usual = stageConfig('dev')
const withSenders = (
  senders: StageConfig['sms']['senders'],
  countries = Object.keys(senders),
): StageConfig => ({
  ...usual,
  sms: { ...usual.sms, countries, senders },
})
const india = usual.sms.senders['IN'] ?? {}
const warningsOf = (config: StageConfig) =>
  withApp((app) => {
    const { service } = addLatchkey(app, config, () => Code.fromInline('export const handler = () => {}'))
    return Found.fromStack(service)
      .findWarning('*', Match.stringLikeRegexp('templates'))
      .map(({ entry }) => String(entry.data))
  })

describe('synth', () => {
  it('names each text and language that has no template, and nothing where all have one', () => {
    const { 'code.pin': _, ...english } = india.templates?.['en'] ?? {}
    const templates = { ...india.templates, en: english }
    const [warning, ...more] = warningsOf(withSenders({ IN: { ...india, templates } }))
    expect(warning).toContain('sms.senders.IN.templates.en has no id for "code.pin"')
    expect(warning).toContain('npx latchkey sms-templates en')
    expect(more).toEqual([])
    expect(warningsOf(usual)).toEqual([])
  })

  it('counts every text in a language that has none at all, and asks no other country', () => {
    const templates = { en: india.templates?.['en'] ?? {} }
    const missing = missingTemplates(withSenders({ EG: { senderId: 'L' }, IN: { ...india, templates } }).sms)
    expect(missing.map(({ language }) => language)).toEqual(
      smsLanguages
        .filter((language) => language !== 'en')
        .flatMap((language) => smsTexts.map(() => language)),
    )
    expect(new Set(missing.map(({ country }) => country))).toEqual(new Set(['IN']))
  })

  it('says so where the settings of a function have no room in its environment', () => {
    const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
    const countries = letters.flatMap((one) => letters.slice(0, 3).map((other) => `${one}${other}`))
    const many = Object.fromEntries(countries.map((country) => [country, { senderId: 'LATCHKEY' }]))
    expect(() => warningsOf(withSenders({ ...many, IN: india }))).toThrow(
      /would take \d{4} bytes of environment, and Lambda has room for 4000. The largest is SMS_SENDERS/,
    )
  })
})
