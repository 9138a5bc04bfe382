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
    const steps = await visit.page.locator('.progress ol').getAttribute('aria-label')
    expect(steps, 'the steps end with the PIN').toContain(visit.texts.progress.pin)
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

test('who has a PIN already is led to the reset, before a message is sent or anything typed', async () => {
  const visit = await given.visit()
  const { account, pin } = visit.texts
  const identity = await pinHolder(given.world, '284917')
  const sent = given.world.messages(identity.phone).length
  await visit.signIn(identity)
  await visit.sees(account.pinSet)
  expect(await visit.page.getByRole('link', { name: account.setPin, exact: true }).count()).toBe(0)
  // By a bookmark, or a link of the product.
  await visit.open('/set-pin')
  await visit.signIn(identity)
  await visit.sees(visit.errors.PIN_ALREADY_SET[0])
  await given.world.idle()
  expect(given.world.messages(identity.phone)).toHaveLength(sent)
  await visit.follow(pin.resetTitle)
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

test('who has no PIN is offered the first one, and none to verify or reset', async () => {
  const visit = await given.visit()
  const { account } = visit.texts
  await visit.signIn(await given.world.identity())
  await visit.sees(account.pinUnset)
  const link = (name: string) => visit.page.getByRole('link', { name, exact: true })
  expect([await link(account.setPin).count(), await link(account.resetPin).count()]).toEqual([1, 0])
  expect(await visit.page.getByRole('heading', { name: account.verifyPin }).count()).toBe(0)
})

test('each wrong PIN says how many tries are left, the tenth that it is locked, and the page leads to the reset', async () => {
  const visit = await given.visit()
  const { account, code, pin } = visit.texts
  const identity = await pinHolder(given.world, '284917')
  await visit.signIn(identity)
  await toVerifyPin(visit, identity.phone)
  for (let left = 9; left > 0; left -= 1) {
    await verifyPin(visit, '284918')
    await visit.page
      .getByText(left === 1 ? code.triesLeft.one : code.triesLeft.other.replace('{{n}}', String(left)))
      .waitFor()
  }
  await verifyPin(visit, '284918')
  await visit.sees(visit.errors.PIN_LOCKED[0])
  expect(await visit.button(account.verify).count()).toBe(0)
  await visit.follow(account.resetPin)
  await visit.at(pin.resetTitle)
})
