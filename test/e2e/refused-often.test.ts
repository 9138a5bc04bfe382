/** Answers that speak of a secret are counted; what was used up by them says so, and leads on. */
import { describe, expect, test } from 'vitest'
import { newIp, type TestIdentity, type World } from '#test/support/world.ts'
import { fixture, visitors } from './support/fixture.ts'
import { breachedPassword, freshPassword, pinHolder, tokenOf } from './support/people.ts'
import { recoveries } from './support/recoveries.ts'
import { otherThan, type Visit } from './support/visit.ts'

const given = fixture()
const allowed = 5

/** Presses the button of a form and waits for the answer. */
async function send(visit: Visit, label: string, path: string): Promise<number> {
  const answered = visit.page.waitForResponse((response) => response.url().endsWith(path))
  await visit.page.getByRole('button', { name: label, exact: true }).click()
  const status = (await answered).status()
  await visit.page.locator('form > [type=submit]:not([aria-disabled])').waitFor()
  return status
}

describe.each(recoveries)('$name', (recovery) => {
  test.each(visitors)(
    '$catalogue.locale, $size.width px: the sixth refusal says why a new code is needed, and the new one works',
    async (visitor) => {
      const visit = await given.visit(visitor)
      const person = await recovery.person(given.world)
      const code = () => given.world.lastCode(recovery.address(person))
      await visit.page.clock.install()
      await recovery.ask(visit, person)
      await visit.typeCode(await code())
      await recovery.choose(visit, recovery.old)
      await visit.sees(recovery.texts(visit).reused)
      for (let more = 1; more < allowed; more += 1)
        expect(await send(visit, recovery.resetLabel(visit), recovery.resetPath)).toBe(400)
      await visit.page.getByRole('button', { name: recovery.resetLabel(visit), exact: true }).click()
      await visit.sees(visit.texts.code.refusedOften)
      const { texts } = visit
      expect(await visit.page.getByText(texts.code.noTries).count()).toBe(0)
      expect(await visit.button(texts.code.notTaken).count()).toBe(0)
      expect(await visit.page.locator('input[name=ref]').count()).toBe(0)
      expect(await visit.page.locator('input[name=code-1]').isDisabled()).toBe(true)
      await given.world.advance(61)
      await visit.page.clock.fastForward(61_000)
      await visit.press(texts.auth.resendCode)
      await visit.page.locator('input[name=code-1]:focus').waitFor()
      await visit.typeCode(await code())
      await recovery.choose(visit, recovery.fresh)
      await visit.at(recovery.texts(visit).done)
    },
  )
})

test('a breached password counts as a reused one does, and a code that is used up is not offered again', async () => {
  const visit = await given.visit()
  const [byEmail] = recoveries
  if (byEmail === undefined) throw new Error('There is no recovery by email')
  const person = await byEmail.person(given.world)
  await byEmail.ask(visit, person)
  await visit.typeCode(await given.world.lastCode(person.email))
  await byEmail.choose(visit, breachedPassword)
  await visit.sees(visit.errors.PASSWORD_BREACHED[0])
  await byEmail.choose(visit, byEmail.old)
  await visit.sees(visit.errors.PASSWORD_REUSED[0])
  for (let more = 2; more < allowed; more += 1)
    await send(visit, byEmail.resetLabel(visit), byEmail.resetPath)
  await visit.press(byEmail.resetLabel(visit))
  await visit.sees(visit.texts.code.refusedOften)
  await visit.press(visit.texts.common.back)
  await visit.at(visit.texts.auth.forgotPassword)
  // Within the minute no other can be had, and the one that is used up is not called good.
  await visit.press(visit.texts.auth.sendResetLink)
  await visit.sees(visit.texts.code.refusedOften)
})

describe.each(visitors)('$catalogue.locale, $size.width px', (visitor) => {
  test('a password change that was refused too often says so at the sign-in: the session is over', async () => {
    const visit = await given.visit(visitor)
    const { account, password: texts, auth, signIn } = visit.texts
    const [byEmail] = recoveries
    if (byEmail === undefined) throw new Error('There is no recovery by email')
    const person = await byEmail.person(given.world)
    await visit.signIn(person)
    await visit.follow(account.changePassword)
    for (const label of [texts.current, auth.newPassword, auth.confirmPassword])
      await visit.type(label, person.password)
    for (let times = 0; times < allowed; times += 1)
      expect(await send(visit, texts.change, '/api/auth/password/change')).toBe(400)
    await visit.press(texts.change)
    await visit.at(signIn.title)
    await visit.sees(texts.refusedOften)
    await visit.signIn(person)
    await visit.at(account.title)
  })
})

test('a password change that has to wait for another reason keeps the session and the form', async () => {
  const visit = await given.visit()
  const { account, password: texts, auth } = visit.texts
  const person = await given.world.identity()
  await visit.signIn(person)
  await visit.follow(account.changePassword)
  await visit.type(texts.current, person.password)
  await visit.type(auth.newPassword, freshPassword)
  await visit.type(auth.confirmPassword, freshPassword)
  await visit.page.route(/password\/change/, (route) =>
    route.fulfill({
      status: 429,
      json: { success: false, error: { code: 'RATE_LIMITED', message: '', retryAfterSeconds: 1 } },
    }),
  )
  await visit.press(texts.change)
  await visit.sees(visit.errors.RATE_LIMITED[0])
  await visit.page.unroute(/password\/change/)
  await visit.page.locator('form > [type=submit]:not([aria-disabled])').waitFor()
  await visit.press(texts.change)
  await visit.sees(texts.changed)
})

const wrong = '000000'

/** Wrong codes after the right password, over as many sign-ins as that takes. */
async function useUpSignIns(world: World, person: TestIdentity, guesses: number): Promise<void> {
  for (let made = 0; made < guesses; ) {
    const login = { identifier: person.email, password: person.password }
    const asked = await world.post('/api/auth/login', login, { ip: newIp() })
    const { challengeId } = asked.body.data
    const code = await world.lastCode(person.phone)
    for (let tries = 0; tries < 3 && made < guesses; tries += 1, made += 1)
      await world.post('/api/auth/login/verify', { challengeId, otp: code === wrong ? '000001' : wrong })
    await world.advance(361)
  }
}

describe.each(visitors)('$catalogue.locale, $size.width px', (visitor) => {
  test('a sign-in that a hundred wrong codes have closed offers the reset, and counts no day down', async () => {
    const visit = await given.visit(visitor)
    const { auth, signIn, common } = visit.texts
    const person = await given.world.identity({ mfaEnabled: true })
    await useUpSignIns(given.world, person, 99)
    // The hundredth is typed here: what comes after it is refused at both steps.
    await visit.signIn(person)
    await visit.at(signIn.mfaTitle)
    const code = otherThan(await given.world.lastCode(person.phone))
    await visit.typeCode(code)
    await visit.sees(visit.errors.OTP_INVALID[0])
    await visit.typeCode(code)
    await visit.sees(signIn.lockedNext)
    expect(await visit.page.getByText(common.waitBefore).count()).toBe(0)
    await visit.press(signIn.newCode)
    await visit.at(signIn.title)
    await visit.signIn(person)
    await visit.sees(signIn.lockedNext)
    expect(await visit.page.getByText(common.waitBefore).count()).toBe(0)
    await visit.page.locator('.problem').getByRole('button', { name: auth.resetPassword }).click()
    await visit.at(auth.forgotPassword)
  })
})

test('the hundredth wrong code of a confirmation ends the session: the page leads to the sign-in', async () => {
  const visit = await given.visit()
  const { account, stepUp, signIn } = visit.texts
  const person = await pinHolder(given.world, '284917')
  // The code that its PIN took is of another hour than the five of each hour here.
  await given.world.advance(3600)
  const signedIn = visit.page.waitForResponse(/auth\/login/)
  await visit.signIn(person)
  const { accessToken: token } = (await (await signedIn).json()).data
  await visit.at(account.title)
  for (let codes = 0; codes < 33; codes += 1) {
    const asked = await given.world.post('/api/auth/step-up/request', {}, { token, ip: newIp() })
    expect(asked.status).toBe(200)
    const otp = otherThan(await given.world.lastCode(person.phone))
    for (let tries = 0; tries < 3; tries += 1)
      await given.world.post('/api/auth/step-up/verify', { otp }, { token })
    await given.world.advance(721)
  }
  await visit.press(account.confirmFirst)
  await visit.press(stepUp.send)
  const otp = otherThan(await given.world.lastCode(person.phone))
  await visit.typeCode(otp)
  await visit.sees(visit.errors.OTP_INVALID[0])
  await visit.typeCode(otp)
  await visit.at(signIn.title)
  await visit.sees(signIn.ended)
  expect(
    (await given.world.get('/api/auth/session', { token: await tokenOf(given.world, person) })).status,
  ).toBe(200)
})
