import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { unreadable } from '../../web/theme-contrast.ts'

const own = readFileSync(new URL('../../web/theme/theme.css', import.meta.url), 'utf8')

test('our own theme can be read, in light and in dark', () => {
  expect(unreadable(own)).toEqual([])
})

test('a colour that cannot be read is named with its ground, its scheme and what it needs', () => {
  expect(unreadable(own.replace('--lk-muted: #4b5563', '--lk-muted: #999'))).toEqual([
    'light: --lk-muted on --lk-page has 2.6 : 1, and needs 4.5',
    'light: --lk-muted on --lk-card has 2.8 : 1, and needs 4.5',
  ])
  expect(unreadable(own.replace('--lk-bad: #fca5a5', '--lk-bad: #803030'))).toEqual([
    expect.stringMatching(/^dark: --lk-bad on --lk-card has 1\.\d : 1, and needs 4\.5$/),
  ])
})

test('what is no plain colour is left to the eye, and a theme without dark is judged in light alone', () => {
  expect(unreadable(':root { --lk-text: var(--mine); --lk-card: #fff; --lk-page: rgb(0 0 0) }')).toEqual([])
  expect(unreadable(':root { --lk-text: #eee; --lk-card: #FFFFFF }')).toHaveLength(1)
})

test('a picture behind the pages is judged by each of its colours, in its own scheme', () => {
  const picture = (...colours: string[]) => ({
    content: Buffer.from(`<svg>${colours.map((colour) => `<rect fill="${colour}"/>`).join('')}</svg>`),
  })
  expect(unreadable(own, { light: picture('#fff', '#eef2ff'), dark: picture('#0b1220', '#000') })).toEqual([])
  expect(unreadable(own, { light: picture('#fff', '#888') })).toEqual([
    'light: --lk-muted on #888888 of the background has 2.1 : 1, and needs 4.5',
    'light: --lk-accent on #888888 of the background has 1.9 : 1, and needs 4.5',
    'light: --lk-line on #888888 of the background has 1.4 : 1, and needs 3',
  ])
  expect(unreadable(own, { dark: picture('#ffffff') })).toContainEqual(
    expect.stringMatching(/^dark: --lk-text on #ffffff of the background has 1\.\d : 1, and needs 4\.5$/),
  )
})
