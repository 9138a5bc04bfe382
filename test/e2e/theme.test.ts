/** The pages as a deployer dresses them: logos, a picture behind them, links to the deployer's own site. */
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { createWorld } from '#test/support/world.ts'
import { buildPages } from '../../web/build.ts'
import { findings } from './support/axe.ts'
import { fixture, visitors } from './support/fixture.ts'
import { desktop } from './support/visit.ts'

const folder = mkdtempSync(join(tmpdir(), 'latchkey-dressed-'))
const pages = join(folder, 'pages')
const links = {
  privacy: 'https://acme.test/privacy',
  terms: 'https://acme.test/terms',
  support: 'mailto:help@acme.test',
}
const drawing = (colour: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 40"><rect width="160" height="40" fill="${colour}"/></svg>`
const given = fixture(async () => {
  copyFileSync(new URL('../../web/theme/theme.css', import.meta.url), join(folder, 'theme.css'))
  for (const name of ['logo', 'background']) writeFileSync(join(folder, `${name}.svg`), drawing('#dbe4ff'))
  writeFileSync(join(folder, 'logo-dark.svg'), drawing('#1c2129'))
  const securityTxt = join(folder, 'security.txt')
  writeFileSync(securityTxt, `Contact: ${links.support}\nExpires: 2999-01-01T00:00:00Z\n`)
  await buildPages({ out: pages, product: 'Acme', theme: folder, links, securityTxt })
  return createWorld({ pages })
})
afterAll(() => rmSync(folder, { recursive: true }))

test.each(visitors)(
  'below each page stand the deployer’s links, by their names ($catalogue.name)',
  async (visitor) => {
    const visit = await given.visit(visitor)
    const { common } = visit.texts
    for (const path of ['/', '/forgot-password', '/nothing']) {
      await visit.open(path)
      const shown = visit.page.getByRole('contentinfo').getByRole('link')
      expect(
        await shown.evaluateAll((all: HTMLAnchorElement[]) =>
          all.map((link) => [link.textContent, link.href]),
        ),
      ).toEqual([
        [common.privacy, links.privacy],
        [common.terms, links.terms],
        [common.support, links.support],
      ])
      expect(await findings(visit)).toEqual([])
    }
  },
)

test.each(['light', 'dark'] as const)(
  'in %s a page has the picture and the logo of its scheme',
  async (scheme) => {
    const visit = await given.visit({ ...visitors[0], size: desktop, colorScheme: scheme })
    await visit.open('/')
    const behind = await visit.page.evaluate('getComputedStyle(document.documentElement).backgroundImage')
    const shown = /\/assets\/background-\w+\.svg/.exec(String(behind))
    if (shown !== null) expect((await fetch(given.world.url + shown[0])).status).toBe(200)
    const logo = await visit.page
      .locator('.brand img')
      .evaluate((image: HTMLImageElement) => image.currentSrc)
    // In the dark, for which this theme has none, the pages' own shade.
    expect(behind).toMatch(scheme === 'light' ? /\/assets\/background-\w{8}\.svg/ : /^(?!.*url\()/)
    expect(logo).toMatch(scheme === 'light' ? /\/assets\/logo-\w{8}\.svg/ : /\/assets\/logo-dark-\w{8}\.svg/)
    await visit.page.emulateMedia({ forcedColors: 'active' })
    expect(await visit.page.evaluate('getComputedStyle(document.documentElement).backgroundImage')).toBe(
      'none',
    )
  },
)

test('security.txt is there as it was given, and one that has expired is refused', async () => {
  const reply = await fetch(`${given.world.url}/.well-known/security.txt`)
  expect(reply.headers.get('content-type')).toBe('text/plain; charset=utf-8')
  expect(await reply.text()).toContain('Contact: mailto:help@acme.test')
  const old = join(folder, 'old.txt')
  writeFileSync(old, `Contact: ${links.support}\nExpires: 2020-01-01T00:00:00Z\n`)
  await expect(buildPages({ out: pages, securityTxt: old })).rejects.toThrow('old.txt cannot be used')
  await expect(buildPages({ out: pages, links: { terms: 'javascript:alert(1)' } })).rejects.toThrow('"terms"')
})

test('a phone’s keyboard leads from field to field, and names the last one’s key by what it does', async () => {
  const visit = await given.visit()
  await visit.open('/sign-in')
  const hints = visit.page.locator('form input:not([type=checkbox])')
  expect(
    await hints.evaluateAll((inputs: HTMLInputElement[]) =>
      inputs.map(({ name, enterKeyHint }) => [name, enterKeyHint]),
    ),
  ).toEqual([
    ['identifier', 'next'],
    ['password', 'go'],
  ])
})
