import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { useWorld } from '#test/support/use-world.ts'
import { catalogue as ar } from '../../web/texts/ar.ts'
import { catalogue as en } from '../../web/texts/en.ts'
import { findings } from './support/axe.ts'
import { states } from './support/states.ts'
import { desktop, kept, type OpenedBrowser, openBrowser, phone, visit } from './support/visit.ts'

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

const looks = [
  { catalogue: en, size: desktop, colorScheme: 'light' },
  { catalogue: ar, size: phone, colorScheme: 'dark' },
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
