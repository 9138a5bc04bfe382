/** Whoever holds the message gets in, although strangers asked for its code themselves and used up its tries. */
import { describe, expect, test } from 'vitest'
import type { TestIdentity } from '#test/support/world.ts'
import { fixture, visitors } from './support/fixture.ts'
import {
  askByEmail,
  choosePassword,
  freshPassword,
  pinHolder,
  toVerifyPin,
  verifyPin,
} from './support/people.ts'
import { type Recovery, recoveries } from './support/recoveries.ts'
import { askAndUseUp, lastReference, useUpHour } from './support/strangers.ts'
import { otherThan, type Visit } from './support/visit.ts'

const given = fixture()

const reference = ({ page }: Visit) => page.locator('input[name=ref]')
const focused = ({ page }: Visit, name: string) => page.locator(`input[name=${name}]:focus`).waitFor()

/** Goes as far as the recovery's question for a new code, without waiting for the code. */
const askRefused = (visit: Visit, recovery: Recovery, person: TestIdentity) =>
  Promise.race([recovery.ask(visit, person), visit.sees(visit.errors.RATE_LIMITED[0])])

async function signInWithFresh(visit: Visit, recovery: Recovery, person: TestIdentity): Promise<void> {
  const { account, signIn } = visit.texts
  await visit.at(recovery.texts(visit).done)
  await visit.follow(signIn.title)
  await visit.at(signIn.title)
  const isPin = recovery.name === 'PIN'
  await visit.signIn({ email: person.email, password: isPin ? person.password : recovery.fresh })
  await visit.at(account.title)
  if (!isPin) return
  await toVerifyPin(visit, person.phone)
  await verifyPin(visit, recovery.fresh)
  await visit.sees(account.pinRight)
}

const cases = recoveries.flatMap((recovery) =>
  visitors.map((visitor) => ({
    recovery,
    visitor,
    name: `${recovery.name}, ${visitor.catalogue.locale}, ${visitor.size.width} px`,
  })),
)

describe.each(cases)('$name', ({ recovery, visitor }) => {
  const begin = async () => {
    const person = await recovery.person(given.world)
    const visit = await given.visit(visitor)
    const to = recovery.address(person)
    return {
      person,
      visit,
      code: () => given.world.lastCode(to),
      reference: () => lastReference(given.world, to),
    }
  }

  test('strangers used up the hour: without a pointer, the code and reference at hand lead to a new secret and a sign-in', async () => {
    const { visit, person, ...message } = await begin()
    const { page } = visit
    await useUpHour(given.world, recovery, person)
    await askRefused(visit, recovery, person)
    const way = visit.button(visit.texts.code.useAtHand)
    for (let tabs = 0; tabs < 20 && (await way.and(page.locator(':focus')).count()) === 0; tabs += 1)
      await page.keyboard.press('Shift+Tab')
    await page.keyboard.press('Enter')
    await visit.sees(visit.texts.code.newest)
    await focused(visit, 'code-1')
    await page.keyboard.type(await message.code())
    // Six digits alone are not sent: nothing but the reference makes them good.
    await focused(visit, 'ref')
    const typed = await message.reference()
    await page.keyboard.type(typed.toLowerCase().split('').join(' '))
    expect(await reference(visit).inputValue()).toBe(typed)
    const asked = page.waitForRequest((request) => request.postDataJSON()?.otp !== undefined)
    if (recovery.name === 'PIN') await recovery.choose(visit, recovery.fresh)
    else await page.keyboard.press('Enter')
    const body = (await asked).postDataJSON()
    expect(body.ref).toBe(typed)
    expect(body).not.toHaveProperty('flowId')
    if (recovery.name !== 'PIN') {
      const reset = page.waitForRequest((request) => request.postDataJSON()?.newPassword !== undefined)
      await recovery.choose(visit, recovery.fresh)
      expect((await reset).postDataJSON().ref).toBe(typed)
    }
    await signInWithFresh(visit, recovery, person)
  })

  test('a stranger used up the tries of the newest code: the code stays typed, and goes with its reference', async () => {
    const { visit, person, ...message } = await begin()
    await askAndUseUp(given.world, recovery, person)
    await recovery.ask(visit, person)
    await visit.sees(visit.texts.code.sentBefore)
    await reference(visit).waitFor()
    const code = await message.code()
    await recovery.tryCode(visit, code)
    await visit.sees(visit.texts.code.usedUp)
    await focused(visit, 'ref')
    expect(await visit.page.locator('input[name=code-6]').inputValue()).toBe(code.at(-1))
    expect(await visit.page.locator('.tries').innerText()).toBe('')
    // Without it the code is not sent again.
    await visit.page.keyboard.press('Enter')
    await visit.sees(visit.texts.code.referenceInvalid)
    expect(await reference(visit).getAttribute('aria-invalid')).toBe('true')
    await visit.page.keyboard.type(await message.reference())
    await visit.page.keyboard.press('Enter')
    if (recovery.name !== 'PIN') await recovery.choose(visit, recovery.fresh)
    await signInWithFresh(visit, recovery, person)
  })

  test('a stranger asked for a newer code: who says that the code is not taken can type its reference', async () => {
    const { visit, person, ...message } = await begin()
    await recovery.ask(visit, person)
    await message.code()
    await given.world.advance(61)
    await askAndUseUp(given.world, recovery, person)
    expect(await reference(visit).count()).toBe(0)
    await visit.press(visit.texts.code.notTaken)
    await focused(visit, 'ref')
    await visit.page.keyboard.type(await message.reference())
    await visit.typeCode(await message.code())
    await recovery.choose(visit, recovery.fresh)
    await signInWithFresh(visit, recovery, person)
  })
})

describe('by email', () => {
  test('a whole message that is pasted gives code and reference', async () => {
    for (const locale of ['en', 'ar']) {
      const visit = await given.visit()
      const { email } = await given.world.identity({ locale })
      await askByEmail(visit, email)
      await given.world.lastCode(email)
      const text = given.world.messages(email).at(-1)?.text ?? ''
      const asked = visit.page.waitForRequest(/verify-password-reset-otp/)
      await visit.page.evaluate(`{
        const data = new DataTransfer()
        data.setData('text', ${JSON.stringify(text)})
        const event = new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })
        document.querySelector('input[name=code-1]').dispatchEvent(event)
      }`)
      expect((await asked).postDataJSON()).toMatchObject({
        otp: await given.world.lastCode(email),
        ref: await lastReference(given.world, email),
      })
      await visit.at(visit.texts.auth.resetPassword)
    }
  })

  test('tries with a reference are counted apart: those without it are still there', async () => {
    const visit = await given.visit()
    const { email } = await given.world.identity()
    await askByEmail(visit, email)
    const wrong = otherThan(await given.world.lastCode(email))
    const tries = async () => {
      const answered = visit.page.waitForResponse(/verify-password-reset-otp/)
      await visit.typeCode(wrong)
      await answered
      await visit.page.locator('form > [type=submit]:not([aria-disabled])').waitFor()
      await visit.sees(visit.errors.OTP_INVALID[0])
      return visit.page.locator('.tries').innerText()
    }
    expect(await tries()).toBe('4 tries left')
    await visit.press(visit.texts.code.notTaken)
    await visit.type(visit.texts.code.reference, await lastReference(given.world, email))
    expect(await tries()).toBe('')
    expect(await tries()).toBe('')
    await reference(visit).fill('')
    // Open it is asked for: without it the button sends.
    await visit.typeCode(wrong)
    await focused(visit, 'ref')
    const answered = visit.page.waitForResponse(/verify-password-reset-otp/)
    await visit.page.keyboard.press('Enter')
    expect((await answered).request().postDataJSON()).toHaveProperty('flowId')
    await visit.sees('3 tries left')
  })

  test('a wrong reference is worth none: it can be put right, and the code waits', async () => {
    const visit = await given.visit()
    const person = await given.world.identity()
    const [byEmail] = recoveries as readonly [Recovery, ...Recovery[]]
    await askAndUseUp(given.world, byEmail, person)
    await byEmail.ask(visit, person)
    const right = await lastReference(given.world, person.email)
    await visit.type(
      visit.texts.code.reference,
      right.replace(/^./, (first) => (first === 'C' ? 'D' : 'C')),
    )
    await visit.typeCode(await given.world.lastCode(person.email))
    await visit.sees(visit.texts.code.usedUp)
    await focused(visit, 'ref')
    await visit.type(visit.texts.code.reference, 'K7')
    await visit.page.keyboard.press('Enter')
    await visit.sees(visit.texts.code.referenceInvalid)
    await visit.type(visit.texts.code.reference, right)
    await visit.page.keyboard.press('Enter')
    await visit.at(visit.texts.auth.resetPassword)
    await choosePassword(visit, freshPassword)
    await visit.at(visit.texts.auth.passwordResetSuccess)
  })

  test('a freeze says how long it lasts, and asks for no reference', async () => {
    const visit = await given.visit()
    const person = await given.world.identity()
    const { email } = person
    const [byEmail] = recoveries as readonly [Recovery, ...Recovery[]]
    for (let guesses = 0; guesses < 100; guesses += 10) {
      await askAndUseUp(given.world, byEmail, person)
      await given.world.advance(721)
    }
    await visit.open('/forgot-password')
    await visit.type(visit.texts.forgot.identifier, email)
    await visit.press(visit.texts.auth.sendResetLink)
    await visit.sees(visit.errors.TRIES_EXHAUSTED[0])
    expect(await visit.button(visit.texts.code.useAtHand).count()).toBe(0)
  })

  test('a code that ran out, and no other to be had: the newest one in the mailbox can be used', async () => {
    const visit = await given.visit()
    const person = await given.world.identity()
    const { email } = person
    const [byEmail] = recoveries as readonly [Recovery, ...Recovery[]]
    await visit.page.clock.install()
    await byEmail.ask(visit, person)
    for (let codes = 0; codes < 4; codes += 1) {
      await given.world.advance(301)
      await askAndUseUp(given.world, byEmail, person)
    }
    await given.world.advance(61)
    await visit.page.clock.fastForward(1_300_000)
    await visit.sees(visit.texts.auth.codeExpired)
    await visit.press(visit.texts.auth.resendCode)
    await visit.press(visit.texts.code.useAtHand)
    await focused(visit, 'code-1')
    await visit.page.keyboard.type(await given.world.lastCode(email))
    await focused(visit, 'ref')
    await visit.page.keyboard.type(await lastReference(given.world, email))
    await visit.page.keyboard.press('Enter')
    await visit.at(visit.texts.auth.resetPassword)
  })
})

test('a sign-in and a confirmation of the phone take the reference too', async () => {
  const visit = await given.visit()
  const { code, signIn, stepUp, account } = visit.texts
  const sent = async (phone: string, path: RegExp) => {
    const otp = await given.world.lastCode(phone)
    const ref = await lastReference(given.world, phone)
    await visit.press(code.notTaken)
    await visit.type(code.reference, ref)
    const asked = visit.page.waitForRequest(path)
    await visit.typeCode(otp)
    expect((await asked).postDataJSON()).toMatchObject({ otp, ref })
  }
  const withCode = await given.world.identity({ mfaEnabled: true })
  await visit.signIn(withCode)
  await visit.at(signIn.mfaTitle)
  await sent(withCode.phone, /login\/verify/)
  await visit.at(account.title)
  await visit.open('/sign-in')
  const person = await pinHolder(given.world, '284917')
  await visit.signIn(person)
  await visit.press(account.confirmFirst)
  await visit.press(stepUp.send)
  await visit.page.locator('input[name=code-1]').waitFor()
  await sent(person.phone, /step-up\/verify/)
  await visit.sees(stepUp.confirmed)
})
