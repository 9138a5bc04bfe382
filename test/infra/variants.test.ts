import { describe, expect, it } from 'vitest'
import type { StageConfig } from '../../infra/config.ts'
import { roleLines } from './policies.ts'
import { ofType, type Resources, type Stacks, stageConfig, synth } from './synth.ts'
import { aboutCanary } from './variants/canary.ts'
import { aboutDisposable } from './variants/disposable.ts'
import { aboutEvents } from './variants/events.ts'
import { aboutGradual } from './variants/gradual.ts'
import { aboutPeople, withPeople } from './variants/people.ts'
import { aboutRotation } from './variants/rotation.ts'
import { aboutSenders } from './variants/senders.ts'
import { aboutTexts, textsFolder } from './variants/texts.ts'

// Pages would be let in as another origin is.
const { pages: _pages, ...usual } = stageConfig('prod')
const { IN: india = {}, ...others } = usual.sms.senders
const { 'code.pin': _, ...english } = india.templates?.['en'] ?? {}
const changes: Partial<StageConfig> = {
  sms: {
    ...usual.sms,
    senders: { ...others, IN: { ...india, templates: { ...india.templates, en: english } } },
  },
  keyVersions: { ...usual.keyVersions, credential: [1, 2] },
  allowedOrigins: [],
  reserveConcurrency: false,
  apiGatewayLogRole: false,
  product: 'Acme Accounts and Payments of the North',
  domain: {
    name: 'api.acme.test',
    certificateArn: 'arn:aws:acm:eu-central-1:111122223333:certificate/abc',
    hostedZone: { id: 'Z1', name: 'acme.test' },
  },
  witness: { bucket: 'witness-of-acme', email: 'auditor@acme.test' },
  events: { bus: 'team' },
  ...withPeople,
  gradual: true,
  canary: { domain: 'canary.acme.test', ruleSet: 'of-acme', hostedZone: { id: 'Z1', name: 'acme.test' } },
  email: { configurationSet: 'team-mails' },
  texts: textsFolder({
    'notices.resetRequired.sms': `{product}: ${'Please choose a new password. '.repeat(5)}`,
  }),
}
const elsewhere: Partial<StageConfig> = {
  witness: { bucket: 'witness-of-acme' },
  events: { bus: 'arn:aws:events:eu-central-1:111122223333:event-bus/acme' },
  senders: { sms: 'team-sms', email: 'arn:aws:lambda:eu-central-1:111122223333:function:mail:live' },
}

/** A stage with a rotated key, a domain of its own and a witness; the rule checker passes it too. */
const stacks: Stacks = synth({ ...usual, ...changes })
const { people: _people, adminRoles: _roles, gradual: _gradual, ...unnamed } = changes
const published: Stacks = synth({ ...usual, ...unnamed, ...elsewhere })
const { data, service, workers, warnings } = stacks
const environment = ofType(service, 'AWS::Lambda::Function')[0]?.[1].Properties.Environment.Variables

describe('a rotated key', () => {
  it('makes new values with the new version, and leaves the old one where it is', () => {
    const ids = ofType(data, 'AWS::KMS::Key').map(([id]) => id)
    expect(ids).toContain('CredentialKey1EA9B9F1B')
    const list = { 'Fn::Split': [',', { Ref: 'CredentialKeys' }] }
    expect(environment.KEY_CREDENTIAL).toEqual({ 'Fn::Select': [1, list] })
  })

  it('is proved under both versions', () => {
    const login = roleLines(stacks)
      .get('login')
      ?.filter((line) => line.includes('kms:'))
    expect(login).toEqual([
      'Allow kms:GenerateMac CredentialKey1.Arn',
      'Allow kms:GenerateMac CredentialKey2.Arn',
    ])
  })
})

describe('a domain', () => {
  it('takes the place of the API’s own address', () => {
    const [, api] = ofType(service, 'AWS::ApiGateway::RestApi')[0] ?? []
    const [, domain] = ofType(service, 'AWS::ApiGateway::DomainName')[0] ?? []
    expect(api?.Properties.DisableExecuteApiEndpoint).toBe(true)
    expect(domain?.Properties).toMatchObject({
      DomainName: 'api.acme.test',
      SecurityPolicy: 'SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09',
    })
  })

  it('tells where its name has to point, for a zone that is not in Route 53', () => {
    const [[id] = []] = ofType(service, 'AWS::ApiGateway::DomainName')
    const { Outputs = {} } = stacks.templates['latchkey-prod-service'] ?? {}
    expect(Outputs['ApiDomain']).toMatchObject({ Value: { 'Fn::GetAtt': [id, 'RegionalDomainName'] } })
  })

  it('is named in the zone for both kinds of address', () => {
    const records = ofType(service, 'AWS::Route53::RecordSet').map(([, { Properties }]) => [
      Properties.Name,
      Properties.Type,
    ])
    expect(records.sort()).toEqual([
      ['api.acme.test.', 'A'],
      ['api.acme.test.', 'AAAA'],
      // The canary's.
      ['canary.acme.test.', 'MX'],
    ])
  })
})

describe('a witness', () => {
  it('is given checkpoints by the sealer, in its bucket and its mailbox', () => {
    const sealer = roleLines(stacks).get('seal-ledger') ?? []
    expect(sealer).toContain('Allow s3:PutObject arn:AWS::Partition:s3:::witness-of-acme/checkpoints/*')
    expect(sealer.filter((line) => line.includes('ses:SendEmail'))).toHaveLength(3)
    expect(environment).toMatchObject({
      WITNESS_BUCKET: 'witness-of-acme',
      WITNESS_EMAIL: 'auditor@acme.test',
    })
  })

  const alarmOf = (resources: Resources) =>
    ofType(resources, 'AWS::CloudWatch::Alarm')
      .map(([, { Properties }]) => Properties)
      .find(({ AlarmDescription }) => AlarmDescription.endsWith('#witness-failed'))

  it('that takes none is an alarm: at once with a mailbox, which is written to once an hour', () => {
    expect(alarmOf(workers)).toMatchObject({ Threshold: 1, Period: 900, EvaluationPeriods: 1 })
  })

  it('that is a bucket alone may fail once in three checkpoints', () => {
    expect(alarmOf(published.workers)).toMatchObject({ Threshold: 2, Period: 900 })
  })
})

describe('a configuration set', () => {
  it('is the only one that whoever sends mails may use', () => {
    for (const id of ['deliver', 'notify', 'seal-ledger']) {
      const sets = (roleLines(stacks).get(id) ?? []).filter((line) => line.includes('configuration-set/'))
      expect(sets).toHaveLength(1)
      expect(sets[0]).toContain('configuration-set/team-mails')
    }
    expect(environment).toMatchObject({ EMAIL_CONFIGURATION_SET: 'team-mails' })
  })
})

describe('a country that compares texts', () => {
  it('makes synth name each text and language that has no template, and only those', () => {
    const [warning, ...more] = warnings.filter((each) => each.includes('templates'))
    expect(warning).toContain('sms.senders.IN.templates.en has no id for "code.pin"')
    expect(warning).toContain('npx latchkey sms-templates en')
    expect(more).toEqual([])
  })
})

describe('a product with a long name', () => {
  it('makes synth name each SMS that takes a part more for it, with what to shorten', () => {
    const long = warnings.filter((each) => each.includes(' parts in place of '))
    expect(long.find((each) => each.includes('"passwordChanged" in en'))).toContain(
      'The SMS "passwordChanged" in en takes 2 parts in place of 1 (163 characters of GSM 03.38), and carriers bill each. Shorten product ("Acme Accounts and Payments of the North"), the host of origin ("accounts.example.com") or the text by 3 characters in all.',
    )
    expect(long.some((each) => each.includes('"pinChanged" in en'))).toBe(false)
    expect(long.some((each) => each.includes('in ar takes 3 parts in place of 2'))).toBe(true)
  })
})

describe('an account with few places', () => {
  it('reserves none', () => {
    const reserved = ofType(service, 'AWS::Lambda::Function').filter(
      ([, { Properties }]) => Properties.ReservedConcurrentExecutions !== undefined,
    )
    expect(reserved).toEqual([])
  })
})

describe('without pages of other origins', () => {
  it('no answer lets one read it', () => {
    const answers = [
      ...ofType(service, 'AWS::ApiGateway::Method'),
      ...ofType(service, 'AWS::ApiGateway::GatewayResponse'),
      ...ofType(service, 'AWS::WAFv2::WebACL'),
    ]
    expect(JSON.stringify(answers)).not.toContain('Access-Control-Allow-Origin')
  })
})

it('the log role of an account that has one is left alone', () => {
  expect(ofType(service, 'AWS::ApiGateway::Account')).toEqual([])
})

aboutCanary(stacks)
aboutEvents(stacks, published)
aboutSenders(published)
aboutGradual(service, published.service)
aboutPeople({ ...stacks, plain: published.service }, { named: stacks.infos, unnamed: published.infos })
aboutTexts(stacks)
aboutDisposable()
aboutRotation()
