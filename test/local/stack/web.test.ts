import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { webResponse } from '#local/pages/web.ts'

const root = mkdtempSync(join(tmpdir(), 'web-test-'))
const pages = join(root, 'dist')
mkdirSync(join(pages, 'reset'), { recursive: true })
writeFileSync(join(root, 'secret.json'), '{}')
writeFileSync(join(pages, 'index.html'), 'start')
writeFileSync(join(pages, 'forgot.html'), 'forgot')
writeFileSync(join(pages, 'reset', 'index.html'), 'reset')
writeFileSync(join(pages, 'app.js'), 'app')
mkdirSync(join(pages, 'assets'))
writeFileSync(join(pages, 'assets', 'app-AB12CD34.js'), 'versioned')
writeFileSync(join(pages, '.env.json'), 'hidden')
writeFileSync(join(pages, 'notes.txt.bak'), 'no page')
afterAll(() => rmSync(root, { recursive: true }))

const ask = (target: string, method = 'GET', directory = pages) =>
  webResponse(directory, { method, target, headers: [], body: Buffer.of(), sourceIp: '::1' })

test.each([
  ['/', 'start', 'text/html; charset=utf-8'],
  ['/?x=1', 'start', 'text/html; charset=utf-8'],
  ['/forgot', 'forgot', 'text/html; charset=utf-8'],
  ['/reset', 'reset', 'text/html; charset=utf-8'],
  ['/reset/', 'reset', 'text/html; charset=utf-8'],
  ['/app.js', 'app', 'text/javascript; charset=utf-8'],
])('%s is served with its type, a policy and nosniff', async (target, content, type) => {
  const response = await ask(target)
  expect(String(response?.body)).toBe(content)
  expect(response?.headers).toMatchObject({
    'Content-Type': type,
    'X-Content-Type-Options': 'nosniff',
    'Content-Security-Policy': expect.stringContaining("default-src 'none'; script-src 'self'"),
  })
})

test('password managers are led to the page for changing a password', async () => {
  expect(await ask('/.well-known/change-password')).toMatchObject({
    status: 302,
    headers: { Location: '/change-password' },
  })
  expect(await ask('/.well-known/change-password', 'POST')).toBeUndefined()
})

test('security.txt is served as plain text where there is one', async () => {
  expect(await ask('/.well-known/security.txt')).toBeUndefined()
  mkdirSync(join(pages, '.well-known'))
  writeFileSync(join(pages, '.well-known', 'security.txt'), 'Contact: mailto:a@b.test')
  const response = await ask('/.well-known/security.txt')
  expect(String(response?.body)).toBe('Contact: mailto:a@b.test')
  expect(response?.headers).toMatchObject({ 'Content-Type': 'text/plain; charset=utf-8' })
})

test.each([
  '/../secret.json',
  '/%2e%2e/secret.json',
  '/..%2fsecret.json',
  '/.env.json',
  '/notes.txt.bak',
  '/a/../../secret.json',
  '/reset\\..\\..\\secret.json',
  '/nothing',
  // No file may have so long a name, which the system says in a way of its own.
  `/${'y'.repeat(3000)}`,
])('%s is not served', async (target) => {
  expect(await ask(target)).toBeUndefined()
})

test('a browser at an address that is nobody’s gets the page that says so; a client, and a route, the API’s answer', async () => {
  const browse = (target: string) =>
    webResponse(pages, {
      method: 'GET',
      target,
      headers: [['Accept', 'text/html,application/xhtml+xml,*/*;q=0.8']],
      body: Buffer.of(),
      sourceIp: '::1',
    })
  expect(await browse('/nothing')).toBeUndefined()
  writeFileSync(join(pages, '404.html'), 'no page')
  for (const target of ['/nothing', '/nothing.php?x=1', '/%2e%2e/secret.json', '/.env.json']) {
    const response = await browse(target)
    expect([target, response?.status, String(response?.body)]).toEqual([target, 404, 'no page'])
  }
  const ofApi = [
    '/health',
    '/api/auth/session',
    '/auth/reset-password',
    '/api/nothing',
    '/admin/identities/%zz/state',
  ]
  for (const target of ofApi) expect([target, await browse(target)]).toEqual([target, undefined])
  expect(await ask('/nothing')).toBeUndefined()
})

test('a file with its version in the name is kept for good, all else is asked for again', async () => {
  const cachingOf = async (target: string) => (await ask(target))?.headers['Cache-Control']
  expect(await cachingOf('/assets/app-AB12CD34.js')).toBe('public, max-age=31536000, immutable')
  expect(await cachingOf('/')).toBe('no-cache')
  expect(await cachingOf('/app.js')).toBe('no-cache')
})

test('only GET and HEAD reach the pages', async () => {
  expect(await ask('/', 'POST')).toBeUndefined()
  expect((await ask('/', 'HEAD'))?.status).toBe(200)
})

test('where no pages are built, the start page leads to the inbox', async () => {
  const response = await ask('/', 'GET', join(root, 'none'))
  expect(response?.status).toBe(302)
  expect(response?.headers['Location']).toBe('/_local')
})
