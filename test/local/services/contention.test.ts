/** Throttling, conflicts and lost replies on the wire, as the real SDK reads them. */
import {
  BatchGetItemCommand,
  GetItemCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb'
import { GenerateMacCommand } from '@aws-sdk/client-kms'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { SendEmailCommand } from '@aws-sdk/client-ses'
import { PublishCommand } from '@aws-sdk/client-sns'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type Services, startServices } from '#local/services/index.ts'
import { type Clients, clientsOf } from './clients.ts'

let services: Services
let once: Clients
let retrying: Clients
beforeAll(async () => {
  services = await startServices()
  once = clientsOf(services)
  retrying = clientsOf(services, 3)
})
afterAll(() => services.close())
afterEach(() => {
  services.faults.post({ count: 0 })
})

const table = (name: string) => services.environment[`TABLE_${name}`] ?? ''
const keyOf = (pk: string) => ({ pk: { S: pk } })
const put = (pk: string) => new PutItemCommand({ TableName: table('CHALLENGES'), Item: keyOf(pk) })
const stored = async (pk: string) => {
  const command = new GetItemCommand({ TableName: table('CHALLENGES'), Key: keyOf(pk), ConsistentRead: true })
  return (await once.dynamodb.send(command)).Item !== undefined
}
const transaction = (pk: string) =>
  new TransactWriteItemsCommand({
    ClientRequestToken: pk,
    TransactItems: [pk, `${pk}-2`].map((name) => ({
      Put: {
        TableName: table('CHALLENGES'),
        Item: keyOf(name),
        ConditionExpression: 'attribute_not_exists(pk)',
      },
    })),
  })
const given = (name: string) => services.environment[name] ?? ''
const mac = (clients: Clients) =>
  clients.kms.send(
    new GenerateMacCommand({
      KeyId: given('KEY_CODE'),
      MacAlgorithm: 'HMAC_SHA_256',
      Message: Buffer.from('m'),
    }),
  )
const email = (clients: Clients) =>
  clients.ses.send(
    new SendEmailCommand({
      Source: given('EMAIL_FROM'),
      Destination: { ToAddresses: ['busy@example.com'] },
      Message: { Subject: { Data: 's' }, Body: { Text: { Data: 't' } } },
    }),
  )
const sms = (clients: Clients) =>
  clients.sns.send(new PublishCommand({ PhoneNumber: '+201000000001', Message: 'm' }))
const object = (clients: Clients) =>
  clients.s3.send(new PutObjectCommand({ Bucket: given('LEDGER_BUCKET'), Key: 'busy', Body: 'b' }))

test.each([
  ['kms', mac, 'ThrottlingException', 400],
  ['ses', email, 'Throttling', 400],
  ['sns', sms, 'Throttling', 400],
  ['s3', object, 'SlowDown', 503],
] as const)(
  '%s throttles in its own form, which the SDK takes for a reason to try again',
  async (service, call, name, status) => {
    services.faults.post({ service, mode: 'throttle', count: 2 })
    const before = services.inbox.messages().length
    await expect(call(once)).rejects.toMatchObject({ name, $metadata: { httpStatusCode: status } })
    expect(services.inbox.messages()).toHaveLength(before)
    await call(retrying)
    expect(services.faults.pending()).toEqual([])
  },
)

test('the breach service throttles with 429', async () => {
  services.faults.post({ service: 'hibp', mode: 'throttle', count: 1 })
  expect((await fetch(`${given('HIBP_URL')}/range/00000`)).status).toBe(429)
})

test.each([
  ['throttle', 'ThrottlingException', 'ThrottlingError'],
  ['conflict', 'TransactionConflictException', 'TransactionConflict'],
  ['capacity', 'ProvisionedThroughputExceededException', 'ProvisionedThroughputExceeded'],
] as const)(
  'dynamodb, %s: a single write and a transaction are refused, each in its form',
  async (mode, name, Code) => {
    services.faults.post({ service: 'dynamodb', mode, count: 2 })
    await expect(once.dynamodb.send(put(`single-${mode}`))).rejects.toMatchObject({
      name,
      $metadata: { httpStatusCode: 400 },
    })
    await expect(once.dynamodb.send(transaction(`both-${mode}`))).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${Code}, None]`,
      CancellationReasons: [{ Code, Message: expect.any(String) }, { Code: 'None' }],
    })
    expect([await stored(`single-${mode}`), await stored(`both-${mode}`)]).toEqual([false, false])
    await once.dynamodb.send(transaction(`both-${mode}`))
  },
)

test('the SDK itself sends a throttled write again, and leaves a conflict to us', async () => {
  services.faults.post({ service: 'dynamodb', mode: 'throttle', count: 1 })
  await retrying.dynamodb.send(put('again'))
  expect(await stored('again')).toBe(true)
  services.faults.post({ service: 'dynamodb', mode: 'conflict', count: 1 })
  await expect(retrying.dynamodb.send(transaction('not-again'))).rejects.toThrow('TransactionConflict')
})

test('of a read from several tables the last one is handed back unread; of one table the call is refused', async () => {
  await once.dynamodb.send(put('read'))
  const keys = { [table('CHALLENGES')]: { Keys: [keyOf('read')] } }
  const two = { ...keys, [table('IDENTITIES')]: { Keys: [keyOf('nobody')] } }
  services.faults.post({ service: 'dynamodb', mode: 'capacity', count: 2 })
  const read = await once.dynamodb.send(new BatchGetItemCommand({ RequestItems: two }))
  expect(read.Responses).toEqual({ [table('CHALLENGES')]: [keyOf('read')], [table('IDENTITIES')]: [] })
  expect(Object.keys(read.UnprocessedKeys ?? {})).toEqual([table('IDENTITIES')])
  await expect(once.dynamodb.send(new BatchGetItemCommand({ RequestItems: keys }))).rejects.toMatchObject({
    name: 'ProvisionedThroughputExceededException',
  })
})

test.each([
  ['reset-before', false],
  ['reset-after', true],
] as const)('%s tears the connection, and the call has worked: %s', async (mode, worked) => {
  services.faults.post({ service: 'dynamodb', mode, count: 1 })
  await expect(once.dynamodb.send(put(mode))).rejects.toMatchObject({ code: 'ECONNRESET' })
  expect(await stored(mode)).toBe(worked)
  services.faults.post({ service: 'dynamodb', mode, count: 1 })
  await retrying.dynamodb.send(transaction(`tx-${mode}`))
  expect(await stored(`tx-${mode}`)).toBe(true)
})

test('a call that hangs gets no reply and does nothing, and the services can be closed all the same', async () => {
  services.faults.post({ service: 'dynamodb', mode: 'hang', count: 1 })
  const abortSignal = AbortSignal.timeout(150)
  await expect(once.dynamodb.send(put('hung'), { abortSignal })).rejects.toMatchObject({ name: 'AbortError' })
  expect(await stored('hung')).toBe(false)
})
