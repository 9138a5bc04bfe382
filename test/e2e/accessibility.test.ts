import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { useWorld } from '#test/support/use-world.ts'
import { catalogue as ar } from '../../web/texts/ar.ts'
import { catalogue as en } from '../../web/texts/en.ts'
import { catalogue as hi } from '../../web/texts/hi.ts'
import { findings } from './support/axe.ts'
import { askByEmail } from './support/people.ts'
import { states } from './support/states.ts'
import {
  desktop,
  kept,
  type OpenedBrowser,
  openBrowser,
  phone,
  usualPhone,
  type Visit,
  visit,
} from './support/visit.ts'

const world = useWorld()
let opened: OpenedBrowser
beforeAll(async () => {
  opened = await openBrowser()
})
afterAll(async () => {
  await opened.close()
})

test('axe does find what is wrong', async () => {
  const visitor = await visit(opened.browser, world, { catalogue: en })
  await visitor.open('/sign-in')
  await visitor.page.evaluate("document.querySelector('main').append(document.createElement('input'))")
  expect(await findings(visitor)).toEqual([expect.stringContaining('label')])
  await visitor.close()
})

/** What is pressed or typed into, and too small for a thumb (WCAG 2.5.5). A box to tick has a label that is large enough. */
const small = ({ page }: Visit) =>
  page.evaluate(`[...document.querySelectorAll('a, button, select, input:not([type=checkbox]), .check label')]
    .filter((each) => each.checkVisibility() && each.getBoundingClientRect().height < 44 && !each.closest('p'))
    .map(({ outerHTML }) => outerHTML)`)

const looks = [
  { catalogue: en, size: desktop, colorScheme: 'light' },
  { catalogue: ar, size: phone, colorScheme: 'dark' },
  { catalogue: hi, size: usualPhone, colorScheme: 'light' },
] as const

describe.each(looks)('$catalogue.locale, $size.width px, $colorScheme', (look) => {
  test.each(Object.entries(states))(
    '%s: axe finds nothing, nothing is cut off, nothing is kept',
    async (_, reach) => {
      const visitor = await visit(opened.browser, world, look)
      await reach(visitor)
      expect(await findings(visitor)).toEqual([])
      const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'
      expect(await visitor.page.evaluate(overflow)).toBe(0)
      expect(await small(visitor)).toEqual([])
      expect(await visitor.page.evaluate('document.documentElement.dir')).toBe(look.catalogue.direction)
      expect(await kept(visitor.page)).toEqual({
        local: [],
        session: [],
        cookie: '',
        databases: [],
        caches: [],
      })
      expect(visitor.complaints).toEqual([])
      await visitor.close()
    },
  )
})

/** 200 % on a phone of 360 px, less than that is left of a split screen, and letters of twice the size by the reader's own setting. */
const narrow = [
  { catalogue: en, size: { width: 180, height: 640 }, fontPx: 16 },
  { catalogue: ar, size: { width: 200, height: 640 }, fontPx: 16 },
  { catalogue: hi, size: { width: 240, height: 640 }, fontPx: 16 },
  { catalogue: en, size: usualPhone, fontPx: 32 },
  { catalogue: ar, size: usualPhone, fontPx: 32 },
  { catalogue: hi, size: usualPhone, fontPx: 32 },
] as const

const narrowStates = [
  'sign-in',
  'forgot-password-code-wrong',
  'phone-number',
  'new-password-typing',
  'reset-pin-reference',
  'set-pin-consent',
  'account',
  'not-me',
] as const

describe.each(narrow)('$catalogue.locale, $size.width px, letters of $fontPx px', (look) => {
  let reader: OpenedBrowser
  beforeAll(async () => {
    reader = await openBrowser(look.fontPx)
  })
  afterAll(async () => {
    await reader.close()
  })

  test.each(narrowStates)('%s: nothing is cut off, fields are as wide as there is room', async (name) => {
    const visitor = await visit(reader.browser, world, look)
    await states[name]?.(visitor)
    const { page } = visitor
    expect(await findings(visitor)).toEqual([])
    const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'
    expect(await page.evaluate(overflow)).toBe(0)
    const wide = `[...document.querySelectorAll('.card *')].filter((each) => each.scrollWidth > each.clientWidth && each.clientWidth > 1 && each.tagName !== 'INPUT').map(({ outerHTML }) => outerHTML)`
    expect(await page.evaluate(wide)).toEqual([])
    const widths = (await page.evaluate(`{
      const room = document.querySelector('form')?.clientWidth
      ;[...document.querySelectorAll('form input:not([type=checkbox])')]
        .filter((each) => each.checkVisibility())
        .map((each) => each.offsetWidth / room)
    }`)) as number[]
    expect(widths.filter((width) => width < 0.95)).toEqual([])
    if (name.startsWith('forgot')) {
      await visitor.sees(visitor.texts.progress.label)
      expect(await page.locator('.progress ol').isVisible()).toBe(false)
    }
    await visitor.close()
  })

  test('a code is typed into one field, and kept where there is room for six', async () => {
    const visitor = await visit(reader.browser, world, look)
    const { page, texts } = visitor
    const { email } = await world.identity()
    await askByEmail(visitor, email)
    const code = await world.lastCode(email)
    await page.getByLabel(texts.code.group).last().pressSequentially(code.slice(0, 5))
    expect(await page.locator('.boxes input:visible').count()).toBe(1)
    await page.setViewportSize(desktop)
    await page.locator('input[name=code-5]:visible').waitFor()
    expect(await page.locator('input[name=code-5]').inputValue()).toBe(code[4])
    await page.setViewportSize(look.size)
    await page.locator('input[name=code-5]').waitFor({ state: 'hidden' })
    await page.keyboard.type(code.slice(5))
    await visitor.at(texts.auth.resetPassword)
    await visitor.close()
  })
})
