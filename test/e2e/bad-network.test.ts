/** An impatient person on a bad network: nothing typed is lost, nothing is sent twice, and the page says when to come back. */
import { describe, expect, test } from 'vitest'
import { catalogue as ar } from '../../web/texts/ar.ts'
import { catalogue as hi } from '../../web/texts/hi.ts'
import { findings } from './support/axe.ts'
import { fixture, visitors } from './support/fixture.ts'
import {
  askByEmail,
  askForPin,
  choosePassword,
  choosePin,
  freshPassword,
  pinHolder,
  proveByEmail,
  toVerifyPin,
  verifyPin,
} from './support/people.ts'
import { loseReply, otherThan, type Visit } from './support/visit.ts'

const given = fixture()

const boxes = ({ page }: Visit) =>
  page.evaluate("[...document.querySelectorAll('.boxes input')].map(({ value }) => value).join('')")
const shown = ({ page }: Visit, name: string) => page.locator(`input[name=${name}]`).inputValue()

/** The next call of a path is refused without reaching the service. */
const refuse = ({ page }: Visit, path: RegExp, error: { code: string; retryAfterSeconds?: number }) =>
  page.route(
    path,
    (route) =>
      route.fulfill({
        status: 429,
        json: { success: false, error: { message: '', ...error }, requestId: 'r' },
      }),
    { times: 1 },
  )

describe.each(visitors)('$catalogue.locale, $size.width px', (visitor) => {
  test('a code typed offline stays in its boxes, and is sent once back', async () => {
    const visit = await given.visit(visitor)
    const { auth } = visit.texts
    const { email } = await given.world.identity()
    await askByEmail(visit, email)
    const code = await given.world.lastCode(email)
    await visit.context.setOffline(true)
    await visit.typeCode(code)
    await visit.sees(visit.errors.OFFLINE[0])
    expect(await boxes(visit)).toBe(code)
    await visit.context.setOffline(false)
    await visit.press(auth.verifyOTP)
    await visit.at(auth.resetPassword)
  })

  test('a new password is kept through a limit, and goes through when its time is over', async () => {
    const visit = await given.visit(visitor)
    const { auth, common } = visit.texts
    const { email } = await given.world.identity()
    await visit.page.clock.install()
    await proveByEmail(visit, email)
    const error = { code: 'RATE_LIMITED', message: '', retryAfterSeconds: 20 }
    await visit.page.route(
      /reset-password$/,
      (route) => route.fulfill({ status: 429, json: { success: false, error, requestId: 'r' } }),
      { times: 1 },
    )
    await choosePassword(visit, freshPassword)
    await visit.sees(common.waitBefore)
    const submit = visit.page.locator('button[type=submit]')
    expect(await submit.getAttribute('aria-disabled')).toBe('true')
    expect([await shown(visit, 'newPassword'), await shown(visit, 'confirmPassword')]).toEqual([
      freshPassword,
      freshPassword,
    ])
    await visit.page.clock.fastForward(21_000)
    expect(await submit.getAttribute('aria-disabled')).toBeNull()
    await visit.press(auth.resetPassword)
    await visit.at(auth.passwordResetSuccess)
  })

  test('code and PIN typed offline are both kept', async () => {
    const visit = await given.visit(visitor)
    const { pin } = visit.texts
    const { phone } = await pinHolder(given.world, '284917')
    await askForPin(visit, phone)
    const code = await given.world.lastCode(phone)
    await visit.context.setOffline(true)
    await visit.typeCode(code)
    await choosePin(visit, '730418', pin.reset)
    await visit.sees(visit.errors.OFFLINE[0])
    expect([await boxes(visit), await shown(visit, 'newPin')]).toEqual([code, '730418'])
    await visit.context.setOffline(false)
    await visit.press(pin.reset)
    await visit.at(pin.resetDone)
  })

  test('a new code that could not be asked for may be asked for again at once', async () => {
    const visit = await given.visit(visitor)
    const { auth, code } = visit.texts
    const { email } = await given.world.identity()
    await visit.page.clock.install()
    await askByEmail(visit, email)
    await given.world.idle()
    await given.world.advance(61)
    await visit.page.clock.fastForward(61_000)
    await visit.context.setOffline(true)
    await visit.press(auth.resendCode)
    await visit.sees(visit.errors.OFFLINE[0])
    await visit.context.setOffline(false)
    await visit.press(auth.resendCode)
    await visit.page.locator('input[name=code-1]:focus').waitFor()
    expect(await visit.page.locator('[role=alert]').allInnerTexts()).not.toContain(code.noTries)
    await visit.typeCode(await given.world.lastCode(email))
    await visit.at(auth.resetPassword)
  })
})

describe.each(visitors)('$catalogue.locale, $size.width px: a lost reply', (visitor) => {
  test('tries are no longer counted after a code whose judgement was lost', async () => {
    const visit = await given.visit(visitor)
    const { email } = await given.world.identity()
    await askByEmail(visit, email)
    const code = await given.world.lastCode(email)
    const tries = visit.page.locator('.tries')
    await visit.typeCode(otherThan(code))
    await visit.sees(visit.errors.OTP_INVALID[0])
    expect(await tries.innerText()).not.toBe('')
    await loseReply(visit)
    await visit.typeCode(otherThan(code))
    await visit.sees(visit.errors.OFFLINE[0])
    expect(await tries.innerText()).toBe('')
    await visit.press(visit.texts.auth.verifyOTP)
    await visit.sees(visit.errors.OTP_INVALID[0])
    expect(await tries.innerText()).toBe('')
  })

  test('a PIN that may have been reset is said to be, and works', async () => {
    const visit = await given.visit(visitor)
    const { account, pin, signIn } = visit.texts
    const identity = await pinHolder(given.world, '284917')
    await askForPin(visit, identity.phone)
    await visit.typeCode(await given.world.lastCode(identity.phone))
    await loseReply(visit)
    await choosePin(visit, '730418', pin.reset)
    await visit.sees(visit.errors.OFFLINE[0])
    await visit.press(pin.reset)
    await visit.sees(pin.maybeReset)
    await visit.press(signIn.title)
    await visit.at(signIn.title)
    await visit.signIn(identity)
    await toVerifyPin(visit, identity.phone)
    await verifyPin(visit, '730418')
    await visit.sees(account.pinRight)
  })

  test('a password that may have been changed is said to be, and works', async () => {
    const visit = await given.visit(visitor)
    const { account, auth, password, signIn } = visit.texts
    const identity = await given.world.identity()
    await visit.signIn(identity)
    await visit.follow(account.changePassword)
    await visit.type(password.current, identity.password)
    await visit.type(auth.newPassword, freshPassword)
    await visit.type(auth.confirmPassword, freshPassword)
    await loseReply(visit)
    await visit.press(password.change)
    await visit.sees(visit.errors.OFFLINE[0])
    await visit.press(password.change)
    await visit.sees(password.maybeChanged)
    await visit.press(signIn.title)
    await visit.at(signIn.title)
    await visit.signIn({ email: identity.email, password: freshPassword })
    await visit.at(account.title)
  })
})

describe.each(visitors)('$catalogue.locale, $size.width px: a problem is in view', (visitor) => {
  /** Where the first alert with a text is. */
  const place = async ({ page }: Visit) => {
    const alert = page.locator('.problem:not(:empty)')
    await alert.waitFor()
    const box = await alert.boundingBox()
    return { top: box?.y ?? -1, bottom: (box?.y ?? 0) + (box?.height ?? Number.POSITIVE_INFINITY) }
  }
  const expectInView = async (visit: Visit) => {
    const { top, bottom } = await place(visit)
    expect(Math.round(top)).toBeGreaterThanOrEqual(0)
    expect(Math.round(bottom)).toBeLessThanOrEqual(visitor.size.height)
  }

  test('that of a long form, above the button that was pressed', async () => {
    const visit = await given.visit(visitor)
    const { pin } = visit.texts
    await askForPin(visit, '+201000000017')
    await visit.typeCode('482913')
    await visit.context.setOffline(true)
    await choosePin(visit, '730418', pin.reset)
    await expectInView(visit)
  })

  test('that of signing out, beside its buttons', async () => {
    const visit = await given.visit(visitor)
    const { account } = visit.texts
    await visit.signIn(await given.world.identity())
    await visit.sees(account.devices)
    await visit.context.setOffline(true)
    const signOut = visit.page.getByRole('button', { name: account.signOut, exact: true })
    await signOut.click()
    await expectInView(visit)
    const { bottom } = await place(visit)
    expect(Math.abs(((await signOut.boundingBox())?.y ?? 0) - bottom)).toBeLessThan(100)
  })
})

describe.each(visitors)('$catalogue.locale, $size.width px: a way to a new code that is shut', (visitor) => {
  test.each([
    ['RATE_LIMITED', 754],
    ['RESEND_TOO_SOON', 20],
  ] as const)('%s for %i s: the code in hand works meanwhile', async (code, retryAfterSeconds) => {
    const visit = await given.visit(visitor)
    const { auth, common } = visit.texts
    const { email } = await given.world.identity()
    await visit.page.clock.install()
    await askByEmail(visit, email)
    await visit.page.clock.fastForward(61_000)
    await refuse(visit, /resend-/, { code, retryAfterSeconds })
    await visit.press(auth.resendCode)
    await visit.sees(visit.errors[code][0])
    await visit.sees(retryAfterSeconds > 99 ? common.waitBefore : auth.resendWait)
    await visit.typeCode(await given.world.lastCode(email))
    await visit.at(auth.resetPassword)
  })

  test('a refusal is no longer said when its time is over', async () => {
    const visit = await given.visit(visitor)
    const { auth } = visit.texts
    await visit.page.clock.install()
    await askByEmail(visit, 'someone@example.com')
    await visit.page.clock.fastForward(61_000)
    await refuse(visit, /resend-/, { code: 'RATE_LIMITED', retryAfterSeconds: 120 })
    await visit.press(auth.resendCode)
    await visit.sees(visit.errors.RATE_LIMITED[0])
    await visit.page.clock.fastForward(121_000)
    await visit.page.locator('.panel button:not([aria-disabled])').waitFor()
    expect((await visit.page.locator('[role=alert], .wait').allInnerTexts()).join('')).toBe('')
  })

  test('a pause of a day is said with its time, not as a code that can be asked for', async () => {
    const visit = await given.visit(visitor)
    await askByEmail(visit, 'someone@example.com')
    await refuse(visit, /verify-/, { code: 'TRIES_EXHAUSTED', retryAfterSeconds: 86_000 })
    await visit.typeCode('123456')
    await visit.sees(visit.errors.TRIES_EXHAUSTED.join(' '))
    const until = await visit.page.locator('.panel .wait:not(:empty)').innerText()
    expect(until, 'a time of day').toMatch(/\d{1,2}:\d\d/)
    expect(until, 'nobody counts a day down').not.toMatch(/\d:\d\d:\d\d/)
    expect(await visit.page.locator('main').innerText()).not.toContain(visit.texts.code.noTries)
  })
})

test('a service that never answers is given up after 15 seconds, and asked again with what was typed', async () => {
  const visit = await given.visit()
  const { auth, forgot } = visit.texts
  const { email } = await given.world.identity()
  await visit.page.route(/request-password-reset/, () => {}, { times: 1 })
  await visit.open('/forgot-password')
  await visit.type(forgot.identifier, email)
  await visit.press(auth.sendResetLink)
  await visit.sees(visit.errors.TIMED_OUT[0])
  expect(await shown(visit, 'email')).toBe(email)
  await visit.press(auth.sendResetLink)
  await visit.at(auth.verifyOTP)
})

test('an answer that comes after one has gone on moves nothing', async () => {
  const visit = await given.visit()
  const { auth, forgot, signIn } = visit.texts
  let answer = () => {}
  const held = new Promise<void>((resolve) => {
    answer = resolve
  })
  await visit.page.route(/request-password-reset/, async (route) => {
    await held
    await route.continue()
  })
  await visit.open('/forgot-password')
  await visit.type(forgot.identifier, 'someone@example.com')
  await visit.press(auth.sendResetLink)
  await visit.sees(visit.texts.common.sending)
  await visit.follow(signIn.title)
  await visit.at(signIn.title)
  const answered = visit.page.waitForResponse(/request-password-reset/)
  answer()
  await answered
  await visit.at(signIn.title)
  expect(new URL(visit.page.url()).pathname).toBe('/sign-in')
})

test('digits of an Arabic keyboard do everywhere: phone, code and PIN', async () => {
  const visit = await given.visit(visitors[1])
  const { pin } = visit.texts
  const arabic = (text: string) => text.replace(/\d/g, (digit) => String.fromCharCode(0x660 + Number(digit)))
  const { phone } = await pinHolder(given.world, '284917')
  await askForPin(visit, arabic(phone))
  await visit.typeCode(arabic(await given.world.lastCode(phone)))
  await choosePin(visit, arabic('730418'), pin.reset)
  await visit.at(pin.resetDone)
})

describe('before the script', () => {
  const late = ({ page }: Visit) => page.locator('.late').isVisible()

  test.each([
    ['the script', /assets\/app-/],
    ['its language', /assets\/texts-/],
  ])(
    'where %s does not come, the page says that it is loading, and then that it did not',
    async (_, path) => {
      const visit = await given.visit()
      const { common } = visit.texts
      await visit.page.route(path, (route) => route.abort())
      await visit.page.goto(`${given.world.url}/sign-in`)
      await visit.at('Latchkey')
      await visit.page.getByText(common.notLoaded).waitFor({ state: 'attached' })
      if (path.test('assets/app-')) {
        await visit.sees(common.loading)
        expect(await late(visit)).toBe(false)
        await visit.page.evaluate(
          "document.getAnimations().filter(({ animationName }) => animationName === 'late').forEach((each) => each.finish())",
        )
      }
      await visit.sees(common.notLoaded)
      expect(await findings(visit)).toEqual([])
      // A language that does not come is an error of the script.
      visit.complaints.length = 0
    },
  )

  test('where no script runs, the page says that it needs one, and nothing of loading', async () => {
    const visit = await given.visit()
    const context = await visit.context.browser()?.newContext({ javaScriptEnabled: false })
    const page = await context?.newPage()
    await page?.goto(`${given.world.url}/sign-in`)
    const said = page?.locator('noscript p:visible')
    expect(await said?.allTextContents()).toEqual(
      [visit.catalogue, ar, hi].map(({ texts }) => texts.common.needsScript),
    )
    expect(await page?.getByText(visit.texts.common.loading).isVisible()).toBe(false)
    await context?.close()
  })

  test('a language that does not come leaves the page as it is, and says so', async () => {
    const visit = await given.visit()
    const { signIn, common } = visit.texts
    await visit.open('/sign-in')
    await visit.type(signIn.identifier, 'priya@example.com')
    await visit.page.route(/texts-ar/, (route) => route.abort(), { times: 1 })
    const choice = visit.page.getByLabel(common.language)
    await choice.selectOption('ar')
    await visit.sees(visit.errors.OFFLINE[0])
    expect(await choice.inputValue()).toBe('en')
    expect(await visit.page.getByLabel(signIn.identifier).inputValue()).toBe('priya@example.com')
    await choice.selectOption('hi')
    await visit.at(hi.texts.signIn.title)
  })
})
