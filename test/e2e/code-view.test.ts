/** What the view of a code says and offers, as the code goes from fresh to good for nothing. */
import { expect, test } from 'vitest'
import { fixture, visitors } from './support/fixture.ts'
import { askByEmail, askByPhone, askForPin } from './support/people.ts'
import { alert, fail, newAddress, newNumber } from './support/reach.ts'
import type { Visit } from './support/visit.ts'

const given = fixture()

/** What stands out: the one thing to do next. */
const primary = async ({ page }: Visit) =>
  (await page.locator('.card .main:visible').allInnerTexts()).map((text) => text.trim())

/** What a screen reader says of the box that has the focus, beside its name. */
const heard = ({ page }: Visit) =>
  page.evaluate(() =>
    (document.activeElement?.getAttribute('aria-describedby') ?? '')
      .split(' ')
      .map((id) => document.getElementById(id)?.textContent)
      .join(' '),
  )

test.each(visitors)(
  '$catalogue.locale: while a code can be right it is to be typed, and an expired one is to be asked for anew',
  async (visitor) => {
    const visit = await given.visit(visitor)
    const { auth, code } = visit.texts
    await visit.page.clock.install()
    await askByEmail(visit, newAddress())
    const neutral = visit.page.getByText(auth.resetEmailSent, { exact: true })
    expect(await neutral.isVisible()).toBe(true)
    expect(await primary(visit)).toEqual([auth.verifyOTP])
    await given.world.advance(301)
    await visit.page.clock.fastForward(301_000)
    await visit.sees(code.askNew)
    expect(await neutral.isVisible()).toBe(false)
    expect(await primary(visit)).toEqual([auth.resendCode])
    await visit.press(auth.resendCode)
    await neutral.waitFor()
    expect(await primary(visit)).toEqual([auth.verifyOTP])
  },
)

test('a PIN is not to be sent with an expired code, nor a sign-in confirmed by one', async () => {
  const visit = await given.visit()
  const { auth, pin, signIn } = visit.texts
  await visit.page.clock.install()
  await askForPin(visit, newNumber())
  expect(await primary(visit)).toEqual([pin.reset])
  await visit.page.clock.fastForward(301_000)
  await visit.sees(auth.codeExpired)
  expect(await primary(visit)).toEqual([auth.resendCode])
  expect(await visit.page.locator('.notice').isVisible()).toBe(false)
  await visit.signIn(await given.world.identity({ mfaEnabled: true }))
  await visit.at(signIn.mfaTitle)
  expect(await primary(visit)).toEqual([auth.verifyOTP])
  await visit.page.clock.fastForward(301_000)
  await visit.sees(auth.codeExpired)
  expect(await primary(visit)).toEqual([signIn.newCode])
})

test.each(visitors)(
  '$catalogue.locale: a freeze ends tomorrow at a time of day, and is not counted down',
  async (visitor) => {
    const visit = await given.visit(visitor)
    const { auth } = visit.texts
    const { locale } = visitor.catalogue
    const now = new Date('2026-11-27T14:30:00')
    await visit.page.clock.install({ time: now })
    await askByEmail(visit, newAddress())
    await fail(visit, 429, { code: 'TRIES_EXHAUSTED', message: '', retryAfterSeconds: 86_400 })
    await visit.typeCode('482913')
    const tomorrow = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(1, 'day')
    const time = new Intl.DateTimeFormat(`${locale}-u-nu-latn`, { timeStyle: 'short' }).format(now)
    const wait = visit.page.locator('.panel .wait:not(:empty)')
    await wait.getByText(tomorrow).waitFor()
    expect((await wait.innerText()).replace(/\p{Cf}/gu, '')).toContain(time)
    expect(await visit.page.getByRole('timer').count()).toBe(0)
    expect(await visit.page.getByText(auth.resetEmailSent, { exact: true }).isVisible()).toBe(false)
    expect(await primary(visit)).toEqual([auth.resendCode])
    // Refused as one asks, it says the same.
    await visit.press(visit.texts.common.back)
    await visit.type(visit.texts.forgot.identifier, newAddress())
    await visit.press(auth.sendResetLink)
    await alert(visit)
    await visit.page.locator('.wait').getByText(tomorrow).waitFor()
    expect(await visit.page.getByRole('timer').count()).toBe(0)
  },
)

test.each(visitors)('$catalogue.locale: where the code went is heard with the first box', async (visitor) => {
  const visit = await given.visit(visitor)
  await askByEmail(visit, 'priya@example.com')
  expect(await heard(visit)).toContain('p***@example.com')
  await askForPin(visit, '+201001234567')
  expect(await heard(visit)).toContain('****4567')
  const { phone, email, password } = await given.world.identity({ mfaEnabled: true })
  await visit.signIn({ email, password })
  await visit.at(visit.texts.signIn.mfaTitle)
  expect(await heard(visit)).toContain(phone.slice(-4))
})

test.each(visitors)('$catalogue.locale: who finds nothing is told where to look', async (visitor) => {
  const visit = await given.visit(visitor)
  const { nothing, nothingByEmail, nothingBySms } = visit.texts.code
  await askByEmail(visit, newAddress())
  await visit.sees(nothing)
  await visit.sees(nothingByEmail)
  const { username, phone } = await given.world.identity()
  await askByPhone(visit, username, phone)
  await visit.at(visit.texts.auth.verifyOTP)
  await visit.sees(nothingBySms)
})
