/** The command itself, as a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { optionsGiven, returnToGiven, sentenceOf } from '#local/command.ts'
import { startEngine } from '#local/engine/dynamodb.ts'
import { startStack } from '#local/stack.ts'
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

afterAll(async () => {
  await Promise.all(
    running.map(async (child) => {
      if (child.exitCode === null && child.signalCode === null) {
        const gone = new Promise((resolve) => child.once('close', resolve))
        child.kill('SIGKILL')
        await gone
      }
    }),
  )
  rmSync(directory, { recursive: true, force: true })
})

describe('what cannot start says why in one sentence', () => {
  /** What `npm start` would write, with these variables. */
  async function sentence(environment: Record<string, string>): Promise<string> {
    const given = { PORT: '0', LATCHKEY_DATA_DIR: '', ...environment }
    for (const [name, value] of Object.entries(given)) vi.stubEnv(name, value)
    try {
      returnToGiven()
      const stack = await startStack(optionsGiven(3000))
      await stack.close()
      throw new Error('It started')
    } catch (error) {
      return sentenceOf(error, 3000)
    } finally {
      vi.unstubAllEnvs()
    }
  }

  test.each(['abc', '70000', '-1', '3000.5'])('PORT=%s', async (port) => {
    expect(await sentence({ PORT: port })).toContain(`but is "${port}"`)
  })

  test('a data folder that is a file', async () => {
    const file = join(directory, 'file')
    writeFileSync(file, '')
    expect(await sentence({ LATCHKEY_DATA_DIR: file })).toContain(`The data folder ${file} cannot be used`)
  })

  test('a data folder that another process holds', async () => {
    const folder = mkdtempSync(join(directory, 'held-'))
    writeFileSync(join(folder, 'stack.lock'), JSON.stringify({ pid: process.ppid }))
    expect(await sentence({ LATCHKEY_DATA_DIR: folder })).toContain(`process id ${process.ppid}`)
  })

  test.each(['http://latchkey', 'latchkey:3000'])('trusted hosts %s', async (hosts) => {
    expect(await sentence({ LATCHKEY_TRUSTED_HOSTS: hosts })).toContain(`but holds "${hosts}"`)
  })

  test.each(['http://acme.test', 'https://acme.test/?next=1'])(
    'an address to lead back to, %s',
    async (address) => {
      expect(await sentence({ RETURN_TO: `http://localhost:5173/,${address}` })).toContain(
        `RETURN_TO has "${address}"`,
      )
    },
  )

  test.each(['192.0.2.1', 'nowhere.invalid'])('the address %s', async (host) => {
    expect(await sentence({ LATCHKEY_HOST: host })).toContain(`LATCHKEY_HOST is ${host}`)
  })

  test('an engine that cannot be named', async () => {
    expect(await sentence({ DYNAMODB_ENDPOINT: 'nowhere' })).toContain('DYNAMODB_ENDPOINT must be a URL')
  })

  test('and exits with 1: a busy port', { timeout: patience }, async () => {
    const holder = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => holder.once('listening', resolve))
    const { port } = holder.address() as AddressInfo
    const { output, ended } = run({ PORT: String(port) })
    expect(await ended).toBe(1)
    expect(output).toEqual({ out: '', err: expect.stringContaining(`Port ${port} is in use`) })
    expect(output.err.trim().split('\n')).toHaveLength(1)
    holder.close()
  })
})

const email = 'priya.sharma@example.com'
const lifeOfMessageMs = 10_000

/** Asks for a code. @returns the code in the inbox */
async function askForCode(url: string): Promise<string> {
  await post(`${url}/auth/request-password-reset`, { email })
  return vi.waitFor(
    async () => {
      const messages = await (await fetch(`${url}/_local/messages?to=${email}`)).json()
      const code = /\b\d{6}\b/.exec((messages as { text: string }[]).at(-1)?.text ?? '')?.[0]
      if (code === undefined) throw new Error('no message yet')
      return code
    },
    { timeout: lifeOfMessageMs, interval: 50 },
  )
}

const signIn = (url: string, identifier: string) =>
  post(`${url}/api/auth/login`, { identifier, password: 'password123' })

/** Its API, its local routes and its admin routes, asked by one name of the host. */
function statusesBy(url: string, host: string) {
  const { hostname, port } = new URL(url)
  const statusOf = (path: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      get({ host: hostname, port, path, headers: { host } }, (reply) => {
        reply.resume()
        resolve(reply.statusCode)
      }).on('error', reject)
    })
  return Promise.all(['/_local/messages', '/admin/identities/u-priya', '/health'].map(statusOf))
}

/** Two starts, which cost seconds each: what one of them shows is looked at in turn. */
describe('a stack that is killed, and started again on its folder', () => {
  const LATCHKEY_DATA_DIR = mkdtempSync(join(directory, 'kept-'))
  // Linux alone has all of 127.0.0.0/8.
  const elsewhere: Record<string, string> =
    process.platform === 'linux'
      ? { LATCHKEY_HOST: '127.0.0.2', LATCHKEY_TRUSTED_HOSTS: 'latchkey, other' }
      : {}
  let first: Run
  let second: Run
  let url: string
  let accessToken: string

  beforeAll(async () => {
    first = run({ LATCHKEY_DATA_DIR, RETURN_TO: 'http://localhost:5173, https://acme.test/app' })
    url = await ready(first)
  }, patience)

  test('it says where everything is, last that it is ready, and knows the test identities', async () => {
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
    const login = await signIn(url, 'rahulkumar')
    expect(login.status).toBe(200)
    accessToken = ((await login.json()) as Envelope).data.accessToken
    const said = first.output.out.trimEnd().split('\n')
    expect(said.at(-1)).toBe(`ready ${url}`)
    expect(said.length).toBeLessThan(8)
    const page = await (await fetch(`${url}/sign-in`)).text()
    expect(page).toContain('data-return-to="http://localhost:5173/ https://acme.test/app"')
    for (const part of [`${url}/`, `${url}/_local`, `API        ${url}`, 'priyasharma', 'password123'])
      expect(said.slice(0, -1).join('\n')).toContain(part)
  })

  test('its console has a line for each request and for each message with its code, and no JSON', async () => {
    const before = first.output.err.length
    const code = await askForCode(url)
    const wrong = code === '000001' ? '000002' : '000001'
    await post(`${url}/auth/verify-password-reset-otp`, { email, otp: wrong })
    await fetch(`${url}/nowhere?email=${email}`)
    await vi.waitFor(() => expect(first.output.err).toContain('NOT_FOUND'), { timeout: lifeOfMessageMs })
    expect(first.output.out.endsWith(`ready ${url}\n`)).toBe(true)
    const lines = first.output.err.slice(before).trimEnd().split('\n')
    const untimed = lines.map((line) => line.replace(/^\d\d:\d\d:\d\d /, '').replace(/ \d+ ms$/, ''))
    expect(untimed.toSorted()).toEqual([
      'GET /nowhere 404 NOT_FOUND',
      'POST /auth/request-password-reset 200',
      'POST /auth/verify-password-reset-otp 401 OTP_INVALID',
      `email to ${email}, code ${code}, Latchkey: your password reset code`,
    ])
    // Each line of the whole console is one for people.
    expect(first.output.err).not.toMatch(/^\{/m)
  })

  test('everything is kept: identities, sessions, messages, the moved clock', {
    timeout: patience,
  }, async () => {
    await post(`${url}/_local/clock`, { advanceSeconds: 3600 })
    await post(`${url}/auth/request-password-reset`, { email: 'rahul.kumar@example.com' })
    first.child.kill('SIGKILL')
    expect(await first.ended).toBe('SIGKILL')

    second = run({ LATCHKEY_DATA_DIR, LATCHKEY_LOG: 'json', ...elsewhere })
    url = await ready(second)
    const headers = { authorization: `Bearer ${accessToken}` }
    const session = await fetch(`${url}/api/auth/session`, { headers })
    expect(((await session.json()) as Envelope).data.userId).toBe('u-rahul')
    const clock = await post(`${url}/_local/clock`, { advanceSeconds: 0 })
    expect(await clock.json()).toMatchObject({ offsetSeconds: 3600 })
    // The row was committed, whether or not its worker ran before the kill.
    const messages = await fetch(`${url}/_local/messages?to=rahul.kumar@example.com`)
    const texts = ((await messages.json()) as { text: string }[]).map(({ text }) => text)
    expect(texts.filter((text) => /\b\d{6}\b/.test(text)).length).toBeGreaterThanOrEqual(1)
  })

  test.runIf(process.platform === 'linux')(
    'it listens where LATCHKEY_HOST says, and admits the hosts that are trusted',
    async () => {
      const { hostname, port } = new URL(url)
      expect(hostname).toBe('127.0.0.2')
      await expect(fetch(`http://127.0.0.1:${port}/health`)).rejects.toThrow('fetch failed')
      for (const host of ['latchkey:3000', 'OTHER', '127.0.0.2', 'localhost'])
        expect([host, await statusesBy(url, host)]).toEqual([host, [200, 200, 200]])
      for (const host of ['evil.example', 'latchkey.evil.example'])
        expect([host, await statusesBy(url, host)]).toEqual([host, [403, 403, 200]])
    },
  )

  test('with LATCHKEY_LOG=json its console is the functions’ own log, without a code, and it ends cleanly', async () => {
    const code = await askForCode(url)
    second.child.kill('SIGTERM')
    expect(await second.ended).toBe(0)
    expect(second.output.err).not.toContain(code)
    const lines = second.output.err.trimEnd().split('\n')
    const logs = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(logs).toContainEqual(
      expect.objectContaining({ level: 'INFO', message: 'request', step: 'request-code', status: 200 }),
    )
  })
})

test('it starts again and again on a DynamoDB that outlives it, without a folder for its keys', {
  timeout: 3 * patience,
}, async () => {
  vi.stubEnv('DYNAMODB_ENDPOINT', '')
  const engine = await startEngine({ directory: mkdtempSync(join(directory, 'other-')), scratch: false })
  try {
    const killed = run({ DYNAMODB_ENDPOINT: engine.url })
    expect((await signIn(await ready(killed), 'priyasharma')).status).toBe(200)
    killed.child.kill('SIGKILL')
    await killed.ended
    vi.stubEnv('DYNAMODB_ENDPOINT', engine.url)
    for (const _ of ['after a kill', 'after a clean end']) {
      const stack = await startStack({ ...optionsGiven(0), seed: true })
      expect((await signIn(stack.url, 'priyasharma')).status).toBe(200)
      await stack.close()
    }
  } finally {
    vi.unstubAllEnvs()
    await engine.close()
  }
})
