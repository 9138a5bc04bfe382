/** Pictures of every state in each language, theme and size: `node test/e2e/screenshots.ts [DIR] [NAME]`. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createWorld } from '#test/support/world.ts'
import { buildPages } from '../../web/build.ts'
import { catalogue as ar } from '../../web/texts/ar.ts'
import { catalogue as en } from '../../web/texts/en.ts'
import { askForCodes } from './support/inbox.ts'
import { states } from './support/states.ts'
import { lockedOut, walkSupportPage } from './support/support-states.ts'
import { desktop, openBrowser, phone, visit } from './support/visit.ts'

const [directory = 'coverage/pages', only = ''] = process.argv.slice(2)
mkdirSync(directory, { recursive: true })
await buildPages()
// The functions log a line a request.
process.stdout.write = process.stderr.write.bind(process.stderr) as typeof process.stdout.write
const world = await createWorld({ seed: true })
const { browser, close } = await openBrowser()
const looks = [
  { catalogue: en, size: desktop, colorScheme: 'light' },
  { catalogue: ar, size: phone, colorScheme: 'dark' },
  { catalogue: ar, size: desktop, colorScheme: 'light' },
  { catalogue: en, size: phone, colorScheme: 'dark' },
] as const
try {
  // An email of each language, and an SMS, as a developer finds them: the page itself has one language.
  for (const locale of ['en', 'ar'] as const) await askForCodes(world, locale)
  for (const look of looks.slice(0, 2)) {
    for (const view of ['', '/people', '/people?userId=u-priya', '/stack', '/routes']) {
      const file = `local${view.replace(/\W+/g, '-')}-${look.size.width}-${look.colorScheme}.png`
      if (!file.startsWith(only)) continue
      const visitor = await visit(browser, world, look)
      await visitor.open(`/_local${view}`)
      // A frame that is out of view is not painted.
      await visitor.page.setViewportSize({ width: look.size.width, height: 2400 })
      for (const frame of await visitor.page.locator('iframe').all())
        await frame.contentFrame().locator('p').first().waitFor()
      await visitor.page.screenshot({ path: join(directory, file), fullPage: true })
      await visitor.close()
    }
  }
  for (const look of 'support'.startsWith(only) || only.startsWith('support') ? looks : []) {
    if (look.catalogue !== en) continue
    const visitor = await visit(browser, world, look)
    await walkSupportPage(visitor, await lockedOut(world), async (state) => {
      const file = `support-${state}-${look.size.width}-${look.colorScheme}.png`
      await visitor.page.screenshot({ path: join(directory, file), fullPage: true })
    })
    await visitor.close()
  }
  for (const [name, reach] of Object.entries(states)) {
    if (!name.startsWith(only)) continue
    for (const look of looks) {
      const { catalogue, size, colorScheme } = look
      const file = `${name}-${catalogue.locale}-${size.width}-${colorScheme}.png`
      const visitor = await visit(browser, world, look)
      try {
        await reach(visitor)
        await visitor.page.screenshot({ path: join(directory, file), fullPage: true })
      } catch (error) {
        console.error(`${file}: ${(error as Error).message}`)
      }
      await visitor.close()
    }
  }
} finally {
  await close()
  await world.close()
}
