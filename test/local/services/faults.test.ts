import { DescribeTableCommand } from '@aws-sdk/client-dynamodb'
import { PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { GenerateMacCommand } from '@aws-sdk/client-kms'
import { ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3'
import { SendEmailCommand } from '@aws-sdk/client-ses'
import { PublishCommand } from '@aws-sdk/client-sns'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { runInvocation } from '#local/services/attribution.ts'
import { createFaults, InvalidFault } from '#local/services/faults.ts'
import { type Services, startServices } from '#local/services/index.ts'
import { type Clients, clientsOf } from './clients.ts'

let services: Services
let clients: Clients
beforeAll(async () => {
  services = await startServices()
  clients = clientsOf(services)
})
afterAll(() => services.close())
afterEach(() => {
  services.faults.post({ count: 0 })
})

const mac = () =>
  clients.kms.send(
    new GenerateMacCommand({
      KeyId: services.environment['KEY_LINK'],
      MacAlgorithm: 'HMAC_SHA_256',
      Message: Buffer.from('m'),
    }),
  )
const email = () =>
  clients.ses.send(
    new SendEmailCommand({
      Source: services.environment['EMAIL_FROM'],
      Destination: { ToAddresses: ['fault@example.com'] },
      Message: { Subject: { Data: 's' }, Body: { Text: { Data: 't' } } },
    }),
  )
const sms = () => clients.sns.send(new PublishCommand({ PhoneNumber: '+201000000001', Message: 'm' }))
const event = () =>
  clients.events.send(
    new PutEventsCommand({
      Entries: [{ EventBusName: 'latchkey', Source: 's', DetailType: 't', Detail: '{}' }],
    }),
  )
const store = (Key: string) =>
  clients.s3.send(new PutObjectCommand({ Bucket: services.environment['LEDGER_BUCKET'], Key, Body: 'b' }))
const stored = async () => {
  const command = new ListObjectsV2Command({ Bucket: services.environment['LEDGER_BUCKET'] })
  return (await clients.s3.send(command)).KeyCount
}
const range = async () => {
  const response = await fetch(`${services.environment['HIBP_URL']}/range/00000`)
  if (!response.ok) throw Object.assign(new Error('HIBP'), { $metadata: { httpStatusCode: response.status } })
}
const describeTable = () =>
  clients.dynamodb.send(new DescribeTableCommand({ TableName: services.environment['TABLE_OUTBOX'] }))

describe('on the wire', () => {
  test.each([
    ['dynamodb', 'InternalServerError', describeTable],
    ['kms', 'KMSInternalException', mac],
    ['ses', 'InternalFailure', email],
    ['sns', 'InternalErrorException', sms],
    ['s3', 'InternalError', () => store('wire')],
    ['events', 'InternalException', event],
    ['hibp', 'Error', range],
  ] as const)(
    '%s fails as the service does, for as many calls as asked, and then works',
    async (service, name, call) => {
      services.faults.post({ service, mode: 'fail-before', count: 1 })
      services.faults.post({ service, mode: 'fail-after', count: 1 })
      const failure = { name, $metadata: { httpStatusCode: 500 } }
      await expect(call()).rejects.toMatchObject(failure)
      await expect(call()).rejects.toMatchObject(failure)
      await call()
    },
  )

  test('fail-before sends nothing, fail-after has sent', async () => {
    const before = services.inbox.messages().length
    for (const service of ['ses', 'sns'] as const) {
      services.faults.post({ service, mode: 'fail-before', count: 1 })
      services.faults.post({ service, mode: 'fail-after', count: 1 })
    }
    for (const send of [email, sms]) await expect(send()).rejects.toThrow()
    expect(services.inbox.messages()).toHaveLength(before)
    for (const send of [email, sms]) await expect(send()).rejects.toThrow()
    expect(services.inbox.messages()).toHaveLength(before + 2)
  })

  test('fail-before stores no object, fail-after has stored it', async () => {
    const before = await stored()
    services.faults.post({ service: 's3', operation: 'PutObject', mode: 'fail-before', count: 1 })
    await expect(store('new')).rejects.toThrow()
    expect(await stored()).toBe(before)
    services.faults.post({ service: 's3', operation: 'PutObject', mode: 'fail-after', count: 1 })
    await expect(store('new')).rejects.toThrow()
    expect(await stored()).toBe(Number(before) + 1)
  })

  test('a slow call works, no sooner than its delay', async () => {
    services.faults.post({ service: 'kms', mode: 'slow', count: 1, delayMs: 40 })
    const start = performance.now()
    expect((await mac()).Mac).toHaveLength(32)
    expect(performance.now() - start).toBeGreaterThanOrEqual(39)
  })

  test('a rate lets so many calls of a second pass, which use nothing up', async () => {
    services.faults.post({ service: 'kms', mode: 'fail-before', count: 2, perSecond: 2 })
    await mac()
    await mac()
    await expect(mac()).rejects.toThrow()
    expect(services.faults.pending()).toMatchObject([{ count: 1 }])
    services.faults.post({ count: 0 })
  })

  test('a fault for one function leaves the calls of others alone', async () => {
    services.faults.post({ service: 'kms', mode: 'fail-before', count: 1, function: 'notify' })
    await runInvocation({ function: 'not-me', requestId: 'a' }, mac)
    await mac()
    await expect(runInvocation({ function: 'notify', requestId: 'b' }, mac)).rejects.toThrow()
    await runInvocation({ function: 'notify', requestId: 'c' }, mac)
  })
})

describe('the list', () => {
  const take = (faults: ReturnType<typeof createFaults>, operation = 'PutItem') =>
    faults.take('dynamodb', { operation }, undefined)?.mode

  test('faults are taken in the order posted, each for its count', () => {
    const faults = createFaults()
    faults.post({ service: 'dynamodb', mode: 'fail-before', count: 2 })
    faults.post({ service: 'dynamodb', mode: 'fail-after', count: 1 })
    expect([take(faults), take(faults), take(faults), take(faults)]).toEqual([
      'fail-before',
      'fail-before',
      'fail-after',
      undefined,
    ])
  })

  test('skip lets so many matching calls pass, and other operations do not count', () => {
    const faults = createFaults()
    faults.post({ service: 'dynamodb', operation: 'PutItem', mode: 'fail-before', count: 1, skip: 2 })
    expect(take(faults, 'GetItem')).toBeUndefined()
    expect([take(faults), take(faults), take(faults), take(faults)]).toEqual([
      undefined,
      undefined,
      'fail-before',
      undefined,
    ])
  })

  test('a conflict leaves reads alone, and they use up none of its skip', () => {
    const faults = createFaults()
    faults.post({ service: 'dynamodb', mode: 'conflict', count: 1, skip: 1 })
    for (const read of ['GetItem', 'BatchGetItem', 'Query', 'Scan', 'DescribeTable'])
      expect(take(faults, read)).toBeUndefined()
    expect([take(faults), take(faults, 'TransactWriteItems')]).toEqual([undefined, 'conflict'])
  })

  test.each([{ count: 0 }, { service: 'kms', mode: 'slow', count: 0 }])('%j clears all', (posted) => {
    const faults = createFaults()
    faults.post({ service: 'dynamodb', mode: 'fail-before', count: 1 })
    expect(faults.post(posted)).toEqual([])
    expect(take(faults)).toBeUndefined()
  })

  test.each([
    [{ service: 'sqs', mode: 'slow', count: 1, delayMs: 1 }, 'service: must be one of dynamodb, kms'],
    [{ service: 'kms', mode: 'fail', count: 1 }, 'mode: must be one of fail-before'],
    [{ service: 'kms', mode: 'fail-before' }, 'count: must be a whole number'],
    [{ service: 'kms', mode: 'fail-before', count: -1 }, 'count: must be a whole number'],
    [{ service: 'kms', mode: 'fail-before', count: '1' }, 'count: must be a whole number'],
    [{ service: 'kms', mode: 'fail-before', count: 1.5 }, 'count: must be a whole number'],
    [{ service: 'kms', mode: 'fail-before', count: 1, function: '' }, 'function: must be a name'],
    [{ service: 'kms', mode: 'slow', count: 1 }, 'delayMs: mode slow needs one'],
    [{ service: 'kms', mode: 'conflict', count: 1 }, 'mode: only dynamodb knows conflict'],
    [{ service: 'ses', mode: 'capacity', count: 1 }, 'mode: only dynamodb knows capacity'],
    [{ service: 'kms', mode: 'fail-before', count: 1, times: 3 }, 'unknown: times'],
    [{ count: 0, times: 3 }, 'unknown: times'],
    [[], 'a fault is {service'],
    [null, 'a fault is {service'],
  ])('%j is refused by name and changes nothing', (posted, named) => {
    const faults = createFaults()
    expect(() => faults.post(posted)).toThrow(InvalidFault)
    expect(() => faults.post(posted)).toThrow(named)
    expect(faults.pending()).toEqual([])
  })
})
