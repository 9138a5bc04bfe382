import { describe, expect, test } from 'vitest'
import { fixture, visitors } from './support/fixture.ts'
import { askForPin, choosePin, confirmPhone, pinHolder, toVerifyPin, verifyPin } from './support/people.ts'
import { otherThan } from './support/visit.ts'

const given = fixture()

describe.each(visitors)('$catalogue.locale, $size.width px', (visitor) => {
  test('the first PIN: sign-in, agreement, code, PIN, and then it verifies', async () => {
    const visit = await given.visit(visitor)
    const { consent, pin, signIn, stepUp, account } = visit.texts
    const identity = await given.world.identity()
    await visit.open('/set-pin')
    await visit.at(signIn.title)
    await visit.sees(signIn.needed)
    await visit.signIn(identity)
    await visit.at(consent.title)
    await visit.press(consent.submit)
    await visit.sees(consent.needed)
    await visit.page.getByLabel(consent.accept).check()
    await visit.press(consent.submit)
    await visit.at(stepUp.title)
    await confirmPhone(visit, identity.phone)
    await visit.at(pin.setTitle)
    await visit.sees(stepUp.confirmed)
    await choosePin(visit, '123456', pin.set)
    await visit.sees(visit.errors.PIN_TRIVIAL[0])
    await choosePin(visit, '730418', pin.set)
    await visit.at(pin.setDone)
    await visit.follow(pin.backToAccount)
    await verifyPin(visit, '730418')
    await visit.sees(account.pinRight)
    expect(await visit.page.getByLabel(account.pin, { exact: true }).inputValue()).toBe('')
  })

  test('a forgotten PIN is reset by code, and the new one verifies', async () => {
    const visit = await given.visit(visitor)
    const { pin, account, signIn } = visit.texts
    const identity = await pinHolder(given.world, '284917')
    await askForPin(visit, identity.phone)
    const code = await given.world.lastCode(identity.phone)
    await visit.typeCode(otherThan(code))
    await choosePin(visit, '730418', pin.reset)
    await visit.sees(visit.errors.OTP_INVALID[0])
    await visit.typeCode(code)
    await visit.press(pin.reset)
    await visit.at(pin.resetDone)
    await visit.follow(signIn.title)
    await visit.signIn(identity)
    await toVerifyPin(visit, identity.phone)
    await verifyPin(visit, '730418')
    await visit.sees(account.pinRight)
  })
})

test('the agreement is a link away, or said to be with the person, and not to accept it is a way on', async () => {
  const visit = await given.visit()
  const { consent, account } = visit.texts
  const reach = async () => {
    await visit.open('/set-pin')
    await visit.signIn(await visit.world.identity())
    await visit.at(consent.title)
  }
  await reach()
  await visit.sees(consent.unlinked)
  await visit.follow(consent.notNow)
  await visit.at(account.title)
  // As the deployer's setting has the build write it.
  await visit.page.route(/\/set-pin$/, async (route) => {
    const response = await route.fetch()
    const html = (await response.text()).replace(
      'data-consent-url=""',
      'data-consent-url="https://acme.test/terms"',
    )
    await route.fulfill({ response, body: html })
  })
  await reach()
  const link = visit.page.getByRole('link', { name: consent.read })
  expect(await link.getAttribute('href')).toBe('https://acme.test/terms')
  expect(await link.getAttribute('target')).toBe('_blank')
  expect(await visit.page.getByText(consent.unlinked).count()).toBe(0)
})

test('a PIN is reset by user ID too, with no address shown', async () => {
  const visit = await given.visit()
  const { pin, code } = visit.texts
  const { userId, phone } = await pinHolder(given.world, '284917')
  await visit.open('/reset-pin')
  await visit.press(pin.useUserId)
  await visit.type(pin.userId, userId)
  await visit.press(pin.send)
  await visit.sees(code.neutral)
  expect(await visit.page.locator('main').innerText()).not.toContain(phone.slice(-4))
  await visit.typeCode(await given.world.lastCode(phone))
  await choosePin(visit, '730418', pin.reset)
  await visit.at(pin.resetDone)
})

test('who has a PIN already is led to the reset', async () => {
  const visit = await given.visit()
  const { pin } = visit.texts
  const identity = await pinHolder(given.world, '284917')
  await visit.open('/set-pin')
  await visit.signIn(identity)
  await confirmPhone(visit, identity.phone)
  await visit.page.getByLabel(pin.newPin, { exact: true }).waitFor()
  await choosePin(visit, '730418', pin.set)
  await visit.sees(visit.errors.PIN_ALREADY_SET[0])
  await visit.press(pin.resetTitle)
  await visit.at(pin.resetTitle)
})

test('a PIN stays typed until it was judged', async () => {
  const visit = await given.visit()
  const { account } = visit.texts
  const identity = await pinHolder(given.world, '284917')
  await visit.signIn(identity)
  await toVerifyPin(visit, identity.phone)
  const field = visit.page.getByLabel(account.pin, { exact: true })
  await field.fill('284917')
  await visit.context.setOffline(true)
  await visit.press(account.verify)
  await visit.sees(visit.errors.OFFLINE[0])
  expect(await field.inputValue()).toBe('284917')
  await visit.context.setOffline(false)
  await visit.press(account.verify)
  await visit.sees(account.pinRight)
  expect(await field.inputValue()).toBe('')
  await field.fill('284918')
  await visit.press(account.verify)
  await visit.sees(visit.errors.PIN_INVALID[0])
  expect(await field.inputValue()).toBe('')
})

test('ten wrong PINs lock it, and the page leads to the reset', async () => {
  const visit = await given.visit()
  const { account, pin } = visit.texts
  const identity = await pinHolder(given.world, '284917')
  await visit.signIn(identity)
  await toVerifyPin(visit, identity.phone)
  for (let count = 0; count < 11; count += 1) {
    const answered = visit.page.waitForResponse(/pin\/verify/)
    await verifyPin(visit, '284918')
    await answered
    await visit.page.getByRole('button', { name: account.verify }).waitFor()
  }
  await visit.sees(visit.errors.PIN_LOCKED[0])
  await visit.page.locator('[role=alert]').getByRole('button', { name: pin.resetTitle }).click()
  await visit.at(pin.resetTitle)
})
