/** Phone numbers as people know theirs: as they are dialled at home. */
import { expect, test } from 'vitest'
import { fixture, visitors } from './support/fixture.ts'

const given = fixture()
const atHome = (phone: string) => phone.replace('+20', '0')

test.each(visitors)('$catalogue.locale: a number is taken as it is dialled at home', async (visitor) => {
  const visit = await given.visit(visitor)
  const { pin, phone: texts } = visit.texts
  const { phone } = await given.world.identity()
  await visit.open('/reset-pin')
  await visit.type(pin.phone, atHome(phone))
  await visit.press(pin.send)
  await visit.at(pin.enterCodeAndPin)
  expect(await given.world.lastCode(phone)).toMatch(/^\d{6}$/)
  await visit.open('/reset-pin')
  await visit.type(pin.phone, '0100')
  await visit.press(pin.send)
  await visit.sees(texts.invalid)
})

test('another country of the deployer’s is chosen, its example shown, and the choice kept on the way', async () => {
  const visit = await given.visit()
  const { pin, phone: texts, forgot, common, signIn } = visit.texts
  await visit.open('/reset-pin')
  const choice = () => visit.page.getByLabel(texts.country, { exact: true })
  expect(await choice().locator('option').allInnerTexts()).toEqual(['Egypt (\u200e+20)', 'India (\u200e+91)'])
  await visit.page.getByText('01001234567').waitFor()
  await choice().selectOption('IN')
  await visit.page.getByText('08123456789').waitFor()
  const sent = visit.page.waitForRequest(/pin\/reset\/request/)
  await visit.type(pin.phone, '098765 43210')
  await visit.press(pin.send)
  expect((await sent).postDataJSON()).toEqual({ phone: '+919876543210' })
  await visit.press(common.back)
  await visit.follow(signIn.title)
  await visit.follow(visit.texts.auth.forgotPassword)
  await visit.press(forgot.usePhone)
  await visit.type(forgot.identifier, 'priyasharma')
  await visit.press(common.next)
  expect(await choice().inputValue()).toBe('IN')
})

test('a sign-in takes it too, and asks for the country then alone', async () => {
  const visit = await given.visit()
  const { signIn, phone: texts, account } = visit.texts
  const { phone, password } = await given.world.identity()
  const choice = visit.page.getByLabel(texts.country, { exact: true })
  await visit.open('/sign-in')
  expect(await choice.isVisible()).toBe(false)
  await visit.type(signIn.identifier, atHome(phone))
  expect(await choice.isVisible()).toBe(true)
  await visit.type(signIn.password, password)
  await visit.press(signIn.submit)
  await visit.at(account.title)
  await visit.sees(`+20****${phone.slice(-4)}`)
})
