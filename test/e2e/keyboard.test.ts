/** Somebody without a pointer: everything is reached in the order it is read, is seen to be, and is let go of. */
import { describe, expect, test } from 'vitest'
import { fixture, visitors } from './support/fixture.ts'
import { askByEmail, pinHolder } from './support/people.ts'
import { otherThan, type Visit } from './support/visit.ts'

const given = fixture()

interface Stop {
  readonly id: number
  readonly top: number
  readonly outlined: boolean
  readonly inView: boolean
}

/** Where Tab leads from the top of the page, until it leaves the page. */
async function stops({ page }: Visit): Promise<Stop[]> {
  await page.evaluate(`{
    globalThis.focusables = [...document.querySelectorAll('a[href], button, input, select')]
      .filter((each) => !each.disabled && each.checkVisibility())
    // A page may have begun in its first field.
    document.body.tabIndex = -1
    document.body.focus()
    document.body.removeAttribute('tabindex')
    getSelection()?.removeAllRanges()
  }`)
  const found: Stop[] = []
  for (let count = 0; count < 60; count += 1) {
    await page.keyboard.press('Tab')
    const stop = (await page.evaluate(`{
      const element = document.activeElement
      const { top, bottom } = element.getBoundingClientRect()
      ;({
        id: focusables.indexOf(element),
        top: top + scrollY,
        outlined: getComputedStyle(element).outlineStyle !== 'none',
        inView: bottom > 0 && top < innerHeight,
      })
    }`)) as Stop
    if (stop.id === -1 || found.some(({ id }) => id === stop.id)) return found
    found.push(stop)
  }
  throw new Error('Tab does not leave the page')
}

const pages = [
  '/sign-in',
  '/forgot-password',
  '/forgot-password/phone',
  '/reset-pin',
  '/not-me#token',
  '/404',
]

describe.each(visitors)('$catalogue.locale, $size.width px', (visitor) => {
  test.each(pages)('%s: Tab reaches everything, from top to bottom, and is seen', async (path) => {
    const visit = await given.visit(visitor)
    await visit.open(path)
    await visit.page.locator('.card h1').waitFor()
    const found = await stops(visit)
    const all = await visit.page.evaluate('focusables.length')
    expect(found.map(({ id }) => id)).toEqual(Array.from({ length: Number(all) }, (_, index) => index))
    expect(found.filter(({ outlined, inView }) => !outlined || !inView)).toEqual([])
  })

  test('the focus stays in a box whose code runs out, and Enter leads from there to a new code', async () => {
    const visit = await given.visit(visitor)
    const { auth, code } = visit.texts
    const { page } = visit
    await page.clock.install()
    await askByEmail(visit, 'someone@example.com')
    await page.keyboard.type('12')
    await page.clock.fastForward(301_000)
    await visit.sees(auth.codeExpired)
    await page.locator('input[name=code-3]:focus[readonly]').waitFor()
    for (const key of ['3', 'Backspace', 'Backspace']) await page.keyboard.press(key)
    expect(await page.locator('input[name=code-2]').inputValue()).toBe('2')
    await page.keyboard.press('Enter')
    await visit.sees(code.askNew)
    await page.getByRole('button', { name: auth.resendCode }).and(page.locator(':focus')).waitFor()
  })

  test('when the tries are spent the focus is on the way to a new code', async () => {
    const visit = await given.visit(visitor)
    const { signIn, code } = visit.texts
    const identity = await given.world.identity({ mfaEnabled: true })
    await visit.signIn(identity)
    await visit.at(signIn.mfaTitle)
    const wrong = otherThan(await given.world.lastCode(identity.phone))
    for (let tries = 0; tries < 3; tries += 1) {
      const answered = visit.page.waitForResponse(/login\/verify/)
      await visit.typeCode(wrong)
      await answered
      await visit.page.locator('form > [type=submit]:not([aria-disabled])').waitFor()
    }
    await visit.sees(code.noTries)
    await visit.page.getByRole('button', { name: signIn.newCode }).and(visit.page.locator(':focus')).waitFor()
    await visit.page.keyboard.press('Enter')
    await visit.at(signIn.title)
  })

  test('a PIN is reset without a pointer, a mistake and its correction too', async () => {
    const visit = await given.visit(visitor)
    const { keyboard } = visit.page
    const { pin } = visit.texts
    const focus = (name: string) => visit.page.locator(`input[name=${name}]:focus`).waitFor()
    const tab = async (times: number) => {
      for (let count = 0; count < times; count += 1) await keyboard.press('Tab')
    }
    const { phone } = await pinHolder(given.world, '284917')
    await visit.open('/reset-pin')
    await focus('phone')
    await keyboard.type(phone.slice(0, 5))
    await keyboard.press('Enter')
    // Cut short the number is none, and the focus is where it can be put right.
    await visit.sees(visit.texts.phone.invalid)
    await focus('phone')
    await keyboard.press('End')
    await keyboard.type(phone.slice(5))
    await keyboard.press('Enter')
    await visit.at(pin.enterCodeAndPin)
    await focus('code-1')
    await keyboard.type(await given.world.lastCode(phone))
    await focus('newPin')
    await keyboard.type('123456')
    await tab(2)
    await keyboard.type('123456')
    await keyboard.press('Enter')
    await visit.sees(visit.errors.PIN_TRIVIAL[0])
    await focus('newPin')
    await keyboard.press('Control+a')
    await keyboard.type('730418')
    await tab(2)
    await keyboard.press('Control+a')
    await keyboard.type('730418')
    await keyboard.press('Enter')
    await visit.at(pin.resetDone)
    expect(await visit.page.evaluate('document.activeElement.tagName')).toBe('H1')
  })
})
