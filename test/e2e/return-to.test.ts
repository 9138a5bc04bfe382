/** The way back to the product, at the end of each thing that a person came for. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { lastToken } from '#test/support/not-me.ts'
import { createWorld } from '#test/support/world.ts'
import { buildPages } from '../../web/build.ts'
import { fixture, visitors } from './support/fixture.ts'
import {
  askForPin,
  choosePassword,
  choosePin,
  confirmPhone,
  freshPassword,
  pinHolder,
  proveByEmail,
} from './support/people.ts'
import type { Visit } from './support/visit.ts'

const usual = 'https://acme.test/account'
const asked = 'https://shop.acme.test/app/orders/7?page=2'
const pages = mkdtempSync(join(tmpdir(), 'latchkey-pages-'))
const given = fixture(async () => {
  await buildPages({ out: pages, product: 'Acme', returnTo: [usual, 'https://shop.acme.test/app'] })
  return createWorld({ pages })
})
afterAll(() => rmSync(pages, { recursive: true }))

const consent = { document: 'digital-identity-agreement', version: '1' }
const asking = (address: string) => `?return=${encodeURIComponent(address)}`

/** Presses the button, and sees what the product is told: its own address, and nothing of the person. */
async function goBack(visit: Visit): Promise<string> {
  const told = visit.page.waitForRequest(/^https:\/\/(\w+\.)?acme\.test\//)
  await visit.context.route(/^https:\/\/(\w+\.)?acme\.test\//, (route) =>
    route.fulfill({ body: 'the product' }),
  )
  await visit.page.getByRole('link', { name: /Acme/ }).click()
  const request = await told
  expect(request.headers()['referer']).toBeUndefined()
  await visit.page.getByText('the product').waitFor()
  return request.url()
}

async function resetByEmail(visit: Visit, query: string): Promise<void> {
  const { email } = await visit.world.identity()
  await proveByEmail(visit, email, query)
  await choosePassword(visit, freshPassword)
  await visit.at(visit.texts.auth.passwordResetSuccess)
}

test.each(visitors)(
  'a reset ends with a button that leads where the address asked ($catalogue.name)',
  async (visitor) => {
    const visit = await given.visit(visitor)
    await resetByEmail(visit, asking(asked))
    expect(await goBack(visit)).toBe(asked)
  },
)

test.each([
  ['nothing', ''],
  ['an address that is not listed', asking('https://evil.test/app')],
  ['a script', asking('javascript:alert(1)')],
  ['a way out of the prefix', asking('https://shop.acme.test/app/../admin')],
])('asked for %s, it leads to the first of the list', async (_, query) => {
  const visit = await given.visit()
  await visit.open(`/sign-in${query}`)
  await visit.signIn(await visit.world.identity())
  await visit.at(visit.texts.account.title)
  expect(visit.page.url()).not.toMatch(/return|evil|script|admin/)
  expect(await goBack(visit)).toBe(usual)
})

test('a sign-in ends with it, in any language, and no session is in an address', async () => {
  const visit = await given.visit()
  await visit.open(`/sign-in${asking(asked)}`)
  await visit.page.getByRole('combobox').selectOption('ar')
  await visit.page.getByRole('combobox').selectOption('en')
  await visit.signIn(await visit.world.identity())
  await visit.at(visit.texts.account.title)
  expect(visit.page.url()).toBe(`${given.world.url}/account?lang=en&return=${encodeURIComponent(asked)}`)
  // A reload signs out, and forgets nothing of the way back.
  await visit.page.reload()
  await visit.at(visit.texts.signIn.title)
  await visit.signIn(await visit.world.identity())
  await visit.at(visit.texts.account.title)
  expect(await goBack(visit)).toBe(asked)
})

test('whoever disowned a change is led back, too', async () => {
  const visit = await given.visit()
  const { email } = await visit.world.identity()
  await visit.world.post('/auth/request-password-reset', { email })
  const otp = await visit.world.lastCode(email)
  await visit.world.post('/auth/reset-password', { email, otp, newPassword: freshPassword })
  await visit.open(`/not-me#${await lastToken(visit.world, email)}`)
  await visit.press(visit.texts.notMe.submit)
  await visit.at(visit.texts.notMe.doneTitle)
  expect(await goBack(visit)).toBe(usual)
})

test('the first PIN and a reset of it end with it', async () => {
  const visit = await given.visit()
  const { phone, email, password } = await visit.world.identity({ consent })
  await visit.open(`/set-pin${asking(asked)}`)
  await visit.at(visit.texts.signIn.title)
  await visit.signIn({ email, password })
  await confirmPhone(visit, phone)
  await visit.page.getByLabel(visit.texts.pin.newPin, { exact: true }).waitFor()
  await choosePin(visit, '730418', visit.texts.pin.set)
  await visit.at(visit.texts.pin.setDone)
  expect(await goBack(visit)).toBe(asked)
  const holder = await pinHolder(visit.world, '284917')
  await askForPin(visit, holder.phone)
  await visit.typeCode(await visit.world.lastCode(holder.phone))
  await choosePin(visit, '730418', visit.texts.pin.reset)
  await visit.at(visit.texts.pin.resetDone)
  expect(await goBack(visit)).toBe(usual)
})
