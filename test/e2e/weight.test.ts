import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { bundlePages } from '../../web/build.ts'
import { pagePaths } from '../../web/paths.ts'
import { fixture } from './support/fixture.ts'

const given = fixture()

test('all that a page loads is its own, and at most 60 KB compressed', async () => {
  const visit = await given.visit()
  const sizes = new Map<string, number>()
  visit.page.on('response', async (response) => {
    const { origin, pathname } = new URL(response.url())
    expect(origin).toBe(given.world.url)
    sizes.set(pathname, gzipSync(await response.body()).length)
  })
  await visit.open('/forgot-password')
  await visit.at(visit.texts.auth.forgotPassword)
  await visit.page.waitForLoadState('networkidle')
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0)
  expect(sizes.size).toBeGreaterThanOrEqual(3)
  expect(total).toBeLessThanOrEqual(60 * 1024)
})

test('the list of common passwords comes with the first new password, and all stays at most 60 KB compressed', async () => {
  const { files } = await bundlePages()
  const assets = [...files].filter(([path]) => path.startsWith('assets/'))
  expect(assets.map(([path]) => path.replace(/-\w+\./, '.')).sort()).toEqual([
    'assets/app.js',
    'assets/common-passwords.js',
    'assets/logo.svg',
    'assets/style.css',
  ])
  const page = files.get('forgot-password.html') ?? new Uint8Array()
  const total = [page, ...assets.map(([, content]) => content)]
    .map((content) => gzipSync(content).length)
    .reduce((sum, size) => sum + size, 0)
  expect(total).toBeLessThanOrEqual(60 * 1024)
})

test('neither schemas nor phone number tables come into the browser, only rules and their list', async () => {
  const { inputs } = await bundlePages()
  const others = inputs.filter((path) => /^[\w.]+\//.test(path) && !path.startsWith('web/'))
  expect(others.sort()).toEqual([
    'shared/domain/common-passwords.ts',
    'shared/domain/digits.ts',
    'shared/domain/mask.ts',
    'shared/domain/password-forms.ts',
    'shared/domain/password-requirements.ts',
    'shared/domain/password-rules.ts',
    'shared/domain/pin.ts',
    'shared/domain/return-to.ts',
    'shared/domain/trivial.ts',
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
