import { describe, expect, test } from 'vitest'
import { fixture, visitors } from './support/fixture.ts'
import { askByPhone, choosePassword } from './support/people.ts'

const given = fixture()

describe.each(visitors)('$catalogue.locale, $size.width px', (visitor) => {
  test('the four steps of the two-factor document, from /forgot-password to signing in', async () => {
    const visit = await given.visit(visitor)
    const { auth, forgot, common, phone: texts, signIn, account } = visit.texts
    const { username, email, phone } = await given.world.identity()
    const done = visit.page.locator('.progress .done')
    await visit.open('/forgot-password')
    await visit.type(forgot.identifier, username)
    await visit.press(common.next)
    await visit.type(texts.label, phone)
    expect(await done.count()).toBe(1)
    await visit.press(texts.submit)
    await visit.at(auth.verifyOTP)
    await visit.sees(`+20****${phone.slice(-4)}`)
    expect(await done.count()).toBe(2)
    await visit.typeCode(await given.world.lastCode(phone))
    await visit.at(auth.resetPassword)
    expect(await done.count()).toBe(3)
    await choosePassword(visit, 'newpass123')
    await visit.at(auth.passwordResetSuccess)
    expect(await done.count()).toBe(4)
    await visit.follow(signIn.title)
    await visit.signIn({ email, password: 'newpass123' })
    await visit.at(account.title)
  })
})

test.each(['a wrong phone', 'an unknown name'])(
  '%s gets the one answer, and no code is sent',
  async (which) => {
    const visit = await given.visit()
    const { username } = await given.world.identity()
    const other = await given.world.identity()
    await askByPhone(visit, which === 'a wrong phone' ? username : 'nobody.here', other.phone)
    await visit.sees('Invalid credentials. Please check your email/username and phone number.')
    await given.world.stack.idle()
    expect(given.world.messages(other.phone)).toEqual([])
  },
)

test('a number that is cut short is not sent; spaces, 00 and Arabic digits are understood', async () => {
  const visit = await given.visit()
  const { username, phone } = await given.world.identity()
  await askByPhone(visit, username, phone.slice(0, 7))
  await visit.sees(visit.texts.phone.invalid)
  const arabic = phone.slice(1).replace(/\d/g, (digit) => String.fromCharCode(0x660 + Number(digit)))
  await visit.type(visit.texts.phone.label, `٠٠ ${arabic}`)
  await visit.press(visit.texts.phone.submit)
  await visit.at(visit.texts.auth.verifyOTP)
})

test('back goes through the steps, keeping what was typed', async () => {
  const visit = await given.visit()
  const { forgot, common, phone: texts, auth } = visit.texts
  const { username, phone } = await given.world.identity()
  await askByPhone(visit, username, phone)
  await visit.at(auth.verifyOTP)
  await visit.press(common.back)
  expect(await visit.page.getByLabel(texts.label).inputValue()).toBe(phone)
  await visit.press(common.back)
  expect(await visit.page.getByLabel(forgot.identifier).inputValue()).toBe(username)
})

test('a common password marks its row, before the service is asked', async () => {
  const visit = await given.visit()
  const { username, phone } = await given.world.identity()
  await askByPhone(visit, username, phone)
  await visit.at(visit.texts.auth.verifyOTP)
  await visit.typeCode(await given.world.lastCode(phone))
  await visit.at(visit.texts.auth.resetPassword)
  const { auth, password: texts } = visit.texts
  const row = visit.page.locator('.requirements li').filter({ hasText: texts.requirementCommon })
  await visit.type(auth.newPassword, 'newpass123')
  await row.and(visit.page.locator('.met')).waitFor()
  await choosePassword(visit, 'password1')
  await visit.sees(texts.unmetError)
  expect(await row.getAttribute('class')).toBe('unmet')
})
