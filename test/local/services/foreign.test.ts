/** What a page in the developer's browser, or a broken client, may do to the ports of the emulated services: nothing. */
import { request } from 'node:http'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { isForeign, readHosts } from '#local/foreign.ts'
import { type Services, startServices } from '#local/services/index.ts'

let services: Services
beforeAll(async () => {
  services = await startServices({ trustedHosts: readHosts('host.docker.internal, 172.17.0.1') })
})
afterAll(() => services.close())

interface Sent {
  readonly method?: string
  readonly path?: string
  readonly headers?: Record<string, string>
  readonly body?: string | Buffer
}

const urlOf = (service: string) =>
  services.environment[service === 'HIBP' ? 'HIBP_URL' : `AWS_ENDPOINT_URL_${service}`] ?? ''

/** `fetch` would set Host by itself. */
function send(service: string, { method = 'POST', path = '/', headers = {}, body = '' }: Sent) {
  return new Promise<{ status: number; text: string; allowed: unknown }>((resolve, reject) => {
    const { hostname, port } = new URL(urlOf(service))
    const outgoing = request({ hostname, port, method, path, headers }, (incoming) => {
      let text = ''
      incoming.on('data', (chunk) => {
        text += chunk
      })
      incoming.on('end', () => {
        const allowed = incoming.headers['access-control-allow-origin']
        resolve({ status: incoming.statusCode ?? 0, text, allowed })
      })
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

const json = (target: string) => ({
  'content-type': 'application/x-amz-json-1.0',
  'x-amz-target': target,
  'x-amz-date': '20261126T000000Z',
  authorization:
    'AWS4-HMAC-SHA256 Credential=local/20261126/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=x',
})
const form = { 'content-type': 'application/x-www-form-urlencoded' }
const mail = new URLSearchParams({
  Action: 'SendEmail',
  Source: 'no-reply@latchkey.example',
  'Destination.ToAddresses.member.1': 'somebody@example.com',
  'Message.Subject.Data': 'x',
  'Message.Body.Text.Data': 'x',
}).toString()
const sms = new URLSearchParams({ Action: 'Publish', PhoneNumber: '+201001234567', Message: 'x' }).toString()

/** A call of each service that goes through from this machine. */
const calls: Readonly<Record<string, () => Sent>> = {
  DYNAMODB: () => ({
    headers: json('DynamoDB_20120810.Scan'),
    body: JSON.stringify({ TableName: services.environment['TABLE_IDENTITIES'] }),
  }),
  KMS: () => ({
    headers: json('TrentService.DescribeKey'),
    body: JSON.stringify({ KeyId: services.environment['KEY_CODE'] }),
  }),
  SES: () => ({ headers: form, body: mail }),
  SNS: () => ({ headers: form, body: sms }),
  S3: () => ({ method: 'PUT', path: `/${services.environment['LEDGER_BUCKET']}/planted`, body: 'x' }),
  HIBP: () => ({ method: 'GET', path: '/range/00000' }),
}

describe.each(Object.keys(calls))('the port of %s', (service) => {
  const call = () => calls[service]?.() ?? {}
  const withHeaders = (headers: Record<string, string>) => {
    const sent = call()
    return send(service, { ...sent, headers: { ...sent.headers, ...headers } })
  }

  test.each([
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'https://evil.example', host: '127.0.0.1' },
    { host: 'evil.example' },
    { host: 'evil.example:3000' },
    { host: '127.0.0.1.evil.example' },
    { host: 'evil@127.0.0.1' },
    { host: '192.168.1.7' },
  ])('refuses a call with %j, which then has done nothing', async (headers) => {
    const counted = services.inbox.messages().length
    const { status, text, allowed } = await withHeaders(headers as unknown as Record<string, string>)
    expect([status, allowed]).toEqual([403, undefined])
    expect(text).toContain('Only this machine may ask')
    expect(services.inbox.messages()).toHaveLength(counted)
  })

  test.each([
    {},
    { host: 'localhost:1' },
    { host: '[::1]:1' },
    { host: 'host.docker.internal:40000' },
    { host: '172.17.0.1' },
    { origin: 'http://localhost:5173' },
  ])('answers one with %j', async (headers) => {
    const { status, allowed } = await withHeaders(headers as unknown as Record<string, string>)
    expect([status, allowed]).toEqual([200, undefined])
  })
})

describe('what is no call', () => {
  const spy = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  beforeEach(() => spy.mockClear())
  afterAll(() => spy.mockRestore())

  const bucket = () => services.environment['LEDGER_BUCKET'] ?? ''
  const chunked = { 'content-encoding': 'aws-chunked' }
  const cases: [service: string, what: string, sent: () => Sent, code?: string][] = [
    ['S3', 'a key of bad percent codes', () => ({ method: 'PUT', path: `/${bucket()}/%ff` }), 'InvalidURI'],
    ['S3', 'a bucket of bad percent codes', () => ({ method: 'GET', path: '/%E0%A4/x' }), 'InvalidURI'],
    ['S3', 'a cut percent code', () => ({ method: 'DELETE', path: `/${bucket()}/a%` }), 'InvalidURI'],
    ['S3', 'a key that every object has', () => ({ method: 'GET', path: `/${bucket()}/constructor` })],
    ['S3', 'a bucket that every object has', () => ({ method: 'GET', path: '/__proto__/x' })],
    [
      'S3',
      'chunks of a size below nothing',
      () => ({ method: 'PUT', path: `/${bucket()}/c`, headers: chunked, body: '-2\r\n\r\n' }),
      'IncompleteBody',
    ],
    [
      'S3',
      'a trailer that no header can hold',
      () => ({
        method: 'PUT',
        path: `/${bucket()}/t`,
        headers: chunked,
        body: '0\r\nx-amz-checksum-odd:\u0001\u0002\r\n\r\n',
      }),
      'InvalidRequest',
    ],
    [
      'S3',
      'a number that is none',
      () => ({ method: 'GET', path: `/${bucket()}?list-type=2&max-keys=many` }),
      'InvalidArgument',
    ],
    ['KMS', 'no JSON', () => ({ headers: json('TrentService.GenerateMac'), body: '{' })],
    ['KMS', 'nothing', () => ({ headers: json('TrentService.GenerateMac') })],
    ['KMS', 'null', () => ({ headers: json('TrentService.Sign'), body: 'null' })],
    ['KMS', 'no operation', () => ({ body: '{}' })],
    ['EVENTBRIDGE', 'null', () => ({ headers: json('AWSEvents.PutEvents'), body: 'null' })],
    [
      'EVENTBRIDGE',
      'no entry',
      () => ({ headers: json('AWSEvents.PutEvents'), body: '{"Entries": [null]}' }),
    ],
    ['EVENTBRIDGE', 'no operation', () => ({ body: '{}' })],
    ['LAMBDA', 'no function', () => ({ body: '{}' })],
    ...['constructor', '__proto__', 'toString', 'hasOwnProperty'].map(
      (name): [string, string, () => Sent] => [
        'KMS',
        `the operation ${name}`,
        () => ({ headers: json(`TrentService.${name}`), body: '{}' }),
      ],
    ),
    [
      'KMS',
      'a message in no base64',
      () => ({
        headers: json('TrentService.GenerateMac'),
        body: JSON.stringify({
          KeyId: services.environment['KEY_CODE'],
          Message: '%%%',
          MacAlgorithm: 'HMAC_SHA_256',
        }),
      }),
    ],
    ['SES', 'nothing', () => ({})],
    ['SES', 'bad percent codes', () => ({ headers: form, body: 'Action=%ff%&Source=%' })],
    ['SNS', 'nothing', () => ({})],
    ['SNS', 'bytes', () => ({ body: Buffer.from([0xff, 0xfe, 0, 1]) })],
    ['HIBP', 'bad percent codes', () => ({ method: 'GET', path: '/range/%ff' })],
    ['DYNAMODB', 'no JSON', () => ({ headers: json('DynamoDB_20120810.GetItem'), body: '{' })],
    ['DYNAMODB', 'nothing', () => ({ headers: json('DynamoDB_20120810.PutItem') })],
    ['DYNAMODB', 'null', () => ({ headers: json('DynamoDB_20120810.TransactWriteItems'), body: 'null' })],
    ['DYNAMODB', 'no operation', () => ({ body: '{}' })],
    [
      'DYNAMODB',
      'a binary in no base64',
      () => ({
        headers: json('DynamoDB_20120810.PutItem'),
        body: JSON.stringify({
          TableName: services.environment['TABLE_IDENTITIES'],
          Item: { pk: { S: 'x' }, b: { B: '%%%' } },
        }),
      }),
    ],
  ]

  test.each(cases)('%s answers %s with a 4xx in its own form', async (service, _, sent, code = '') => {
    const { status, text } = await send(service, sent())
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(500)
    expect(text).toContain(code)
    expect(text).not.toMatch(/\bat .*\.ts/)
    expect(spy).not.toHaveBeenCalled()
  })

  test('an attribute of an SMS that every object has is one without a meaning', async () => {
    const body = `${sms}&MessageAttributes.entry.1.Name=constructor&MessageAttributes.entry.1.Value.DataType=String`
    expect((await send('SNS', { headers: form, body })).status).toBe(200)
  })

  test.each(['DYNAMODB', 'S3'])('%s takes headers that are for one connection', async (service) => {
    const sent = calls[service]?.() ?? {}
    const headers = {
      ...sent.headers,
      expect: '100-continue',
      te: 'trailers',
      'x-latchkey-invocation': '%ff;%',
    }
    expect((await send(service, { ...sent, headers })).status).toBe(200)
    expect(spy).not.toHaveBeenCalled()
  })

  test.each(['TransactWriteItems', 'BatchGetItem'])(
    'a fault that hits %s of no JSON is a refusal too',
    async (operation) => {
      services.faults.post({ service: 'dynamodb', mode: 'capacity', count: 1 })
      const { status } = await send('DYNAMODB', {
        headers: json(`DynamoDB_20120810.${operation}`),
        body: '{',
      })
      expect(status).toBe(400)
      expect(spy).not.toHaveBeenCalled()
    },
  )
})

describe('hosts that are trusted', () => {
  test.each([
    ['', []],
    ['latchkey', ['latchkey']],
    [' Latchkey , my_app.local,', ['latchkey', 'my_app.local']],
    ['fd00::1,[fd00::2],10.0.0.7', ['[fd00::1]', '[fd00::2]', '10.0.0.7']],
  ])('%j are %j', (text, hosts) => {
    expect(readHosts(text)).toEqual(hosts)
    for (const host of hosts) expect(isForeign([['Host', `${host}:3000`]], hosts)).toBe(false)
  })

  test.each(['http://latchkey', 'latchkey:3000', '*', 'a b', '-x', '.', 'a/b'])('%j is refused', (text) => {
    expect(() => readHosts(text)).toThrow('LATCHKEY_TRUSTED_HOSTS must be host names')
  })

  test('a header that comes twice is foreign where one of them is', () => {
    const twice = [
      ['host', 'localhost'],
      ['HOST', 'evil.example'],
    ] as const
    expect(isForeign(twice)).toBe(true)
    expect(isForeign([['host', 'localhost']])).toBe(false)
    expect(isForeign([])).toBe(false)
  })
})
