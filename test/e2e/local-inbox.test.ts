/** The inbox of the local stack, as a developer sees it. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { useWorld } from '#test/support/use-world.ts'
import { catalogue as en } from '../../web/texts/en.ts'
import { askForCodes, coloursAt } from './support/inbox.ts'
import { type OpenedBrowser, openBrowser, visit } from './support/visit.ts'

const world = useWorld()
let opened: OpenedBrowser
beforeAll(async () => {
  opened = await openBrowser()
})
afterAll(async () => {
  await opened.close()
})

const looks = (['en', 'ar'] as const).flatMap((locale) =>
  (['light', 'dark'] as const).map((colorScheme) => ({ locale, colorScheme })),
)

test.each(looks)(
  'an email in $locale can be read in a browser set to $colorScheme',
  async ({ locale, colorScheme }) => {
    const email = await askForCodes(world, locale)
    const visitor = await visit(opened.browser, world, { catalogue: en, colorScheme })
    await visitor.open('/_local')
    const article = visitor.page
      .locator('article', { hasText: email })
      .filter({ has: visitor.page.locator('iframe') })
    const frame = article.locator('iframe').contentFrame()
    for (const text of [frame.locator('p').first(), frame.getByText(/^[\d ]{6,7}$/).first()]) {
      await text.waitFor()
      const clip = await text.boundingBox()
      if (clip === null) throw new Error('the text is not shown')
      const { ground, contrast } = await coloursAt(opened.browser, visitor.page, clip)
      // WCAG 2.2, 1.4.6: enhanced.
      expect(contrast).toBeGreaterThan(7)
      if (colorScheme === 'dark') expect(ground).toBeLessThan(0.2)
      else expect(ground).toBeGreaterThan(0.8)
    }
    expect(visitor.complaints).toEqual([])
    await visitor.close()
  },
)
