/** What IAM would refuse a function is refused here, in each service's own words. */
import { DynamoDBClient, GetItemCommand, ListTablesCommand } from '@aws-sdk/client-dynamodb'
import { GenerateMacCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms'
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { SESClient, SendEmailCommand } from '@aws-sdk/client-ses'
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { applyEnvironment } from '#local/environment.ts'
import { runInvocation } from '#local/services/attribution.ts'
import { createIam } from '#local/services/iam.ts'
import { type Services, startServices } from '#local/services/index.ts'

let services: Services
let restore: () => void
beforeAll(async () => {
  vi.spyOn(console, 'error').mockReturnValue()
  services = await startServices()
  restore = applyEnvironment(services.environment)
})
afterAll(async () => {
  await services.close()
  restore()
  vi.restoreAllMocks()
})

const as = <T>(name: string, call: () => Promise<T>) =>
  runInvocation({ function: name, requestId: 'r' }, call)
const setting = (name: string) => services.environment[name] ?? ''

const mac = () =>
  new KMSClient({}).send(
    new GenerateMacCommand({
      KeyId: setting('KEY_CODE_DERIVE'),
      Message: Buffer.from('m'),
      MacAlgorithm: 'HMAC_SHA_256',
    }),
  )
const sign = () =>
  new KMSClient({}).send(
    new SignCommand({
      KeyId: setting('KEY_CHECKPOINT'),
      Message: Buffer.alloc(32),
      MessageType: 'DIGEST',
      SigningAlgorithm: 'ECDSA_SHA_256',
    }),
  )
const read = () =>
  new DynamoDBClient({}).send(
    new GetItemCommand({ TableName: 'latchkey-identities', Key: { pk: { S: 'U#u' } } }),
  )
const mail = () =>
  new SESClient({}).send(
    new SendEmailCommand({
      Source: setting('EMAIL_FROM'),
      Destination: { ToAddresses: ['a@example.com'] },
      Message: { Subject: { Data: 's' }, Body: { Text: { Data: 't' } } },
    }),
  )
const sms = () => new SNSClient({}).send(new PublishCommand({ PhoneNumber: '+201012345678', Message: 'm' }))
const object = () =>
  new S3Client({ forcePathStyle: true }).send(
    new GetObjectCommand({ Bucket: setting('LEDGER_BUCKET'), Key: 'checkpoints/1.json' }),
  )

test.each([
  ['DynamoDB', read, 'AccessDeniedException', 'health'],
  ['KMS', mac, 'AccessDeniedException', 'verify-code'],
  ['KMS signing', sign, 'AccessDeniedException', 'append-ledger'],
  ['SES', mail, 'AccessDenied', 'login'],
  ['SNS', sms, 'AuthorizationErrorException', 'login'],
  ['S3', object, 'AccessDenied', 'append-ledger'],
])('%s refuses a function that may not', async (_service, call: () => Promise<unknown>, name, who) => {
  await expect(as(who, call)).rejects.toMatchObject({
    name,
    message: expect.stringContaining('not authorized'),
  })
})

test('each lets the function pass whose work it is', async () => {
  await as('deliver', mac)
  await as('seal-ledger', sign)
  await as('get-identity', read)
  await as('deliver', mail)
  await as('deliver', sms)
  await expect(as('seal-ledger', object)).rejects.toMatchObject({ name: 'NoSuchKey' })
})

test('the sealer mails where a witness is set, and only there', async () => {
  await expect(as('seal-ledger', mail)).rejects.toMatchObject({ name: 'AccessDenied' })
  const witnessed = createIam(services.keys, { WITNESS_EMAIL: 'witness@example.com' })
  const judge = (name: string) =>
    witnessed.refusalOf('ses', {} as never, { operation: 'SendEmail' }, { function: name, requestId: 'r' })
  expect(judge('seal-ledger')).toBeUndefined()
  expect(judge('append-ledger')).toContain('ses:SendEmail')
})

test('calls of no function are not judged', async () => {
  await mac()
  await as('a command line', read)
})

test('a call whose items cannot be told is allowed to no function', async () => {
  const list = () => new DynamoDBClient({}).send(new ListTablesCommand({}))
  await expect(as('deliver', list)).rejects.toMatchObject({ name: 'AccessDeniedException' })
})

test('a refusal names what was refused, and no key of an item', async () => {
  const told = await as('health', read).catch((error: Error) => error.message)
  expect(told).toContain('dynamodb:GetItem on resource: table/identities U#')
  expect(told).not.toContain('U#u')
})
