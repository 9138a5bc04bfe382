import { setTimeout as sleep } from 'node:timers/promises'
import { GetItemCommand } from '@aws-sdk/client-dynamodb'
import { GenerateMacCommand } from '@aws-sdk/client-kms'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { applyEnvironment } from '#local/environment.ts'
import { runInvocation } from '#local/services/attribution.ts'
import { createCalls } from '#local/services/calls.ts'
import { type Services, startServices } from '#local/services/index.ts'
import { readSettings } from '#shared/settings.ts'
import { putOnce } from '#shared/stores/ledger-bucket.ts'
import { type Clients, clientsOf } from './clients.ts'

let services: Services
let clients: Clients
beforeAll(async () => {
  services = await startServices()
  clients = clientsOf(services)
})
afterAll(() => services.close())

const mac = () =>
  clients.kms.send(
    new GenerateMacCommand({
      KeyId: services.environment['KEY_CODE'],
      MacAlgorithm: 'HMAC_SHA_256',
      Message: Buffer.from('m'),
    }),
  )
const read = () =>
  clients.dynamodb.send(
    new GetItemCommand({ TableName: services.environment['TABLE_IDENTITIES'], Key: { pk: { S: 'U#x' } } }),
  )
const range = async () => {
  const response = await fetch(`${services.environment['HIBP_URL']}/range/00000`)
  await response.text()
}

const booked = {
  mac: { service: 'kms', operation: 'GenerateMac' },
  read: { service: 'dynamodb', operation: 'GetItem', table: 'identities' },
  range: { service: 'hibp', operation: 'range' },
} as const
const run = { mac, read, range }

test('calls of requests that run at once are booked to the request that made them, in its order', async () => {
  const orders = [
    ['mac', 'read', 'range'],
    ['range', 'mac', 'mac'],
    ['read', 'range', 'read'],
  ] as const
  const requests = Array.from({ length: 24 }, (_, n) => ({
    requestId: `request;${n}`,
    order: orders[n % orders.length] ?? orders[0],
  }))
  await Promise.all(
    requests.map(({ requestId, order }, n) =>
      runInvocation({ function: 'step', requestId }, async () => {
        for (const name of order) {
          await sleep((n * 7) % 3)
          await run[name]()
        }
      }),
    ),
  )
  for (const { requestId, order } of requests) {
    expect(services.calls.byRequest(requestId)).toEqual(order.map((name) => booked[name]))
  }
})

test('an object of three megabytes is booked as any; with `Expect` it is refused, and the process lives', async () => {
  const big = { Key: 'big', Body: 'x'.repeat(3_000_000) }
  const put = () => putOnce(big.Key, big.Body, Date.now())
  const withExpect = () =>
    clients.s3.send(new PutObjectCommand({ Bucket: services.environment['LEDGER_BUCKET'], ...big }))
  const restore = applyEnvironment(services.environment)
  try {
    const invocation = { function: 'big', requestId: 'big' }
    expect(await runInvocation(invocation, put)).toBe(true)
    await expect(runInvocation(invocation, withExpect)).rejects.toThrow(/Expect cannot be marked/)
  } finally {
    restore()
  }
  expect(services.calls.byRequest('big')).toEqual([{ service: 's3', operation: 'PutObject' }])
})

test('a call outside any invocation is booked to none', async () => {
  const before = services.calls.byFunction('step').length
  await mac()
  expect(services.calls.byFunction('step')).toHaveLength(before)
})

test('what a request does after its reply is not counted to it, but to its function', async () => {
  await runInvocation({ function: 'late-step', requestId: 'late' }, async () => {
    await mac()
    services.calls.replied('late')
    await read()
  })
  expect(services.calls.byRequest('late')).toEqual([booked.mac])
  expect(services.calls.byFunction('late-step')).toEqual([booked.mac, booked.read])
})

test('the last 1,000 replied requests are kept, whatever the workers do', () => {
  const calls = createCalls()
  for (let n = 0; n <= 1000; n++) {
    calls.record({ function: 'step', requestId: `r${n}` }, booked.mac)
    calls.replied(`r${n}`)
    calls.record({ function: 'deliver', requestId: `w${n}` }, booked.read)
    calls.record({ function: 'append-ledger', requestId: `x${n}` }, booked.read)
  }
  expect(calls.byRequest('r0')).toEqual([])
  expect(calls.byRequest('r1')).toEqual([booked.mac])
  expect(calls.byRequest('r1000')).toEqual([booked.mac])
  expect(calls.byFunction('deliver')).toHaveLength(500)
})

test('the environment holds every setting a function needs, with values given in place of the defaults', async () => {
  expect(readSettings(services.environment).TABLE_OUTBOX).toBe('latchkey-outbox')
  const other = await startServices({ settings: { ORIGIN: 'https://door.example' } })
  await other.close()
  expect(readSettings(other.environment).ORIGIN).toBe('https://door.example')
})
