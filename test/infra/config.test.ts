import { describe, expect, it } from 'vitest'
import { exampleValues, mailboxAddress, readStage } from '../../infra/config.ts'
import { outputOf, settingsFile } from '../../infra/settings-file.ts'
import { context } from './synth.ts'

const stages = context['stages'] as Readonly<Record<string, Record<string, unknown>>>
/** The dev stage with some values changed. */
const changed = (changes: Record<string, unknown>) => ({ dev: { ...stages['dev'], ...changes } })
const problems = (changes: Record<string, unknown>) => {
  try {
    readStage(changed(changes), 'dev')
  } catch (error) {
    return (error as Error).message
      .split('\n')
      .slice(1)
      .map((line) => line.trim())
  }
  return []
}
const sms = stages['dev']?.['sms'] as Record<string, unknown>

describe('the configuration', () => {
  it.each(Object.keys(stages))('of stage %s is complete', (stage) => {
    expect(readStage(stages, stage).stage).toBe(stage)
  })

  it('names a stage that is not there, and those that are', () => {
    expect(() => readStage(stages, 'qa')).toThrow(
      'There is no stage "qa" in cdk.json (context, stages). Known: dev, prod',
    )
    expect(() => readStage(undefined, 'dev')).toThrow('Known: none')
    expect(() => readStage(stages, 'constructor')).toThrow('There is no stage "constructor"')
  })

  it('names every value that is missing', () => {
    const missing = Object.fromEntries(Object.keys(stages['dev'] ?? {}).map((key) => [key, undefined]))
    expect(problems(missing)).toEqual(Object.keys(missing).map((key) => `${key}: is missing`))
  })

  it('takes a list of agreements, and needs the one that opens the PIN gate to be in it', () => {
    expect(problems({ consent: 'terms', consents: ['terms@2', 'terms@3', 'privacy@1'] })).toEqual([])
    expect(problems({ consent: 'terms@4', consents: ['terms@3'] })).toEqual([
      'consent: must be one of consents',
    ])
    expect(problems({ consents: ['terms'] })).toEqual([
      'consents.0: must be document@version, such as terms@3',
    ])
    expect(readStage(changed({}), 'dev').consents).toEqual([])
  })

  it('names every value that is wrong, all at once', () => {
    const found = problems({
      origin: 'http://accounts.your.domain',
      allowedOrigins: ['https://a.your.domain/path'],
      emailFrom: 'nobody',
      alarmEmail: '',
      ledgerRetentionDays: 0,
      logRetentionDays: 31,
      account: '123',
      loginFloorMs: 10,
      colour: 'blue',
    })
    expect(found.map((line) => line.split(':')[0]).sort()).toEqual([
      '(stage)',
      'account',
      'alarmEmail',
      'allowedOrigins.0',
      'emailFrom',
      'ledgerRetentionDays',
      'logRetentionDays',
      'loginFloorMs',
      'origin',
    ])
    expect(found).toContain('(stage): does not know colour')
  })

  it('asks for what a country wants registered', () => {
    expect(problems({ sms: { ...sms, senders: { EG: {}, IN: { entityId: '1' } } } })).toEqual([
      'sms.senders.EG.senderId: is missing: messages to EG need one that is registered',
      'sms.senders.IN.templateId: is missing: messages to IN need one that is registered',
    ])
  })

  it('refuses a sender for a country that is not served', () => {
    expect(problems({ sms: { ...sms, countries: ['EG'] } })).toEqual([
      'sms.senders.IN: is not one of sms.countries',
    ])
  })

  it('takes key versions in rising order only, so that the last one is the newest', () => {
    const keyVersions = stages['dev']?.['keyVersions'] as Record<string, unknown>
    expect(problems({ keyVersions: { ...keyVersions, credential: [1, 2] } })).toEqual([])
    expect(problems({ keyVersions: { ...keyVersions, credential: [2, 1] } })).toEqual([
      'keyVersions.credential: must rise',
    ])
    expect(problems({ keyVersions: { ...keyVersions, credential: [] } })).toEqual([
      'keyVersions.credential: must name at least one version',
    ])
  })

  it('lets the pages that it hosts call the API, named or not', () => {
    const pages = { certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/p' }
    const domain = { name: 'api.acme.test', certificateArn: pages.certificateArn }
    const own = { origin: 'https://id.acme.test', domain, pages }
    const allowed = (changes: Record<string, unknown>) =>
      readStage(changed({ ...own, ...changes }), 'dev').allowedOrigins
    expect(allowed({ allowedOrigins: [] })).toEqual(['https://id.acme.test'])
    const others = ['https://app.acme.test', 'https://id.acme.test']
    expect(allowed({ allowedOrigins: others })).toEqual(['https://id.acme.test', 'https://app.acme.test'])
    expect(allowed({ allowedOrigins: [], pages: undefined })).toEqual([])
  })

  it('refuses pages that could not find the API, or that CloudFront could not serve', () => {
    const certificateArn = 'arn:aws:acm:eu-central-1:123456789012:certificate/p'
    const pages = { certificateArn: certificateArn.replace('eu-central-1', 'us-east-1') }
    expect(problems({ pages })).toEqual(['domain: is missing: pages need an API with a name of its own'])
    const domain = { name: 'id.acme.test', certificateArn }
    expect(problems({ pages, domain, origin: 'https://id.acme.test' })).toEqual([
      'origin: is the name of the API, and must be that of the pages',
    ])
    expect(problems({ pages: { certificateArn, consentUrl: 'terms' }, domain })).toEqual([
      'pages.certificateArn: must be the ARN of a certificate in us-east-1',
      'pages.consentUrl: must be an https address',
    ])
  })

  it('tells values that are still examples', () => {
    const real = {
      emailFrom: 'Acme <no-reply@acme.test>',
      origin: 'https://id.acme.test',
      alarmEmail: 'on@acme.test',
    }
    expect(exampleValues(readStage(stages, 'prod'))).toEqual([
      'origin',
      'emailFrom',
      'alarmEmail',
      'domain.name',
      'domain.certificateArn',
      'pages.certificateArn',
    ])
    expect(exampleValues(readStage(changed(real), 'dev'))).toEqual([])
  })

  it.each([
    ['no-reply@acme.test', 'no-reply@acme.test'],
    ['Acme <no-reply@acme.test>', 'no-reply@acme.test'],
    ['Acme <no-reply>', undefined],
    ['<a@acme.test> <b@acme.test>', undefined],
  ])('reads the address of %s', (mailbox, address) => {
    expect(mailboxAddress(mailbox)).toBe(address)
  })
})

describe('the settings file', () => {
  it('gives the command line the names that the functions read', () => {
    const names = ['TABLE_LEDGER', 'KEY_CODE_DERIVE', 'ORIGIN', 'LEDGER_RETENTION_DAYS']
    const outputs = Object.fromEntries(names.map((name) => [outputOf(name), `value of ${name}`]))
    expect(Object.keys(outputs)).toEqual([
      'SettingTableLedger',
      'SettingKeyCodeDerive',
      'SettingOrigin',
      'SettingLedgerRetentionDays',
    ])
    const text = settingsFile({ 'latchkey-dev-service': { ...outputs, ApiEndpoint: 'https://x' }, other: {} })
    expect(text).toBe(
      `${names
        .map((name) => `${name}=value of ${name}`)
        .sort()
        .join('\n')}\n`,
    )
  })
})
