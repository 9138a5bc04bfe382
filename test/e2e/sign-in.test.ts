import { describe, expect, test } from 'vitest'
import { resetByEmail } from '#test/support/sessions.ts'
import { fixture, visitors } from './support/fixture.ts'
import { askByPhone, choosePassword, freshPassword, tokenOf } from './support/people.ts'
import { kept, otherThan } from './support/visit.ts'

const given = fixture()

describe.each(visitors)('$catalogue.locale, $size.width px', (visitor) => {
  test('with MFA a sign-in needs the code, and shows both factors', async () => {
    const visit = await given.visit(visitor)
    const { signIn, account, factor } = visit.texts
    const identity = await given.world.identity({ mfaEnabled: true })
    await visit.signIn(identity)
    await visit.at(signIn.mfaTitle)
    const code = await given.world.lastCode(identity.phone)
    await visit.typeCode(otherThan(code))
    await visit.sees(visit.errors.OTP_INVALID[0])
    await visit.typeCode(code)
    await visit.at(account.title)
    await visit.sees(factor.password)
    await visit.sees(factor.smsOtp)
  })

  test('what happened lately is told, newest first, with what to do where it was somebody else', async () => {
    const visit = await given.visit(visitor)
    const { account, activity } = visit.texts
    const identity = await given.world.identity()
    await given.world.post('/api/auth/login', { identifier: identity.email, password: 'somebody else' })
    await resetByEmail(given.world, identity, freshPassword)
    await given.world.idle()
    await visit.signIn({ ...identity, password: freshPassword })
    await visit.sees(account.recentHelp)
    const rows = visit.page.locator('section', { hasText: account.recentHelp }).locator('li strong')
    const before = [activity.PASSWORD_CHANGED, activity.CODE_SENT, activity.SIGN_IN_FAILED]
    expect((await rows.allTextContents()).slice(-3)).toEqual(before)
  })

  test('devices are listed; one is ended, then all', async () => {
    const visit = await given.visit(visitor)
    const { account, signIn } = visit.texts
    const identity = await given.world.identity()
    const tokens = [await tokenOf(given.world, identity), await tokenOf(given.world, identity)]
    await visit.signIn(identity)
    await visit.sees(account.devices)
    const rows = visit.page.locator('section li').filter({ hasText: account.lastUsed.slice(0, 8) })
    expect(await rows.count()).toBe(3)
    const ended = visit.page.waitForResponse(/api\/auth\/sessions\//)
    await rows.getByRole('button').first().click()
    expect((await ended).status()).toBe(200)
    await expect.poll(() => rows.count()).toBe(2)
    await visit.press(account.everywhere)
    await visit.sees(account.everywhereAsk)
    await visit.press(account.everywhere)
    await visit.sees(signIn.signedOutEverywhere)
    for (const token of tokens)
      expect((await given.world.get('/api/auth/session', { token })).status).toBe(401)
  })
})

test('after a reset by SMS the sign-in code goes by email', async () => {
  const visit = await given.visit()
  const { auth, signIn, account } = visit.texts
  const { username, email, phone } = await given.world.identity({ mfaEnabled: true })
  await askByPhone(visit, username, phone)
  await visit.at(auth.verifyOTP)
  await visit.typeCode(await given.world.lastCode(phone))
  await visit.at(auth.resetPassword)
  await choosePassword(visit, freshPassword)
  await visit.at(auth.passwordResetSuccess)
  await visit.follow(signIn.title)
  await visit.signIn({ email, password: freshPassword })
  await visit.at(signIn.mfaTitle)
  await visit.sees(`${email[0]}***@example.com`)
  await visit.typeCode(await given.world.lastCode(email))
  await visit.at(account.title)
})

test('a wrong password keeps what was typed, and is the same for an unknown name', async () => {
  const visit = await given.visit()
  const { signIn } = visit.texts
  const { email } = await given.world.identity()
  for (const identifier of [email, 'nobody@example.com']) {
    await visit.open('/sign-in')
    await visit.signIn({ email: identifier, password: 'not-this-one' })
    await visit.sees('These sign-in details are not right. Check them, or reset your password.')
    expect(await visit.page.getByLabel(signIn.password, { exact: true }).inputValue()).toBe('not-this-one')
  }
})

test('too many wrong passwords: nothing is sent until the stated time has passed', async () => {
  const visit = await given.visit()
  const { signIn, common, account } = visit.texts
  const { email, password } = await given.world.identity()
  for (let count = 0; count < 10; count += 1)
    await given.world.post('/api/auth/login', { identifier: email, password: 'wrong' })
  await visit.page.clock.install()
  await visit.open('/sign-in')
  await visit.signIn({ email, password })
  await visit.sees(visit.errors.RATE_LIMITED[0])
  await visit.sees(common.waitBefore)
  let sent = 0
  visit.page.on('request', () => {
    sent += 1
  })
  await visit.button(signIn.submit).click({ force: true })
  expect(sent).toBe(0)
  await given.world.advance(15 * 60)
  await visit.page.clock.fastForward(15 * 60_000)
  await visit.button(signIn.submit).click()
  await visit.at(account.title)
})

test('who is shut out of the sign-in is led to the reset, which stays open', async () => {
  const visit = await given.visit()
  const { auth } = visit.texts
  const { email, password } = await given.world.identity()
  for (let count = 0; count < 10; count += 1)
    await given.world.post('/api/auth/login', { identifier: email, password: 'wrong' })
  await visit.open('/sign-in')
  await visit.signIn({ email, password })
  await visit.press(auth.resetPassword)
  await visit.at(auth.forgotPassword)
})

test('a reload signs the page out, for the session is kept nowhere; it says so, and a sign-in leads back', async () => {
  const visit = await given.visit()
  const { signIn, account, password } = visit.texts
  const identity = await given.world.identity()
  await visit.signIn(identity)
  await visit.at(account.title)
  expect(JSON.stringify(await kept(visit.page))).not.toContain(identity.userId)
  await visit.follow(account.changePassword)
  await visit.at(password.change)
  await visit.page.reload()
  await visit.at(signIn.title)
  await visit.sees(signIn.reloaded)
  await visit.signIn(identity)
  await visit.at(password.change)
  // Who comes for the first time was not signed out.
  await visit.open('/account')
  await visit.sees(signIn.needed)
})

test('the account page begins with what a person came for, and shows addresses masked', async () => {
  const visit = await given.visit()
  const { account } = visit.texts
  const { username, email, phone, password } = await given.world.identity()
  await visit.signIn({ email, password })
  await visit.sees(account.signedInAs.replace('{{name}}', username))
  await visit.sees(`${email[0]}***@example.com`)
  await visit.sees(`+20****${phone.slice(-4)}`)
  const shown = await visit.page.locator('main').innerText()
  expect([shown.includes(email), shown.includes(phone)]).toEqual([false, false])
  const titles = await visit.page.locator('h2').allInnerTexts()
  expect([titles[0], titles.at(-1)]).toEqual([account.security, account.factors])
  expect(await visit.page.locator('section a').first().innerText()).toBe(account.changePassword)
})

test('a session that ended elsewhere leads to the sign-in, and from there back', async () => {
  const visit = await given.visit()
  const { signIn, account, password } = visit.texts
  const identity = await given.world.identity()
  await visit.signIn(identity)
  await visit.at(account.title)
  const token = await tokenOf(given.world, identity)
  await given.world.post('/api/auth/logout', { everywhere: true }, { token })
  await visit.follow(account.changePassword)
  await visit.type(password.current, identity.password)
  await visit.type(visit.texts.auth.newPassword, freshPassword)
  await visit.type(visit.texts.auth.confirmPassword, freshPassword)
  await visit.press(password.change)
  await visit.sees(signIn.ended)
})

test('the password is changed with the current one, and other devices are signed out', async () => {
  const visit = await given.visit()
  const { account, password, auth } = visit.texts
  const identity = await given.world.identity()
  const token = await tokenOf(given.world, identity)
  await visit.signIn(identity)
  await visit.follow(account.changePassword)
  await visit.type(auth.newPassword, freshPassword)
  await visit.type(auth.confirmPassword, freshPassword)
  await visit.type(password.current, 'not-this-one')
  await visit.press(password.change)
  await visit.sees(password.currentWrong)
  await visit.type(password.current, identity.password)
  await visit.press(password.change)
  await visit.sees(password.changed)
  expect((await given.world.get('/api/auth/session', { token })).status).toBe(401)
})
