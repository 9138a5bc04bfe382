/** Every mail as a mail program shows it: in each language, in light and in dark, on the smallest phone. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { catalogues } from '#shared/messages/compose.ts'
import { findings } from './support/axe.ts'
import { mailsIn } from './support/mails.ts'
import { type OpenedBrowser, openBrowser, phone } from './support/visit.ts'

let opened: OpenedBrowser
beforeAll(async () => {
  opened = await openBrowser()
})
afterAll(() => opened.close())

const looks = [...catalogues.keys()].flatMap((language) =>
  (['light', 'dark'] as const).map((colorScheme) => ({ language, colorScheme })),
)

describe.each(looks)('in $language, $colorScheme', ({ language, colorScheme }) => {
  test('every mail fits into 320 px, runs in its direction, and axe finds nothing, contrast least of all', async () => {
    const context = await opened.browser.newContext({ viewport: phone, colorScheme })
    const page = await context.newPage()
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    for (const [name, { html }] of mailsIn(language)) {
      await page.setContent(html)
      const seen = await page.evaluate(`({
        width: document.documentElement.scrollWidth,
        direction: getComputedStyle(document.querySelector('h1')).direction,
        ground: getComputedStyle(document.querySelector('.lk-card')).backgroundColor,
        hidden: document.body.innerText.includes('\\u034f'),
      })`)
      expect([name, seen]).toEqual([
        name,
        {
          width: phone.width,
          direction: catalogues.get(language)?.direction,
          ground: colorScheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(21, 30, 46)',
          hidden: false,
        },
      ])
      expect([name, await findings({ page })]).toEqual([name, []])
    }
    expect(asked, 'nothing is loaded').toEqual([])
    await context.close()
  })
})
