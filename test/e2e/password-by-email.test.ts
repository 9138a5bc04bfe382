import { describe, expect, test } from 'vitest'
import { fixture, visitors } from './support/fixture.ts'
import {
  askByEmail,
  breachedPassword,
  choosePassword,
  freshPassword,
  proveByEmail,
} from './support/people.ts'
import { loseReply, otherThan } from './support/visit.ts'

const given = fixture()

describe.each(visitors)('$catalogue.locale, $size.width px', (visitor) => {
  test('from the first page to signing in with the new password', async () => {
    const visit = await given.visit(visitor)
    const { auth, forgot, signIn, account } = visit.texts
    const { email, userId } = await given.world.identity()
    await visit.open('/')
    await visit.follow(auth.forgotPassword)
    await visit.at(auth.forgotPassword)
    await visit.type(forgot.identifier, email)
    await visit.press(auth.sendResetLink)
    await visit.at(auth.verifyOTP)
    await visit.sees(`${email[0]}***@example.com`)
    // The last digit sends it.
    await visit.typeCode(await given.world.lastCode(email))
    await visit.at(auth.resetPassword)
    await choosePassword(visit, freshPassword)
    await visit.at(auth.passwordResetSuccess)
    await visit.follow(signIn.title)
    await visit.signIn({ email, password: freshPassword })
    await visit.at(account.title)
    await visit.sees(userId)
  })

  test('a wrong code is said, with the tries that are left, and the right one still works', async () => {
    const visit = await given.visit(visitor)
    const { email } = await given.world.identity()
    await askByEmail(visit, email)
    const code = await given.world.lastCode(email)
    await visit.typeCode(otherThan(code))
    await visit.sees(visit.errors.OTP_INVALID[0])
    await visit.sees(visit.texts.code.triesLeft.few.replace('{{n}}', '4').slice(-8))
    await visit.typeCode(code)
    await visit.at(visit.texts.auth.resetPassword)
  })
})

test('an unknown address sees the very same pages as a known one', async () => {
  const shown = async (email: string) => {
    const visit = await given.visit()
    await askByEmail(visit, email)
    await visit.typeCode('000000')
    await visit.sees('4 tries left')
    const text = await visit.page.locator('main').innerText()
    return text.replace(/\d\d:\d\d|\d+s/g, 'TIME').replace(/\w\*\*\*/, 'MASK')
  }
  const { email } = await given.world.identity()
  expect(await shown(email)).toBe(await shown('nobody@example.com'))
})

test('a new code can be asked for after 60 s and not before, and kills the old one', async () => {
  const visit = await given.visit()
  const { auth } = visit.texts
  await visit.page.clock.install()
  const { email } = await given.world.identity()
  await askByEmail(visit, email)
  const old = await given.world.lastCode(email)
  const resend = visit.page.getByRole('button', { name: /^Resend/ })
  expect(await resend.getAttribute('aria-disabled')).toBe('true')
  await visit.page.clock.fastForward(30_000)
  await visit.page.getByRole('button', { name: /^Resend in (30|29)s/ }).click({ force: true })
  await visit.page.clock.fastForward(31_000)
  await given.world.advance(61)
  expect(await resend.getAttribute('aria-disabled')).toBeNull()
  await visit.press(auth.resendCode)
  await visit.page.getByRole('button', { name: /^Resend in/ }).waitFor()
  await given.world.stack.idle()
  expect(given.world.messages(email)).toHaveLength(2)
  const latest = await given.world.lastCode(email)
  if (old !== latest) {
    await visit.typeCode(old)
    await visit.sees(visit.errors.OTP_INVALID[0])
  }
  await visit.typeCode(latest)
  await visit.at(auth.resetPassword)
})

test('a code that ran out at the service is refused, and one that ran out on the page is not sent', async () => {
  const visit = await given.visit()
  await visit.page.clock.install()
  const { email } = await given.world.identity()
  await askByEmail(visit, email)
  const code = await given.world.lastCode(email)
  await given.world.advance(301)
  await visit.typeCode(code)
  await visit.sees(visit.errors.OTP_INVALID[0])
  await visit.page.clock.fastForward(301_000)
  await visit.sees(visit.texts.auth.codeExpired)
  expect(await visit.page.locator('input[name=code-1]').isDisabled()).toBe(true)
})

test('a breached password is refused and kept, and is not called strong; one with the own name marks its row', async () => {
  const visit = await given.visit()
  const { auth, password: texts } = visit.texts
  const { email, username } = await given.world.identity({ username: 'lamplighter' })
  await proveByEmail(visit, email)
  const row = visit.page.locator('.requirements li').filter({ hasText: texts.requirementPersonal })
  await choosePassword(visit, `${email.split('@')[0]}-Xy7!`)
  await visit.sees(texts.unmetError)
  await choosePassword(visit, breachedPassword)
  await visit.sees(visit.errors.PASSWORD_BREACHED[0])
  expect(await visit.page.getByLabel(auth.newPassword, { exact: true }).inputValue()).toBe(breachedPassword)
  expect(await visit.page.locator('.strength').getAttribute('data-level')).toBe('1')
  // The page knows the address alone: that the name is in it, only the service can tell.
  await visit.type(auth.newPassword, `Harbour-${username}-7`)
  expect(await row.getAttribute('class')).toBe('met')
  await choosePassword(visit, `Harbour-${username}-7`)
  await visit.sees(texts.personal)
  expect(await row.getAttribute('class')).toBe('unmet')
  await visit.type(auth.newPassword, freshPassword)
  expect(await row.getAttribute('class')).toBe('met')
  await choosePassword(visit, freshPassword)
  await visit.at(auth.passwordResetSuccess)
})

test('requirements tick off while one types, and both fields must be the same', async () => {
  const visit = await given.visit()
  const { auth, password: texts } = visit.texts
  const { email } = await given.world.identity()
  await proveByEmail(visit, email)
  const met = visit.page.locator('.requirements li.met')
  expect(await met.count()).toBe(0)
  await visit.type(auth.newPassword, 'lamp')
  // The list of common passwords is a file of its own.
  await met.filter({ hasText: texts.requirementCommon }).waitFor()
  expect(await met.allInnerTexts()).toEqual(
    [
      auth.requirementLowercase,
      texts.requirementCommon,
      texts.requirementTrivial,
      texts.requirementPersonal,
    ].map((text) => expect.stringContaining(text)),
  )
  await visit.type(auth.newPassword, freshPassword)
  expect(await met.count()).toBe(8)
  for (const [typed, row] of [
    ['Summer2026!!', texts.requirementCommon],
    ['Aaaaaaaaaa1!', texts.requirementTrivial],
  ] as const) {
    await visit.type(auth.newPassword, typed)
    expect(await met.count()).toBe(7)
    expect(await met.filter({ hasText: row }).count()).toBe(0)
    expect(await visit.page.locator('.strength').getAttribute('data-level')).toBe('1')
  }
  await visit.type(auth.newPassword, freshPassword)
  await visit.type(auth.confirmPassword, `${freshPassword}x`)
  await visit.press(auth.resetPassword)
  await visit.sees(texts.mismatch)
})

test('without the list of common passwords nothing is called good, and the service judges', async () => {
  const visit = await given.visit()
  const { auth, password: texts } = visit.texts
  const { email } = await given.world.identity()
  await visit.page.route('**/assets/common-passwords-*', (route) => route.abort())
  await proveByEmail(visit, email)
  await visit.type(auth.newPassword, freshPassword)
  expect(await visit.page.locator('.requirements li.met').count()).toBe(7)
  expect(await visit.page.locator('.strength').getAttribute('data-level')).toBe('2')
  await choosePassword(visit, 'Summer2026!!')
  await visit.sees(texts.common)
  await choosePassword(visit, freshPassword)
  await visit.at(auth.passwordResetSuccess)
})

test('back leads to what was typed, and on again to the code that is still on its way', async () => {
  const visit = await given.visit()
  const { auth, forgot, common } = visit.texts
  const { email } = await given.world.identity()
  await askByEmail(visit, email)
  await visit.press(common.back)
  await visit.at(auth.forgotPassword)
  expect(await visit.page.getByLabel(forgot.identifier).inputValue()).toBe(email)
  await visit.press(auth.sendResetLink)
  await visit.at(auth.verifyOTP)
  await visit.page.goBack()
  await visit.page.goForward()
  await visit.at(auth.verifyOTP)
  await visit.typeCode(await given.world.lastCode(email))
  await visit.at(auth.resetPassword)
  await visit.page.goBack()
  await visit.at(auth.forgotPassword)
  await visit.page.goForward()
  await visit.at(auth.resetPassword)
  expect(given.world.messages(email)).toHaveLength(1)
})

test('a reload in the middle starts over, and takes the code that was already sent', async () => {
  const visit = await given.visit()
  const { auth, forgot } = visit.texts
  const { email } = await given.world.identity()
  await askByEmail(visit, email)
  await visit.page.reload()
  await visit.at(auth.forgotPassword)
  await visit.type(forgot.identifier, email)
  await visit.press(auth.sendResetLink)
  await visit.sees(visit.texts.code.sentBefore)
  await visit.typeCode(await given.world.lastCode(email))
  await visit.at(auth.resetPassword)
  await choosePassword(visit, freshPassword)
  await visit.at(auth.passwordResetSuccess)
})

test('a double click sends once', async () => {
  const visit = await given.visit()
  const { auth, forgot } = visit.texts
  const { email } = await given.world.identity()
  const sent: string[] = []
  visit.page.on('request', (request) => {
    if (request.method() === 'POST') sent.push(new URL(request.url()).pathname)
  })
  await visit.open('/forgot-password')
  await visit.type(forgot.identifier, email)
  await visit.button(auth.sendResetLink).dblclick()
  await visit.at(auth.verifyOTP)
  await visit.typeCode(await given.world.lastCode(email))
  await visit.at(auth.resetPassword)
  await visit.type(auth.newPassword, freshPassword)
  await visit.type(auth.confirmPassword, freshPassword)
  await visit.button(auth.resetPassword).dblclick()
  await visit.at(auth.passwordResetSuccess)
  expect(sent).toEqual([
    '/auth/request-password-reset',
    '/auth/verify-password-reset-otp',
    '/auth/reset-password',
  ])
})

test('a reset whose reply was lost is not called a failure', async () => {
  const visit = await given.visit()
  const { email } = await given.world.identity()
  await proveByEmail(visit, email)
  await loseReply(visit)
  await choosePassword(visit, freshPassword)
  await visit.sees(visit.errors.OFFLINE[0])
  await visit.press(visit.texts.auth.resetPassword)
  await visit.sees(visit.texts.password.maybeChanged)
  await visit.press(visit.texts.signIn.title)
  await visit.signIn({ email, password: freshPassword })
  await visit.at(visit.texts.account.title)
})
