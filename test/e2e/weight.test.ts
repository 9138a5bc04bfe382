import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { bundlePages } from '../../web/build.ts'
import { pagePaths } from '../../web/paths.ts'
import { fixture, visitors } from './support/fixture.ts'
import { proveByEmail } from './support/people.ts'

const given = fixture()
const most = 60 * 1024
const compressed = (content: Uint8Array) => gzipSync(content).length

test.each(visitors)(
  '$catalogue.locale: all that a person loads up to a new password is our own, in one language, and at most 60 KB compressed',
  async (visitor) => {
    const visit = await given.visit(visitor)
    const { email } = await given.world.identity()
    const loaded: Promise<readonly [path: string, size: number]>[] = []
    visit.page.on('response', (response) => {
      const { origin, pathname } = new URL(response.url())
      expect(origin).toBe(given.world.url)
      if (response.request().method() === 'GET')
        loaded.push(
          response.body().then((body) => [pathname.replace(/-[A-Z0-9]{8}\./i, '.'), compressed(body)]),
        )
    })
    const last = visit.page.waitForResponse(/common-passwords/)
    await proveByEmail(visit, email)
    await last
    const sizes = new Map(await Promise.all(loaded))
    const names = [...sizes.keys()].sort()
    expect(names.filter((name) => name !== '/assets/logo.svg')).toEqual([
      '/assets/app.js',
      '/assets/common-passwords.js',
      '/assets/style.css',
      `/assets/texts-${visit.catalogue.locale}.js`,
      '/forgot-password',
    ])
    expect([...sizes.values()].reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(most)
  },
)

test('what is deployed weighs at most 60 KB compressed for a person of any language, and nothing else is deployed', async () => {
  const { files } = await bundlePages()
  const assets = [...files].filter(([path]) => path.startsWith('assets/'))
  const namesOf = (name: string) => assets.filter(([path]) => path.startsWith(`assets/${name}-`))
  const common = ['app', 'common-passwords', 'logo', 'style'].flatMap(namesOf)
  const page = files.get('forgot-password.html') ?? new Uint8Array()
  const sum = (contents: readonly Uint8Array[]) => contents.map(compressed).reduce((a, b) => a + b, 0)
  const texts = ['en', 'ar', 'hi'].map((locale) => namesOf(`texts-${locale}`))
  expect(assets).toHaveLength(common.length + texts.flat().length)
  for (const own of texts) {
    expect(own).toHaveLength(1)
    expect(sum([page, ...[...common, ...own].map(([, content]) => content)])).toBeLessThanOrEqual(most)
  }
})

test('a theme’s wide logo holds the name, its dark one is shown on dark pages, and its picture stands behind them', async () => {
  const theme = mkdtempSync(join(tmpdir(), 'latchkey-theme-'))
  const own = new URL('../../web/theme/theme.css', import.meta.url)
  const drawing = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 40"></svg>'
  copyFileSync(own, join(theme, 'theme.css'))
  for (const name of ['logo.svg', 'logo-dark.svg']) writeFileSync(join(theme, name), drawing)
  const { files } = await bundlePages({ theme })
  const page = String(Buffer.from(files.get('sign-in.html') ?? []))
  expect(page).toMatch(
    / data-logo="\/assets\/logo-\w+\.svg" data-logo-dark="\/assets\/logo-dark-\w+\.svg" data-logo-ratio="4"/,
  )
  writeFileSync(join(theme, 'background.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
  const behind = [...(await bundlePages({ theme })).files]
  const style = behind.find(([name]) => name.endsWith('.css'))?.[1] ?? new Uint8Array()
  const [, picture = ''] = /url\("?\/(assets\/background-\w{8}\.svg)/.exec(String(Buffer.from(style))) ?? []
  expect(behind.map(([name]) => name)).toContain(picture)
  writeFileSync(join(theme, 'theme.css'), ':root { --lk-text: #eee; --lk-card: #fff }')
  await expect(bundlePages({ theme })).rejects.toThrow('--lk-text on --lk-card')
  rmSync(theme, { recursive: true })
})

test('neither schemas nor phone number tables come into the browser, only rules and their list', async () => {
  const { inputs } = await bundlePages()
  const others = inputs.filter((path) => /^[\w.]+\//.test(path) && !path.startsWith('web/'))
  expect(others.sort()).toEqual([
    'shared/contract/references.ts',
    'shared/domain/common-passwords.ts',
    'shared/domain/digits.ts',
    'shared/domain/front-code.ts',
    'shared/domain/mask.ts',
    'shared/domain/password-forms.ts',
    'shared/domain/password-requirements.ts',
    'shared/domain/password-rules.ts',
    'shared/domain/pin.ts',
    'shared/domain/return-to.ts',
    'shared/domain/trivial.ts',
    'shared/domain/user-agent.ts',
  ])
})

test.each(Object.values(pagePaths))(
  '%s has the policy, is asked for again each time, and its files never',
  async (path) => {
    const { headers, status } = await given.world.get<string>(path)
    expect(status).toBe(200)
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    )
    expect(headers.get('cache-control')).toBe('no-cache')
    const html = (await given.world.get<string>(path)).body
    const assets = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, asset]) => asset ?? '')
    expect(assets).toHaveLength(3)
    for (const asset of assets) {
      const file = await given.world.get(asset)
      expect(file.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    }
    expect(html).not.toMatch(/<script>|<style|style="|onclick/)
  },
)
