/** The command itself, as a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'
import { startEngine } from '#local/engine/dynamodb.ts'
import type { Envelope } from '#test/support/reply.ts'

const directory = mkdtempSync(join(tmpdir(), 'start-test-'))
const running: ChildProcess[] = []
const patience = 30_000

interface Run {
  readonly child: ChildProcess
  readonly output: { out: string; err: string }
  /** Resolves with the exit code, or the signal. */
  readonly ended: Promise<number | string>
}

function run(environment: Record<string, string>): Run {
  const child = spawn(process.execPath, ['local/start.ts'], {
    env: { ...process.env, PORT: '0', LATCHKEY_DATA_DIR: '', ...environment },
  })
  running.push(child)
  const output = { out: '', err: '' }
  child.stdout.on('data', (chunk) => {
    output.out += chunk
  })
  child.stderr.on('data', (chunk) => {
    output.err += chunk
  })
  const ended = new Promise<number | string>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal ?? ''))
  })
  return { child, output, ended }
}

/** @returns the address, once the stack says that it is ready, which is the last that it says. */
async function ready({ child, output, ended }: Run): Promise<string> {
  const readyLine = /^ready (http:\/\/127\.0\.0\.[12]:\d+)\n(?![\s\S])/m
  const said = new Promise<void>((resolve) => {
    child.stdout?.on('data', () => readyLine.test(output.out) && resolve())
  })
  await Promise.race([said, ended])
  const url = readyLine.exec(output.out)?.[1]
  if (url === undefined) throw new Error(`Not ready: ${output.out}${output.err}`)
  return url
}

const post = (url: string, body: unknown) =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })

afterEach(async () => {
  await Promise.all(
    running.splice(0).map(async (child) => {
      if (child.exitCode === null && child.signalCode === null) {
        const gone = new Promise((resolve) => child.once('close', resolve))
        child.kill('SIGKILL')
        await gone
      }
    }),
  )
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

describe('what cannot start says why in one sentence, and exits with 1', () => {
  async function sentence(environment: Record<string, string>): Promise<string> {
    const { output, ended } = run(environment)
    expect(await ended).toBe(1)
    expect(output.out).toBe('')
    expect(output.err.trim().split('\n')).toHaveLength(1)
    return output.err
  }

  test('a busy port', { timeout: patience }, async () => {
    const holder = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => holder.once('listening', resolve))
    const { port } = holder.address() as AddressInfo
    expect(await sentence({ PORT: String(port) })).toContain(`Port ${port} is in use`)
    holder.close()
  })

  test.each(['abc', '70000', '-1', '3000.5'])('PORT=%s', { timeout: patience }, async (port) => {
    expect(await sentence({ PORT: port })).toContain(`but is "${port}"`)
  })

  test('a data folder that is a file', { timeout: patience }, async () => {
    const file = join(directory, 'file')
    writeFileSync(file, '')
    expect(await sentence({ LATCHKEY_DATA_DIR: file })).toContain(`The data folder ${file} cannot be used`)
  })

  test('a data folder that another process holds', { timeout: patience }, async () => {
    const folder = mkdtempSync(join(directory, 'held-'))
    writeFileSync(join(folder, 'stack.lock'), JSON.stringify({ pid: process.pid }))
    expect(await sentence({ LATCHKEY_DATA_DIR: folder })).toContain(`process id ${process.pid}`)
  })

  test.each(['http://latchkey', 'latchkey:3000'])(
    'trusted hosts %s',
    { timeout: patience },
    async (hosts) => {
      expect(await sentence({ LATCHKEY_TRUSTED_HOSTS: hosts })).toContain(`but holds "${hosts}"`)
    },
  )

  test.each(['192.0.2.1', 'nowhere.invalid'])('the address %s', { timeout: patience }, async (host) => {
    expect(await sentence({ LATCHKEY_HOST: host })).toContain(`LATCHKEY_HOST is ${host}`)
  })

  test('an engine that cannot be named', { timeout: patience }, async () => {
    expect(await sentence({ DYNAMODB_ENDPOINT: 'nowhere' })).toContain('DYNAMODB_ENDPOINT must be a URL')
  })
})

test('it says where everything is, last that it is ready, knows the test identities, and ends cleanly', {
  timeout: patience,
}, async () => {
  const stack = run({})
  const url = await ready(stack)
  for (const [userId, username] of [
    ['u-priya', 'priyasharma'],
    ['u-rahul', 'rahulkumar'],
    ['u-ananya', 'ananyapatel'],
    ['u-omar', 'omarhassan'],
    ['u-vikram', 'vikramsingh'],
  ]) {
    const reply = await fetch(`${url}/admin/identities/${userId}`)
    expect(((await reply.json()) as Envelope).data.username).toBe(username)
  }
  const login = await post(`${url}/api/auth/login`, { identifier: 'priyasharma', password: 'password123' })
  expect(login.status).toBe(200)
  stack.child.kill('SIGTERM')
  expect(await stack.ended).toBe(0)
  const said = stack.output.out.trimEnd().split('\n')
  expect(said.at(-1)).toBe(`ready ${url}`)
  expect(said.length).toBeLessThan(8)
  for (const part of [`${url}/`, `${url}/_local`, `API        ${url}`, 'priyasharma', 'password123'])
    expect(said.slice(0, -1).join('\n')).toContain(part)
})

const email = 'priya.sharma@example.com'
const lifeOfMessageMs = 10_000

/** Asks for a code. @returns the code in the inbox */
async function askForCode(url: string): Promise<string> {
  await post(`${url}/auth/request-password-reset`, { email })
  return vi.waitFor(
    async () => {
      const messages = await (await fetch(`${url}/_local/messages?to=${email}`)).json()
      const code = /\b\d{6}\b/.exec((messages as { text: string }[])[0]?.text ?? '')?.[0]
      if (code === undefined) throw new Error('no message yet')
      return code
    },
    { timeout: lifeOfMessageMs, interval: 50 },
  )
}

describe('its console', () => {
  test('has a line for each request and for each message with its code, and no JSON', {
    timeout: patience,
  }, async () => {
    const stack = run({})
    const url = await ready(stack)
    const code = await askForCode(url)
    const wrong = code === '000001' ? '000002' : '000001'
    await post(`${url}/auth/verify-password-reset-otp`, { email, otp: wrong })
    await fetch(`${url}/nowhere?email=${email}`)
    stack.child.kill('SIGTERM')
    await stack.ended
    expect(stack.output.out.endsWith(`ready ${url}\n`)).toBe(true)
    const lines = stack.output.err.trimEnd().split('\n')
    const untimed = lines.map((line) => line.replace(/^\d\d:\d\d:\d\d /, '').replace(/ \d+ ms$/, ''))
    expect(untimed.toSorted()).toEqual([
      'GET /nowhere 404 NOT_FOUND',
      'POST /auth/request-password-reset 200',
      'POST /auth/verify-password-reset-otp 401 OTP_INVALID',
      `email to ${email}, code ${code}, Latchkey: your password reset code`,
    ])
  })

  test('is the functions’ own log, without a code, where LATCHKEY_LOG is json', {
    timeout: patience,
  }, async () => {
    const stack = run({ LATCHKEY_LOG: 'json' })
    const url = await ready(stack)
    const code = await askForCode(url)
    stack.child.kill('SIGTERM')
    await stack.ended
    expect(stack.output.err).not.toContain(code)
    const lines = stack.output.err.trimEnd().split('\n')
    const logs = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(logs).toContainEqual(
      expect.objectContaining({ level: 'INFO', message: 'request', step: 'request-code', status: 200 }),
    )
  })
})

test.runIf(process.platform === 'linux')(
  'it listens where LATCHKEY_HOST says, and admits the hosts that are trusted',
  {
    timeout: patience,
  },
  async () => {
    const url = await ready(run({ LATCHKEY_HOST: '127.0.0.2', LATCHKEY_TRUSTED_HOSTS: 'latchkey, other' }))
    expect(new URL(url).hostname).toBe('127.0.0.2')
    const { port } = new URL(url)
    await expect(fetch(`http://127.0.0.1:${port}/health`)).rejects.toThrow('fetch failed')
    const statusOf = (path: string, host: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        get({ host: '127.0.0.2', port, path, headers: { host } }, (reply) => {
          reply.resume()
          resolve(reply.statusCode)
        }).on('error', reject)
      })
    const paths = ['/_local/messages', '/admin/identities/u-priya', '/health']
    const statuses = (host: string) => Promise.all(paths.map((path) => statusOf(path, host)))
    for (const host of ['latchkey:3000', 'OTHER', '127.0.0.2', 'localhost'])
      expect([host, await statuses(host)]).toEqual([host, [200, 200, 200]])
    for (const host of ['evil.example', 'latchkey.evil.example'])
      expect([host, await statuses(host)]).toEqual([host, [403, 403, 200]])
  },
)

test('it starts again and again on a DynamoDB that outlives it, without a folder for its keys', {
  timeout: 3 * patience,
}, async () => {
  vi.stubEnv('DYNAMODB_ENDPOINT', '')
  const engine = await startEngine({ directory: mkdtempSync(join(directory, 'other-')), scratch: false })
  vi.unstubAllEnvs()
  try {
    for (const signal of ['SIGKILL', 'SIGTERM', 'SIGTERM'] as const) {
      const stack = run({ DYNAMODB_ENDPOINT: engine.url })
      const url = await ready(stack)
      const login = await post(`${url}/api/auth/login`, {
        identifier: 'priyasharma',
        password: 'password123',
      })
      expect(login.status).toBe(200)
      stack.child.kill(signal)
      await stack.ended
    }
  } finally {
    await engine.close()
  }
})

test('everything is kept across a kill: identities, sessions, messages, the moved clock', {
  timeout: patience,
}, async () => {
  const LATCHKEY_DATA_DIR = mkdtempSync(join(directory, 'kept-'))
  const first = run({ LATCHKEY_DATA_DIR })
  const url = await ready(first)
  const login = await post(`${url}/api/auth/login`, { identifier: 'rahulkumar', password: 'password123' })
  const { accessToken } = ((await login.json()) as Envelope).data
  await post(`${url}/_local/clock`, { advanceSeconds: 3600 })
  await post(`${url}/auth/request-password-reset`, { email: 'rahul.kumar@example.com' })
  first.child.kill('SIGKILL')
  expect(await first.ended).toBe('SIGKILL')

  const again = await ready(run({ LATCHKEY_DATA_DIR }))
  const session = await fetch(`${again}/api/auth/session`, {
    headers: { authorization: `Bearer ${accessToken}` },
  })
  expect(((await session.json()) as Envelope).data.userId).toBe('u-rahul')
  const clock = await post(`${again}/_local/clock`, { advanceSeconds: 0 })
  expect(await clock.json()).toMatchObject({ offsetSeconds: 3600 })
  // The row was committed, whether or not its worker ran before the kill.
  const messages = await fetch(`${again}/_local/messages?to=rahul.kumar@example.com`)
  const texts = ((await messages.json()) as { text: string }[]).map(({ text }) => text)
  expect(texts.filter((text) => /\b\d{6}\b/.test(text)).length).toBeGreaterThanOrEqual(1)
})
