/** The handles under `/_local`, on a running stack with fake functions. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { BatchGetItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { GenerateMacCommand, KMSClient } from '@aws-sdk/client-kms'
import type { APIGatewayProxyEvent } from 'aws-lambda'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readSettings } from '#shared/settings.ts'
import { createWorld, type World } from '#test/support/world.ts'

const execFileAsync = promisify(execFile)

/** Of the machine that runs the stack; none of it is any business of the stack's clients. */
const machine = {
  AWS_ACCESS_KEY_ID: 'machine-key-id',
  AWS_SECRET_ACCESS_KEY: 'machine-secret',
  AWS_SESSION_TOKEN: 'machine-session',
  AWS_PROFILE: 'machine-profile',
  AWS_ENDPOINT_URL: 'https://machine.example.com',
  MACHINE_PASSWORD: 'machine-password',
}

let world: World
const before = new Map(Object.keys(machine).map((name) => [name, process.env[name]]))
const seen: APIGatewayProxyEvent[] = []
let sealed = 0

beforeAll(async () => {
  Object.assign(process.env, machine)
  const getSession = async (event: APIGatewayProxyEvent) => {
    seen.push(event)
    const database = new DynamoDBClient({ maxAttempts: 1 })
    const TableName = process.env['TABLE_SESSIONS']
    const Keys = [{ userId: { S: 'u' }, sessionId: { S: 's' } }]
    await database.send(new BatchGetItemCommand({ RequestItems: { [`${TableName}`]: { Keys } } }))
    database.destroy()
    return { statusCode: 200, headers: {}, body: '{}' }
  }
  const seal = async () => {
    sealed += 1
  }
  world = await createWorld({
    handlers: { steps: { 'get-session': getSession }, workers: { 'seal-ledger': seal } } as never,
    report: () => undefined,
  })
})
afterAll(async () => {
  await world.close()
  for (const [name, value] of before) {
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }
})

interface Failure {
  readonly error: string
}

test('a page of another origin gets nothing, and moves nothing', async () => {
  const headers = { origin: 'https://page.example' }
  const { status, body } = await world.get<Failure>('/_local/messages', { headers })
  expect([status, body.error]).toEqual([403, 'Only this machine may ask: call 127.0.0.1 or localhost.'])
  const before = Date.now()
  expect((await world.post('/_local/clock', { advanceSeconds: 3600 }, { headers })).status).toBe(403)
  expect(Date.now() - before).toBeLessThan(3_000_000)
})

describe('messages', () => {
  const add = (to: string, text: string) =>
    world.stack.services.inbox.add({ channel: 'sms', to, subject: null, text, html: null })

  test('are those of the address asked for, oldest first, also when its plus was not encoded', async () => {
    const first = add('+201001234567', 'one')
    add('+919876543210', 'other')
    const second = add('+201001234567', 'two')
    for (const to of ['%2B201001234567', '+201001234567']) {
      const { body } = await world.get<unknown>(`/_local/messages?to=${to}`)
      expect(body).toEqual([first, second])
    }
    expect(Object.keys(first).toSorted()).toEqual([
      'channel',
      'html',
      'id',
      'sentAt',
      'subject',
      'text',
      'to',
    ])
  })

  test('stand in the inbox page, under its own policy', async () => {
    add('+201001234567', 'three')
    const { body, headers } = await world.get<string>('/_local')
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'")
    expect(body).toContain('three')
  })
})

describe('clock', () => {
  test('moves for the whole stack, and due schedules have run when the reply comes', async () => {
    const start = Date.now()
    const { status } = await world.advance(299)
    expect(status).toBe(200)
    expect(sealed).toBe(0)
    await world.advance(1)
    expect(sealed).toBe(1)
    expect(Date.now()).toBeGreaterThanOrEqual(start + 300_000)
  })

  test.each([
    {},
    { advanceSeconds: -1 },
    { advanceSeconds: '5' },
    { advanceSeconds: 1, x: 1 },
    [],
    'no json',
  ])('%j is refused by name', async (body) => {
    const { status, body: reply } = await world.post<Failure>('/_local/clock', body)
    expect(status).toBe(400)
    expect(reply.error).toMatch(/advanceSeconds|JSON|body|Unrecognized/i)
  })
})

describe('faults and calls', () => {
  test('a posted fault hits the next call, and a wrong one is refused', async () => {
    const posted = await world.post('/_local/faults', { service: 'dynamodb', mode: 'fail-before', count: 1 })
    expect(posted.status).toBe(200)
    expect((await world.get('/api/auth/session')).status).toBe(503)
    expect((await world.get('/api/auth/session')).status).toBe(200)
    const wrong = await world.post<Failure>('/_local/faults', { service: 'mail', mode: 'slow', count: 1 })
    expect(wrong.status).toBe(400)
    expect(wrong.body.error).toContain('service')
  })

  test('the calls of a request are found by the id in its reply, and those of a function by its name', async () => {
    const id = (await world.get('/api/auth/session')).headers.get('x-request-id')
    const call = { service: 'dynamodb', operation: 'BatchGetItem', table: 'sessions' }
    expect((await world.get(`/_local/calls?requestId=${id}`)).body).toEqual([call])
    expect((await world.get<unknown[]>('/_local/calls?function=get-session')).body).toContainEqual(call)
    expect((await world.get('/_local/calls?requestId=unknown')).body).toEqual([])
    expect((await world.get('/_local/calls')).status).toBe(400)
  })
})

describe('throttle and source address', () => {
  test('requests come from the address that was set, until another is', async () => {
    for (const ip of ['203.0.113.9', '2001:db8::1']) {
      expect((await world.put('/_local/source-ip', { ip })).body).toEqual({ ip })
      await world.get('/api/auth/session')
      await world.get('/api/auth/session')
      expect(seen.slice(-2).map((event) => event.requestContext.identity.sourceIp)).toEqual([ip, ip])
    }
  })

  test.each(['1.2.3', '203.0.113.9:80', '', 'localhost'])('%j is no address', async (ip) => {
    const { status, body } = await world.put<Failure>('/_local/source-ip', { ip })
    expect(status).toBe(400)
    expect(body.error).toContain('ip')
  })

  test('throttling takes a boolean and nothing else', async () => {
    expect((await world.post('/_local/throttle', { enabled: false })).body).toEqual({ enabled: false })
    expect((await world.post('/_local/throttle', { enabled: 'no' })).status).toBe(400)
  })
})

describe('environment', () => {
  const environment = async () => (await world.get<Record<string, string>>('/_local/environment')).body

  test('is enough to read the settings and to reach the emulated services', async () => {
    const given = await environment()
    expect(readSettings(given).KEY_CODE).toBe(world.stack.services.environment['KEY_CODE'])
    const credentials = {
      accessKeyId: given['AWS_ACCESS_KEY_ID'] ?? '',
      secretAccessKey: given['AWS_SECRET_ACCESS_KEY'] ?? '',
    }
    const region = given['AWS_REGION'] ?? ''
    const kms = new KMSClient({ endpoint: given['AWS_ENDPOINT_URL_KMS'] ?? '', region, credentials })
    const mac = await kms.send(
      new GenerateMacCommand({
        KeyId: given['KEY_CODE'],
        MacAlgorithm: 'HMAC_SHA_256',
        Message: Buffer.of(1),
      }),
    )
    kms.destroy()
    expect(mac.Mac).toHaveLength(32)
  })

  test('names loopback endpoints only', async () => {
    const urls = Object.entries(await environment()).filter(([name]) => name.startsWith('AWS_ENDPOINT_URL'))
    expect(urls.length).toBeGreaterThanOrEqual(5)
    for (const [, url] of urls) expect(new URL(url).hostname).toBe('127.0.0.1')
  })

  test("set over a developer's shell it leads every call to the loopback, signed by nobody", async () => {
    const shell = { ...machine, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' }
    const script = `
      import { GenerateMacCommand, KMSClient } from '@aws-sdk/client-kms'
      const kms = new KMSClient({ maxAttempts: 1 })
      const { accessKeyId, sessionToken } = await kms.config.credentials()
      const input = { KeyId: process.env.KEY_CODE, MacAlgorithm: 'HMAC_SHA_256', Message: Buffer.of(1) }
      const { Mac } = await kms.send(new GenerateMacCommand(input))
      console.log(JSON.stringify({ accessKeyId, sessionToken, bytes: Mac.length }))`
    const env = { PATH: process.env['PATH'] ?? '', ...shell, ...(await environment()) }
    const { stdout } = await execFileAsync(process.execPath, ['--input-type=module', '-e', script], { env })
    expect(JSON.parse(stdout)).toEqual({ accessKeyId: 'local', bytes: 32 })
  })

  test("holds nothing of the machine's own environment, least of all its AWS account", async () => {
    const given = await environment()
    expect(given['AWS_ACCESS_KEY_ID']).toBe('local')
    expect(given['AWS_SECRET_ACCESS_KEY']).toBe('local')
    expect(JSON.stringify(given)).not.toContain('machine')
    expect(Object.keys(given)).not.toContain('PATH')
  })
})

test('the machine’s own AWS account is out of reach of the functions while the stack runs', () => {
  for (const name of ['AWS_SESSION_TOKEN', 'AWS_PROFILE', 'AWS_ENDPOINT_URL']) {
    expect(process.env[name] ?? '').toBe('')
  }
})

describe('what is not there', () => {
  test('unknown paths are 404, other methods 405, large bodies 413, all in plain JSON', async () => {
    const unknown = await world.get<Failure>('/_local/nothing')
    expect(unknown.status).toBe(404)
    expect(unknown.body).toEqual({ error: 'There is nothing at /_local/nothing.' })
    expect((await world.get('/_local/constructor')).status).toBe(404)
    const other = await world.get<Failure>('/_local/clock')
    expect([other.status, other.headers.get('allow')]).toEqual([405, 'POST'])
    expect((await world.post('/_local/clock', 'x'.repeat(20_000))).status).toBe(413)
  })

  test('a path that only begins alike is no local route', async () => {
    expect((await world.get('/_localhost')).body.error.code).toBe('NOT_FOUND')
  })

  test('no record went aside', async () => {
    expect((await world.get('/_local/dead-letters')).body).toEqual([])
  })
})
