import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { applyEnvironment } from '#local/environment.ts'
import { checkBreached } from '#shared/crypto/breach.ts'
import { useSettings } from '#test/support/environment.ts'

type Reply = (response: ServerResponse) => void

const hash = createHash('sha1').update('Password123!').digest('hex').toUpperCase()
const suffix = hash.slice(5)
const padding = `${'0'.repeat(35)}:0`

useSettings()

let reply: Reply
let restore: () => void
let requests: IncomingMessage[] = []
const server = createServer((request, response) => {
  requests.push(request)
  reply(response)
})
const list =
  (...rows: string[]): Reply =>
  (response) =>
    response.end(rows.join('\r\n'))

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const HIBP_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  restore = applyEnvironment({ HIBP_URL, HIBP_TIMEOUT_MS: '30000' })
})
beforeEach(() => {
  requests = []
})
afterAll(() => {
  restore()
  server.closeAllConnections()
  server.close()
})

test('a listed password is breached, and only five digits of its hash are sent, asking for padding', async () => {
  reply = list(padding, `${suffix}:7`, `${'F'.repeat(35)}:1`)
  expect(await checkBreached('Password123!')).toBe('breached')
  expect(requests.map(({ url, method }) => [method, url])).toEqual([['GET', `/range/${hash.slice(0, 5)}`]])
  expect(requests[0]?.headers['add-padding']).toBe('true')
  expect(JSON.stringify(requests[0]?.rawHeaders)).not.toContain(suffix)
})

test.each([
  ['not listed', list(padding, `${'F'.repeat(35)}:5`)],
  ['listed with a count of 0, as padding', list(`${suffix}:0`)],
])('a password that is %s passes', async (_, given) => {
  reply = given
  expect(await checkBreached('Password123!')).toBe('passed')
})

test('the letter case of the list does not matter', async () => {
  reply = list(`${suffix.toLowerCase()}:7`)
  expect(await checkBreached('Password123!')).toBe('breached')
})

test('the password is looked up in the form that is hashed (NFKC)', async () => {
  reply = list(`${suffix}:7`)
  expect(await checkBreached('Ｐassword123!')).toBe('breached')
})

test.each<[string, Reply]>([
  ['an error', (response) => response.writeHead(500).end(`${suffix}:7`)],
  ['too many requests', (response) => response.writeHead(429).end()],
  ['a redirection', (response) => response.writeHead(302, { location: '/elsewhere' }).end()],
  ['nothing', list('')],
  ['a page of HTML', list('<html>', `${suffix}:7`)],
  ['a hang-up', (response) => response.destroy()],
  [
    'half an answer',
    (response) => {
      response.writeHead(200, { 'content-length': '1000' }).write(`${suffix}:7\r\n`, () => response.destroy())
    },
  ],
])('a service that sends %s is skipped (G14)', async (_, given) => {
  reply = given
  expect(await checkBreached('Password123!')).toBe('skipped')
  expect(requests).toHaveLength(1)
})

test('an answer that never ends is not waited for longer than is set (G14)', async () => {
  reply = (response) => void response.writeHead(200).write(`${padding}\r\n`)
  const restore = applyEnvironment({ ...process.env, HIBP_TIMEOUT_MS: '50' } as Record<string, string>)
  try {
    expect(await checkBreached('Password123!')).toBe('skipped')
  } finally {
    restore()
  }
})
