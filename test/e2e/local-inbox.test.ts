/** What a developer sees on the local stack: inbox, people, stack, routes, and codes at the edge of the hosted pages. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { useWorld } from '#test/support/use-world.ts'
import { newIp } from '#test/support/world.ts'
import { buildPages, bundlePages } from '../../web/build.ts'
import { catalogue as en } from '../../web/texts/en.ts'
import { findings } from './support/axe.ts'
import { askForCodes, coloursAt } from './support/inbox.ts'
import { desktop, type OpenedBrowser, openBrowser, phone, visit } from './support/visit.ts'

const pages = mkdtempSync(join(tmpdir(), 'latchkey-local-pages-'))
const world = useWorld({ pages })
let opened: OpenedBrowser
beforeAll(async () => {
  await buildPages({ out: pages, inbox: '/_local' })
  opened = await openBrowser()
})
afterAll(async () => {
  await opened.close()
  rmSync(pages, { recursive: true, force: true })
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

describe('the inbox', () => {
  test('a message that comes appears by itself, its mail in full height, its code copied by one press', async () => {
    const visitor = await visit(opened.browser, world, { catalogue: en })
    await visitor.context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await visitor.open('/_local')
    const { email } = await world.identity()
    await world.post('/api/auth/forgot-password', { email }, { ip: newIp() })
    const code = await world.lastCode(email)
    const article = visitor.page.locator('article', { hasText: email })
    await article.waitFor()
    await expect
      .poll(() =>
        article.locator('iframe').evaluate((frame: HTMLIFrameElement) => {
          const page = frame.contentDocument?.documentElement
          return page !== undefined && page.scrollHeight === frame.clientHeight && page.scrollHeight > 100
        }),
      )
      .toBe(true)
    await article.getByRole('button', { name: `Copy ${code}` }).click()
    await expect.poll(() => visitor.page.evaluate('navigator.clipboard.readText()')).toBe(code)
    expect(visitor.complaints).toEqual([])
    await visitor.close()
  })

  test('typing in the search leaves the messages that are like it', async () => {
    const [first, second] = [await askForCodes(world, 'en'), await askForCodes(world, 'en')]
    const visitor = await visit(opened.browser, world, { catalogue: en })
    await visitor.open('/_local')
    await visitor.page.getByLabel('Search').fill(first.toUpperCase())
    const articles = visitor.page.locator('article')
    await expect.poll(() => articles.count()).toBe(1)
    expect(await articles.textContent()).toContain(first)
    expect(await visitor.page.locator('main').textContent()).not.toContain(second)
    await visitor.close()
  })
})

test('a person is suspended from their page, and the ledger shows it', async () => {
  const { userId } = await world.identity()
  const visitor = await visit(opened.browser, world, { catalogue: en })
  await visitor.open(`/_local/people?userId=${userId}`)
  await visitor.page.getByRole('button', { name: 'Suspend' }).click()
  await visitor.page.getByRole('button', { name: 'Resume' }).waitFor()
  await world.idle()
  await visitor.page.reload()
  expect(await visitor.page.locator('ol.ledger').textContent()).toContain('IDENTITY_CHANGED')
  await visitor.close()
})

test('a person is added from the page of people', async () => {
  const visitor = await visit(opened.browser, world, { catalogue: en })
  await visitor.open('/_local/people')
  await visitor.type('Username', 'kim.lee')
  await visitor.type('Password', 'Violet-Harbour-2044!')
  await visitor.press('Add')
  const added = visitor.page.getByRole('listitem').filter({ hasText: 'kim.lee' })
  await added.getByText('password of another system').waitFor()
  expect(visitor.complaints).toEqual([])
  await visitor.close()
})

test('a route is tried, its session kept for the next, and its calls shown', async () => {
  const { email, password } = await world.identity()
  const visitor = await visit(opened.browser, world, { catalogue: en })
  await visitor.open('/_local/routes')
  const route = (path: string) =>
    visitor.page.locator('details', { has: visitor.page.getByText(path, { exact: true }) })
  const login = route('/api/auth/login')
  await login.locator('summary').click()
  await login.getByLabel('Body').fill(JSON.stringify({ identifier: email, password }))
  await login.getByRole('button', { name: 'Send' }).click()
  await login.locator('.success').waitFor()
  const session = route('/api/auth/session')
  await session.locator('summary').click()
  await session.getByRole('button', { name: 'Send' }).click()
  await session.locator('.success').waitFor()
  await session.getByRole('link', { name: 'AWS calls' }).click()
  await visitor.page
    .getByText(/dynamodb (BatchGetItem|TransactGetItems)/)
    .first()
    .waitFor()
  expect(visitor.complaints).toEqual([])
  await visitor.close()
})

const views = ['/_local', '/_local/people', '/_local/bus', '/_local/stack', '/_local/routes']
const sizes = [
  { size: desktop, colorScheme: 'light' },
  { size: phone, colorScheme: 'dark' },
] as const
test.each(views.flatMap((view) => sizes.map((look) => ({ view, ...look }))))(
  '$view, $size.width px, $colorScheme: axe finds nothing, and nothing is cut off',
  async ({ view, ...look }) => {
    await askForCodes(world, 'en')
    const visitor = await visit(opened.browser, world, { catalogue: en, ...look })
    await visitor.open(view)
    expect(await findings(visitor)).toEqual([])
    const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'
    expect(await visitor.page.evaluate(overflow)).toBe(0)
    expect(visitor.complaints).toEqual([])
    await visitor.close()
  },
)

describe('codes at the edge of the hosted pages', () => {
  test.each(sizes)(
    '$size.width px, $colorScheme: the start page says who can sign in and leads to the developer’s page, and no other does',
    async (look) => {
      const visitor = await visit(opened.browser, world, { catalogue: en, ...look })
      await visitor.open('/')
      const note = visitor.page.getByRole('complementary')
      await note.getByText('priyasharma').waitFor()
      expect(await findings(visitor)).toEqual([])
      await visitor.follow(en.texts.auth.forgotPassword)
      await note.waitFor({ state: 'hidden' })
      await visitor.page.goBack()
      await note.getByRole('link', { name: 'Developer’s page' }).click()
      await visitor.page.getByRole('heading', { name: 'Inbox' }).waitFor()
      expect(visitor.complaints).toEqual([])
      await visitor.close()
    },
  )

  test('a developer’s pages show each code that is sent', async () => {
    const visitor = await visit(opened.browser, world, { catalogue: en })
    await visitor.open('/forgot-password')
    const { email } = await world.identity()
    await world.post('/api/auth/forgot-password', { email }, { ip: newIp() })
    const code = await world.lastCode(email)
    await visitor.sees(`Development code: ${code} to ${email}`)
    expect(await findings(visitor)).toEqual([])
    expect(visitor.complaints).toEqual([])
    await visitor.close()
  })

  test('the deployed build holds none of that', async () => {
    const signs = ['Development code', 'priyasharma', '/_local']
    const holdsIt = (texts: readonly string[]) =>
      texts.some((text) => signs.some((sign) => text.includes(sign)))
    const { files, inputs } = await bundlePages()
    expect(inputs.filter((path) => /^(web\/)?local\//.test(path))).toEqual([])
    expect(holdsIt([...files.values()].map((content) => Buffer.from(content).toString()))).toBe(false)
    const local = readdirSync(join(pages, 'assets')).map((name) =>
      readFileSync(join(pages, 'assets', name), 'utf8'),
    )
    expect(holdsIt(local)).toBe(true)
  })
})
