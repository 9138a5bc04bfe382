import { describe, expect, test } from 'vitest'
import { catalogue as ar } from '../../web/texts/ar.ts'
import { fixture } from './support/fixture.ts'
import { askByEmail, askByPhone, choosePassword, freshPassword, proveByEmail } from './support/people.ts'
import { kept, type Visit } from './support/visit.ts'

const given = fixture()

const focused = ({ page }: Visit) => page.evaluate("document.activeElement.getAttribute('name')")
const boxes = ({ page }: Visit) =>
  page.evaluate("[...document.querySelectorAll('.boxes input')].map(({ value }) => value).join('')")

describe('six boxes', () => {
  test('the focus moves on with digits, back with backspace and arrows', async () => {
    const visit = await given.visit()
    await askByEmail(visit, 'someone@example.com')
    expect(await focused(visit)).toBe('code-1')
    await visit.page.keyboard.type('12a3')
    expect(await boxes(visit)).toBe('123')
    expect(await focused(visit)).toBe('code-4')
    await visit.page.keyboard.press('Backspace')
    expect(await boxes(visit)).toBe('12')
    expect(await focused(visit)).toBe('code-3')
    await visit.page.keyboard.press('ArrowLeft')
    expect(await focused(visit)).toBe('code-2')
    await visit.page.keyboard.type('9')
    expect(await boxes(visit)).toBe('19')
  })

  test.each([
    ['as it is', (code: string) => code],
    ['with a space', (code: string) => `${code.slice(0, 3)} ${code.slice(3)}`],
    [
      'in Arabic digits',
      (code: string) => code.replace(/\d/g, (d) => String.fromCharCode(0x660 + Number(d))),
    ],
  ])('a whole code is pasted %s, in any box, and sent', async (_, write) => {
    const visit = await given.visit()
    const { email } = await given.world.identity()
    await askByEmail(visit, email)
    const code = write(await given.world.lastCode(email))
    await visit.page.evaluate(`{
      const data = new DataTransfer()
      data.setData('text', ${JSON.stringify(code)})
      const event = new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })
      document.querySelector('input[name=code-3]').dispatchEvent(event)
    }`)
    await visit.at(visit.texts.auth.resetPassword)
  })

  test('a code that the browser fills into the first box is spread and sent', async () => {
    const visit = await given.visit()
    const { email } = await given.world.identity()
    await askByEmail(visit, email)
    const first = visit.page.locator('input[autocomplete=one-time-code]')
    expect(await first.count()).toBe(1)
    await first.fill(await given.world.lastCode(email))
    await visit.at(visit.texts.auth.resetPassword)
  })

  test('a code by SMS is taken over from the browser', async () => {
    const visit = await given.visit()
    const { username, phone } = await given.world.identity()
    await visit.page.addInitScript(`{
      globalThis.OTPCredential = class {}
      navigator.credentials.get = ({ otp }) => new Promise((resolve) => {
        globalThis.handOver = (code) => resolve({ code, transport: otp.transport })
      })
    }`)
    await askByPhone(visit, username, phone)
    await visit.at(visit.texts.auth.verifyOTP)
    await visit.page.evaluate(`handOver(${JSON.stringify(await given.world.lastCode(phone))})`)
    await visit.at(visit.texts.auth.resetPassword)
  })
})

test('a whole recovery works with the keyboard alone', async () => {
  const visit = await given.visit()
  const { keyboard } = visit.page
  const { email } = await given.world.identity()
  await visit.open('/forgot-password')
  // Language, then the field.
  for (let count = 0; count < 2; count += 1) await keyboard.press('Tab')
  await keyboard.type(email)
  await keyboard.press('Enter')
  await visit.at(visit.texts.auth.verifyOTP)
  await keyboard.type(await given.world.lastCode(email))
  await visit.at(visit.texts.auth.resetPassword)
  await keyboard.press('Tab')
  await keyboard.type(freshPassword)
  await keyboard.press('Tab')
  await keyboard.press('Tab')
  await keyboard.type(freshPassword)
  await keyboard.press('Enter')
  await visit.at(visit.texts.auth.passwordResetSuccess)
  await keyboard.press('Tab')
  await keyboard.press('Enter')
  await visit.at(visit.texts.signIn.title)
})

test('no secret is in storage, history, address, title or console', async () => {
  const visit = await given.visit()
  const secrets: string[] = [freshPassword]
  const seen: string[] = []
  visit.page.on('console', (message) => seen.push(message.text()))
  visit.page.on('request', (request) => seen.push(request.url()))
  visit.page.on('framenavigated', (frame) => seen.push(frame.url()))
  const look = async () => {
    seen.push(JSON.stringify(await visit.page.evaluate('[history.state, location.href, document.title]')))
    expect(await kept(visit.page)).toEqual({ local: [], session: [], cookie: '', databases: [], caches: [] })
  }
  const { email, userId } = await given.world.identity()
  await proveByEmail(visit, email)
  secrets.push(await given.world.lastCode(email))
  await look()
  await choosePassword(visit, freshPassword)
  await visit.at(visit.texts.auth.passwordResetSuccess)
  await look()
  const signedIn = visit.page.waitForResponse(/auth\/login/)
  await visit.follow(visit.texts.signIn.title)
  await visit.signIn({ email, password: freshPassword })
  secrets.push((await (await signedIn).json()).data.accessToken)
  await visit.at(visit.texts.account.title)
  await look()
  const all = seen.join('\n')
  for (const secret of [...secrets, email, userId]) expect(all).not.toContain(secret)
})

test('the language changes on the spot, keeping what was typed; the address carries it on', async () => {
  const visit = await given.visit()
  const { email } = await given.world.identity()
  await askByEmail(visit, email)
  await visit.typeCode('12')
  await visit.page.getByLabel(visit.texts.common.language).selectOption('ar')
  await visit.at(ar.texts.auth.verifyOTP)
  expect(await boxes(visit)).toBe('12')
  expect(await visit.page.evaluate('[document.documentElement.lang, document.documentElement.dir]')).toEqual([
    'ar',
    'rtl',
  ])
  await visit.page.goBack()
  await visit.at(ar.texts.auth.forgotPassword)
  await visit.follow(ar.texts.signIn.title)
  expect(new URL(visit.page.url()).search).toBe('?lang=ar')
  await visit.page.reload()
  await visit.at(ar.texts.signIn.title)
})

test('offline nothing is lost, and the same form goes through once back', async () => {
  const visit = await given.visit()
  const { auth, forgot, common } = visit.texts
  const { email } = await given.world.identity()
  await visit.open('/forgot-password')
  await visit.type(forgot.identifier, email)
  await visit.context.setOffline(true)
  await visit.press(auth.sendResetLink)
  await visit.sees(visit.errors.OFFLINE[0])
  await visit.sees(common.offline)
  expect(await visit.page.getByLabel(forgot.identifier).inputValue()).toBe(email)
  await visit.context.setOffline(false)
  await visit.press(auth.sendResetLink)
  await visit.at(auth.verifyOTP)
})

test('a service that is down says when to come back, and with which reference', async () => {
  const visit = await given.visit()
  const { auth, forgot } = visit.texts
  await visit.open('/forgot-password')
  await visit.type(forgot.identifier, 'someone@example.com')
  await given.world.post('/_local/faults', { service: 'dynamodb', mode: 'fail-before', count: 100 })
  await visit.press(auth.sendResetLink)
  await visit.sees(visit.errors.UNAVAILABLE[0])
  await visit.sees('Reference for support')
  await given.world.post('/_local/faults', { service: 'dynamodb', mode: 'fail-before', count: 0 })
  await visit.page.locator('button[type=submit]:not([aria-disabled])').click()
  await visit.at(auth.verifyOTP)
})

test('a screen reader is led: title or first box has the focus, errors are tied to their fields', async () => {
  const visit = await given.visit()
  const { auth } = visit.texts
  await visit.open('/sign-in')
  await visit.follow(auth.forgotPassword)
  await visit.at(auth.forgotPassword)
  expect(await visit.page.evaluate('document.activeElement.tagName')).toBe('H1')
  await visit.press(auth.sendResetLink)
  const field = visit.page.getByLabel(visit.texts.forgot.identifier)
  expect(await field.getAttribute('aria-invalid')).toBe('true')
  expect(await focused(visit)).toBe('email')
  const described = await visit.page.evaluate(
    "document.activeElement.getAttribute('aria-describedby').split(' ').map((id) => document.getElementById(id).textContent).join(' ')",
  )
  expect(described).toContain(auth.enterEmail)
})
