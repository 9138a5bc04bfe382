/** Our own sign-in page in a browser, against a Latchkey of these tests' own. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, beforeEach, test } from 'node:test'
import { newAddress, sourceHeader, startLatchkey, type TestStack } from 'latchkey/testing'
import { type Browser, chromium, type Page } from 'playwright-core'

let latchkey: TestStack
let browser: Browser
let page: Page

/** The product under test: one page, which is told where Latchkey is. */
const product = createServer(async (_, response) => {
  const html = await readFile(new URL('sign-in.html', import.meta.url), 'utf8')
  response.setHeader('Content-Type', 'text/html; charset=utf-8')
  response.end(html.replace('LATCHKEY_ORIGIN', latchkey.url))
})
const origin = () => `http://127.0.0.1:${(product.address() as AddressInfo).port}`

before(async () => {
  product.listen(0, '127.0.0.1')
  await once(product, 'listening')
  latchkey = await startLatchkey({ settings: { ALLOWED_ORIGINS: origin() } })
  browser = await chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium' })
})

after(async () => {
  await browser?.close()
  await latchkey?.stop()
  product.close()
})

beforeEach(async () => {
  await latchkey.reset()
  // From an address of its own: who shares one shares its limits.
  page = await browser.newPage({ extraHTTPHeaders: { [sourceHeader]: newAddress() } })
  await page.goto(origin())
})

async function signIn(email: string | null, password: string): Promise<void> {
  await page.getByLabel('Email').fill(email ?? '')
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

const status = (text: string) => page.getByRole('status').filter({ hasText: text }).waitFor()

test('a password is enough for who has no second factor', async () => {
  const person = await latchkey.person()
  await signIn(person.email, person.password)
  await status(`Welcome, ${person.userId}`)
})

test('with a second factor the code that came by SMS is asked for', async () => {
  const person = await latchkey.person({ mfaEnabled: true })
  await signIn(person.email, person.password)
  await page.getByLabel('Code').fill(await latchkey.code(person.phone ?? ''))
  await page.getByRole('button', { name: 'Go on' }).click()
  await status(`Welcome, ${person.userId}`)
})

test('a session ends at once when the password is reset', async () => {
  const { email, token } = await latchkey.signedIn()
  const client = latchkey.client()
  const body = { email: email ?? '' }
  await client.call('forgotPassword', { body })
  const otp = await latchkey.code(body.email)
  await client.call('resetPasswordBasic', { body: { ...body, otp, newPassword: 'Another-lantern-77' } })
  const session = await client.call('getSession', { token })
  assert.equal(session.ok ? 'alive' : session.code, 'SESSION_INVALID')
})

test('a wrong password is told', async () => {
  const { email } = await latchkey.person()
  await signIn(email, 'not-the-one')
  await status('The sign-in details are not right.')
})
