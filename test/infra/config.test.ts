import { Stack } from 'aws-cdk-lib'
import { describe, expect, it } from 'vitest'
import { smsRefusal } from '#shared/domain/sendable.ts'
import { readSettings } from '#shared/settings.ts'
import { reservationOf } from '../../infra/capacity.ts'
import { exampleValues, readStage } from '../../infra/config.ts'
import { dataFor } from '../../infra/data.ts'
import { mailboxAddress } from '../../infra/email-settings.ts'
import { settingsEnvironment } from '../../infra/environment.ts'
import { ceilingOf, throttleOf } from '../../infra/room.ts'
import { context, withApp } from './synth.ts'

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

  it.each(['Prod', 'pr-1234567890123456', '1st', 'a_b', ''])(
    'says of the stage %j, which is there, what a stage may be called',
    (stage) => {
      expect(() => readStage({ [stage]: stages['dev'] }, stage, 'the settings of Acme')).toThrow(
        `Stage "${stage}" in the settings of Acme needs another name: 1 to 16 of a-z, 0-9 and hyphen, beginning with a letter`,
      )
    },
  )

  it('names every value that is missing', () => {
    const missing = Object.fromEntries(Object.keys(stages['dev'] ?? {}).map((key) => [key, undefined]))
    expect(problems(missing)).toEqual(Object.keys(missing).map((key) => `${key}: is missing`))
  })

  it('takes senders of the team by name or ARN, and then asks for no registration of SNS', () => {
    const arn = 'arn:aws:lambda:eu-central-1:111122223333:function:mail:live'
    for (const email of ['mail', 'mail:live', arn]) expect(problems({ senders: { email } })).toEqual([])
    for (const email of ['', 'a b', `${arn}:more`, 'arn:aws:s3:::mail'])
      expect(problems({ senders: { email } })).toEqual([
        'senders.email: must be the name or the ARN of a Lambda function',
      ])
    const bare = { ...sms, senders: {} }
    expect(problems({ sms: bare, senders: { sms: 'whatsapp' } })).toEqual([])
    expect(problems({ sms: bare, senders: { email: 'mail' } })).not.toEqual([])
  })

  it('takes an event bus by its name or its ARN, and nothing else', () => {
    const arn = 'arn:aws:events:eu-central-1:111122223333:event-bus/acme'
    for (const bus of ['default', 'team/events', arn]) expect(problems({ events: { bus } })).toEqual([])
    for (const bus of ['', 'a bus', 'arn:aws:sns:eu-central-1:111122223333:acme', `${arn}/*`])
      expect(problems({ events: { bus } })).toEqual([
        'events.bus: must be the name or the ARN of an event bus',
      ])
    expect(problems({ events: {} })).toEqual(['events.bus: is missing'])
  })

  it('takes a list of agreements, and needs the one that opens the PIN gate to be in it', () => {
    expect(problems({ consent: 'terms', consents: ['terms@2', 'terms@3', 'privacy@1'] })).toEqual([])
    const unmet =
      'consent: must be document, document@version or empty, and one of consents where any are listed'
    for (const consent of ['terms@4', '@3', '@'])
      expect(problems({ consent, consents: ['terms@3'] })).toEqual([unmet])
    expect(problems({ consents: ['terms'] })).toEqual([
      'consents.0: must be document@version, such as terms@3',
    ])
    for (const consent of ['', 'terms', 'terms@3']) expect(problems({ consent })).toEqual([])
    for (const consent of ['@', ' ', 'terms@', '@3']) expect(problems({ consent })).toEqual([unmet])
    expect(readStage(changed({}), 'dev').consents).toEqual([])
  })

  it('takes how long a session lives, from an hour to 30 days: twelve hours, and any time without use, by default', () => {
    const { sessionHours, sessionIdleHours } = readStage(changed({}), 'dev')
    expect([sessionHours, sessionIdleHours]).toEqual([12, undefined])
    for (const good of [{ sessionHours: 1 }, { sessionHours: 720, sessionIdleHours: 0.5 }]) {
      expect(problems(good)).toEqual([])
      const variables = withApp((app) => {
        const config = readStage(changed(good), 'dev')
        return settingsEnvironment(dataFor(new Stack(app, 'team'), config), config)
      })
      expect(Number(variables['SESSION_HOURS'])).toBe(good.sessionHours)
      expect(variables['SESSION_IDLE_HOURS']).toBe('sessionIdleHours' in good ? '0.5' : undefined)
    }
    for (const wrong of [{ sessionHours: 0.5 }, { sessionHours: 721 }, { sessionHours: '12' }])
      expect(problems(wrong)).toEqual([expect.stringMatching(/^sessionHours: /)])
    for (const wrong of [{ sessionIdleHours: 0 }, { sessionIdleHours: 0.2 }, { sessionIdleHours: 721 }])
      expect(problems(wrong)).toEqual([expect.stringMatching(/^sessionIdleHours: /)])
  })

  it('takes when a confirmation goes by SMS: always where nothing is said, as it did before', () => {
    const variables = (changes: Record<string, unknown>) =>
      withApp((app) => {
        const config = readStage(changed(changes), 'dev')
        return settingsEnvironment(dataFor(new Stack(app, 'team'), config), config)
      })
    expect(variables({})['CONFIRM_BY_SMS']).toBe('always')
    expect(variables({ confirmBySms: 'withoutEmail' })['CONFIRM_BY_SMS']).toBe('withoutEmail')
    expect(problems({ confirmBySms: 'never' })).toEqual([expect.stringMatching(/^confirmBySms: /)])
  })

  it('takes how much it lets through, and leaves as agreed what is not named', () => {
    const config = readStage(changed({}), 'dev')
    expect(throttleOf(config, 'send')).toEqual({ ratePerSecond: 50, burst: 200 })
    expect(ceilingOf(config, 'challenges')).toEqual(ceilingOf(config, 'ledger'))
    const set = {
      throttles: { send: { ratePerSecond: 500, burst: 1000 } },
      tableCeilings: { challenges: { readUnits: 2000, writeUnits: 10_000 } },
      addressBudgets: { 'password-email': 100, 'wrong-passwords': 80 },
      firewallRates: { secrets: 3000 },
      places: { login: 600 },
    }
    expect(problems(set)).toEqual([])
    const wide = readStage(changed(set), 'dev')
    expect(throttleOf(wide, 'send').ratePerSecond).toBe(500)
    expect(throttleOf(wide, 'guess')).toEqual(throttleOf(config, 'guess'))
    expect([ceilingOf(wide, 'challenges').writeUnits, ceilingOf(wide, 'ledger').writeUnits]).toEqual([
      10_000, 2000,
    ])
    expect([reservationOf('login', wide.places), reservationOf('reset-pin', wide.places)]).toEqual([600, 20])
    const variables = withApp((app) => settingsEnvironment(dataFor(new Stack(app, 'team'), wide), wide))
    expect(JSON.parse(variables['ADDRESS_BUDGETS'] ?? '')).toEqual(set.addressBudgets)
  })

  it('says what is wrong with how much it lets through', () => {
    expect(problems({ addressBudgets: { 'password-email': 101, login: 5 } })).toEqual([
      'addressBudgets.password-email: must be a whole number from 1 to 100, for one item keeps the time of each',
      'addressBudgets: does not know login',
    ])
    expect(
      problems({ throttles: { send: { ratePerSecond: 0.5, burst: 1 } }, firewallRates: { secrets: 5 } }),
    ).toEqual([
      'throttles.send.ratePerSecond: must be a whole number from 1 to 10000, as API Gateway gives an account',
      'firewallRates.secrets: must be a whole number from 10 to 2000000000, as WAF takes it',
    ])
    expect(problems({ tableCeilings: { outbox: { readUnits: 2000 } } })).toEqual([
      'tableCeilings.outbox.writeUnits: is missing',
    ])
    // One run of a schedule at a time.
    expect(problems({ places: { 'seal-ledger': 2 } })).toEqual(['places: does not know seal-ledger'])
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
      product: 'Acme\r\nBcc: x',
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
      'product',
    ])
    expect(found).toContain('(stage): does not know colour')
  })

  it('takes a name of the product that can stand beside codes and in texts', () => {
    for (const product of ['X', 'Acme 24', 'CDFG 12345', '知乎', 'a'.repeat(40)])
      expect(problems({ product })).toEqual([])
    for (const product of ['', '   ', 'Acme\n', 'Acme 202611', 'بنك ٢٠٢٦١١', 'Acme {code}'])
      expect(problems({ product })).toEqual([
        'product: must be a name on one line, without a run of six digits, which would be taken for the code, and without {braces}, which texts fill in',
      ])
  })

  const senders = sms['senders'] as Record<string, Record<string, unknown>>
  const india = (changes: Record<string, unknown>) =>
    problems({ sms: { ...sms, senders: { ...senders, IN: { ...senders['IN'], ...changes } } } })

  it('asks for what a country wants registered: for all that a message is judged by before it is sent', () => {
    const missing = (field: string) =>
      `sms.senders.${field}: is missing: messages to ${field.slice(0, 2)} need one that is registered`
    expect(problems({ sms: { ...sms, senders: { EG: {}, IN: { entityId: '1' } } } })).toEqual(
      ['EG.senderId', 'IN.senderId', 'IN.templates'].map(missing),
    )
    // What synth accepts, the rules that judge each message accept too.
    for (const [country, phone] of [
      ['EG', '+201001234567'],
      ['IN', '+919876543210'],
    ] as const)
      for (const field of Object.keys(senders[country] ?? {})) {
        const sender = { ...senders[country], [field]: undefined }
        const rules = { countries: [country], senders: { [country]: sender }, languageOf: () => 'en' }
        const told = problems({ sms: { ...sms, senders: { ...senders, [country]: sender } } })
        expect([field, told.length > 0]).toEqual([field, smsRefusal(phone, rules) !== undefined])
      }
    for (const templates of [{}, { en: {} }]) expect(india({ templates })).toEqual([missing('IN.templates')])
  })

  it('leads from the one template of before to one for each text', () => {
    expect(india({ templates: undefined, templateId: '1107000000000000001' })).toEqual([
      'sms.senders.IN.templateId: was one id for all texts, and carriers drop a text that is not the one registered under its id: give `templates`, an id by language and text (`npx latchkey sms-templates en` prints what to register)',
    ])
    // So does a function that finds it in its environment.
    const SMS_SENDERS = JSON.stringify({ IN: { templateId: '1107000000000000001' } })
    expect(() => readSettings({ SMS_SENDERS })).toThrow('SMS_SENDERS.IN.templateId: was one id for all texts')
  })

  it('knows the texts and languages that there are: an id under another name would be missed in silence', () => {
    const found = india({ templates: { en: { 'code.pin': '1', pin: '2' }, fr: { 'code.pin': '3' } } })
    expect(found.map((line) => line.split(' ').slice(0, 4).join(' '))).toEqual([
      'sms.senders.IN.templates.en.pin: is no text',
      'sms.senders.IN.templates.fr: has no texts.',
    ])
  })

  it('refuses a sender, a cap and a floor for a country that is not served', () => {
    expect(problems({ sms: { ...sms, countries: ['EG'] } })).toEqual([
      'sms.senders.IN: is not one of sms.countries',
    ])
    for (const setting of ['dailyCaps', 'unverifiedFloors']) {
      expect(problems({ sms: { ...sms, [setting]: { default: 5, EG: 5 } } })).toEqual([])
      expect(problems({ sms: { ...sms, [setting]: { default: 5, GB: 5 } } })).toEqual([
        `sms.${setting}.GB: is not one of sms.countries`,
      ])
    }
  })

  it('knows the countries that have numbers, and names what is none', () => {
    const { dailyCaps, unverifiedFloors } = sms
    const naming = (setting: string, country: string) =>
      problems({ sms: { ...sms, [setting]: { ...(sms[setting] as object), [country]: 5 } } })
    for (const none of ['UK', 'XX', 'gb', 'constructor']) {
      const told = `must be a country as ISO 3166 alpha-2, such as EG, and "${none}" is none`
      expect(problems({ sms: { ...sms, countries: ['EG', 'IN', none] } })).toEqual([
        `sms.countries.2: ${told}`,
      ])
      for (const setting of Object.keys({ dailyCaps, unverifiedFloors }))
        expect(naming(setting, none)).toEqual([`sms.${setting}.${none}: ${told}`])
      expect(problems({ sms: { ...sms, senders: { ...senders, [none]: {} } } })).toEqual([
        `sms.senders.${none}: ${told}`,
      ])
    }
    expect(problems({ sms: { ...sms, countries: ['EG', 'IN', 'GB'] } })).toEqual([])
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

  it('takes the name of the API as a host alone', () => {
    const certificateArn = 'arn:aws:acm:eu-central-1:123456789012:certificate/p'
    const named = (name: string) => problems({ domain: { name, certificateArn } })
    for (const name of ['api.acme.com', 'a-1.acme.xn--p1ai']) expect(named(name)).toEqual([])
    for (const name of [
      '',
      'https://api.acme.com',
      'api.acme.com/',
      'api.acme.com:443',
      'API.acme.com',
      'api',
    ])
      expect(named(name)).toEqual([
        'domain.name: must be a host name alone, in lower case, such as api.your.domain',
      ])
  })

  it('takes a hosted zone that the name before it is in', () => {
    const certificateArn = 'arn:aws:acm:us-east-1:123456789012:certificate/p'
    const zoned = (name: string) => {
      const hostedZone = { id: 'Z1', name }
      return problems({
        origin: 'https://id.acme.test',
        domain: { name: 'api.acme.test', certificateArn, hostedZone },
        pages: { certificateArn, hostedZone },
        canary: { domain: 'canary.acme.test', ruleSet: 'acme', hostedZone },
      })
    }
    for (const name of ['acme.test', 'Acme.test.']) expect(zoned(name)).toEqual([])
    expect(zoned('id.acme.test')).toEqual([
      'domain.hostedZone.name: must be api.acme.test or a domain above it',
      'canary.hostedZone.name: must be canary.acme.test or a domain above it',
    ])
    for (const name of ['cme.test', 'x.acme.test', 'acme.com']) expect(zoned(name)).toHaveLength(3)
  })

  it('tells of an origin that is none beside pages, whose host it is', () => {
    const certificateArn = 'arn:aws:acm:us-east-1:123456789012:certificate/p'
    const domain = { name: 'api.acme.test', certificateArn }
    const pages = { certificateArn, hostedZone: { id: 'Z1', name: 'acme.test' } }
    expect(problems({ origin: 'id.acme.test', domain, pages })).toEqual([
      'origin: must be an https origin without a path, such as https://accounts.your.domain',
    ])
  })

  it('takes addresses that the pages may lead back to, by https alone, and keeps them as browsers write them', () => {
    const returnTo = ['https://Shop.acme.test', 'https://acme.test/account']
    expect(readStage(changed({ returnTo }), 'dev').returnTo).toEqual([
      'https://shop.acme.test/',
      'https://acme.test/account',
    ])
    expect(readStage(changed({}), 'dev').returnTo).toEqual([])
    expect(problems({ returnTo: ['https://acme.test/', 'http://localhost:5173/'] })).toEqual([
      'returnTo.1: must be an https address without sign-in, query or fragment, such as https://app.your.domain/account',
    ])
  })

  it('knows that a replica is of keys that are there, in another Region', () => {
    const keyIds = [`mrk-${'0123456789abcdef'.repeat(2)}`]
    const replica = (changes: Record<string, unknown>) =>
      problems({ region: 'eu-central-1', credentialReplica: { region: 'eu-west-1', keyIds }, ...changes })
    expect(replica({})).toEqual([])
    expect(replica({ region: undefined })).toEqual([
      'region: is missing: a replica names the Region of its key',
    ])
    expect(replica({ region: 'eu-west-1' })).toEqual([
      'credentialReplica.region: is the Region of the stage itself',
    ])
    expect(replica({ credentialReplica: { region: 'eu-west-1', keyIds: [...keyIds, ...keyIds] } })).toEqual([
      'credentialReplica.keyIds: must be as many as keyVersions.credential, in their order',
    ])
  })

  it('takes roles of people without a second factor only from those that are named', () => {
    const arn = 'arn:aws:iam::111122223333:role/ops'
    expect(problems({ people: { operator: { principals: [arn], mfa: false }, auditor: {} } })).toEqual([])
    expect(problems({ people: { importer: { mfa: false } } })).toEqual([
      'people.importer.mfa: may be false only beside principals: without both, any user of the account that is let may take it on',
    ])
    expect(problems({ people: { importer: { principals: [`${arn}*`] } } })).toEqual([
      'people.importer.principals.0: must be the ARN of a role or a user, without wildcards',
    ])
    expect(problems({ people: { administrator: {} } })).toEqual(['people: does not know administrator'])
    expect(problems({ adminRoles: [arn, `${arn}_*`] })).toEqual([])
    for (const wrong of ['*', `${arn}*x`, 'arn:aws:iam::111122223333:user/ann'])
      expect(problems({ adminRoles: [wrong] })).toEqual([
        'adminRoles.0: must be the ARN of a role; its name may end with *',
      ])
    expect(problems({ adminRoles: [] })).toEqual(['adminRoles: must name at least one'])
  })

  it('keeps what people left unless it is asked to throw it away', () => {
    expect(readStage(changed({}), 'dev').disposable).toBe(false)
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
      'sms.senders.IN',
    ])
    expect(exampleValues(readStage(changed(real), 'dev'))).toEqual(['sms.senders.IN'])
    const registered = {
      senderId: 'ACMEIN',
      entityId: '1101482190000017364',
      templates: { en: { 'code.pin': '1107164820019273645' } },
    }
    const own = { ...real, sms: { ...sms, senders: { ...senders, IN: registered } } }
    expect(exampleValues(readStage(changed(own), 'dev'))).toEqual([])
    const returnTo = ['https://app.acme.test/', 'https://app.example.com/account']
    expect(exampleValues(readStage(changed({ ...own, returnTo }), 'dev'))).toEqual(['returnTo.1'])
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
