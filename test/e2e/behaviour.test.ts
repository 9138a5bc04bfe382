import { devices } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { catalogue as ar } from '../../web/texts/ar.ts'
import { catalogue as hi } from '../../web/texts/hi.ts'
import { fixture } from './support/fixture.ts'
import {
  askByEmail,
  askByPhone,
  askForPin,
  breachedPassword,
  choosePassword,
  choosePin,
  freshPassword,
  proveByEmail,
} from './support/people.ts'
import { newNumber } from './support/reach.ts'
import { kept, type Visit } from './support/visit.ts'

const given = fixture()

const focused = ({ page }: Visit) => page.evaluate("document.activeElement.getAttribute('name')")
const boxes = ({ page }: Visit) =>
  page.evaluate("[...document.querySelectorAll('.boxes input')].map(({ value }) => value).join('')")

const paste = ({ page }: Visit, name: string, text: string) =>
  page.evaluate(`{
    const data = new DataTransfer()
    data.setData('text', ${JSON.stringify(text)})
    const event = new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })
    document.querySelector('input[name=${name}]').dispatchEvent(event)
  }`)

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
    ['after another number', (code: string) => `Latchkey 2026: code ${code}`],
    ['in halves after another number', (code: string) => `Bank 24/7: ${code.slice(0, 3)} ${code.slice(3)}`],
    [
      'in Devanagari digits',
      (code: string) => code.replace(/\d/g, (d) => String.fromCharCode(0x966 + Number(d))),
    ],
    [
      'in Arabic digits',
      (code: string) => code.replace(/\d/g, (d) => String.fromCharCode(0x660 + Number(d))),
    ],
  ])('a whole code is pasted %s, in any box, and sent', async (_, write) => {
    const visit = await given.visit()
    const { email } = await given.world.identity()
    await askByEmail(visit, email)
    await paste(visit, 'code-3', write(await given.world.lastCode(email)))
    await visit.at(visit.texts.auth.resetPassword)
  })

  test('what holds no code, or more than one, fills nothing and says so', async () => {
    const visit = await given.visit()
    await askByEmail(visit, 'someone@example.com')
    await paste(visit, 'code-1', 'Order 20261127, branch 4711')
    await visit.sees(visit.texts.code.incomplete)
    expect(await boxes(visit)).toBe('')
  })

  test('a digit that a keyboard still puts together stays where it is until it is done', async () => {
    const visit = await given.visit()
    await askByEmail(visit, 'someone@example.com')
    const session = await visit.context.newCDPSession(visit.page)
    await session.send('Input.imeSetComposition', { text: '１', selectionStart: 1, selectionEnd: 1 })
    expect(await focused(visit)).toBe('code-1')
    await session.send('Input.insertText', { text: '１' })
    expect(await boxes(visit)).toBe('1')
    expect(await focused(visit)).toBe('code-2')
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
  await visit.page.locator('input[name=email]:focus').waitFor()
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

describe('what is wrong', () => {
  const wrong = ({ page }: Visit) =>
    page.evaluate(
      "[...document.querySelectorAll('[aria-invalid=true], .error:not(:empty), .problem:not(:empty)')].map((each) => each.name ?? each.className)",
    )

  test.each([
    ['/sign-in', 2, { identifier: 'priya@example.com', password: 'secret' }],
    ['/forgot-password', 1, { email: 'priya@example.com' }],
    ['/forgot-password/phone', 1, { identifier: 'priyasharma' }],
    ['/reset-pin', 1, { phone: '+201001234567' }],
  ])('%s: an error goes as soon as its field is good, and not before', async (path, count, values) => {
    const visit = await given.visit()
    await visit.open(path)
    await visit.page.locator('[type=submit]').click()
    expect(await wrong(visit)).toHaveLength(2 * count)
    expect(await visit.page.title()).toMatch(/^Error: /)
    const fields = Object.entries(values)
    for (const [index, [name, value]] of fields.entries()) {
      await visit.page.locator(`input[name=${name}]`).pressSequentially(value)
      expect(await wrong(visit)).toHaveLength(2 * (fields.length - index - 1))
    }
    await expect.poll(() => visit.page.title()).not.toMatch(/Error/)
  })

  test('a new PIN, and one typed twice, is good as soon as both are', async () => {
    const visit = await given.visit()
    const { pin } = visit.texts
    await askForPin(visit, newNumber())
    await visit.typeCode('482913')
    await choosePin(visit, '123456', pin.reset)
    await visit.type(pin.confirmPin, '730418')
    await visit.press(pin.reset)
    expect(await wrong(visit)).toHaveLength(4)
    // Mended in the first field alone.
    await visit.type(pin.newPin, '730418')
    expect(await wrong(visit)).toEqual([])
  })

  test('what the service refused goes with the refused password', async () => {
    const visit = await given.visit()
    const { email } = await given.world.identity()
    await proveByEmail(visit, email)
    await choosePassword(visit, breachedPassword)
    await visit.sees(visit.errors.PASSWORD_BREACHED[0])
    // It stands while only the other field changes.
    await visit.type(visit.texts.auth.confirmPassword, freshPassword)
    expect(await wrong(visit)).toContain('newPassword')
    await visit.type(visit.texts.auth.newPassword, freshPassword)
    expect(await wrong(visit)).toEqual([])
  })
})

test('a PIN is taken as it is pasted, whatever parts its digits', async () => {
  const visit = await given.visit()
  const { pin } = visit.texts
  await askForPin(visit, newNumber())
  await visit.typeCode('482913')
  await visit.type(pin.newPin, '730 418')
  await visit.type(pin.confirmPin, '७३०-४१८')
  await visit.page.locator('.requirements li.met').nth(2).waitFor()
  const sent = visit.page.waitForRequest(/api\/pin\/reset$/)
  await visit.press(pin.reset)
  expect((await sent).postDataJSON().newPin).toBe('730418')
})

test('a page opens in its first field where there is a mouse, and a phone’s keyboard stays down', async () => {
  const visit = await given.visit()
  await visit.open('/sign-in')
  await visit.page.locator('input[name=identifier]:focus').waitFor()
  const context = await visit.context.browser()?.newContext({ ...devices['Pixel 7'] })
  const page = await context?.newPage()
  await page?.goto(`${given.world.url}/sign-in`)
  await page?.locator('input[name=identifier]').waitFor()
  expect(await page?.evaluate('document.activeElement === document.body')).toBe(true)
  await context?.close()
})

test('with colours of the reader’s own the present step and the strength are still marked', async () => {
  const visit = await given.visit()
  await visit.page.emulateMedia({ forcedColors: 'active' })
  const { email } = await given.world.identity()
  await proveByEmail(visit, email)
  await visit.type(visit.texts.auth.newPassword, freshPassword)
  await visit.page.locator('.strength[data-level="4"]').waitFor()
  const ground = (selector: string) =>
    visit.page.evaluate(`getComputedStyle(document.querySelector('${selector}')).backgroundColor`)
  const card = await ground('.card')
  for (const marked of ['.progress .current .mark', '.bar span', '.met .tick'])
    expect([marked, await ground(marked)]).not.toEqual([marked, card])
})

test('a language that is not there is named, in one that is', async () => {
  const visit = await given.visit()
  await visit.open('/sign-in?lang=fr')
  await visit.sees('These pages are not available in French yet.')
  expect(await visit.page.evaluate('document.documentElement.lang')).toBe('en')
  expect(new URL(visit.page.url()).search).toBe('')
  await visit.page.getByLabel(visit.texts.common.language).selectOption('hi')
  await visit.at(hi.texts.signIn.title)
  expect(await visit.page.getByText('French').count()).toBe(0)
  await visit.open('/sign-in?lang=hi')
  await visit.at(hi.texts.signIn.title)
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
