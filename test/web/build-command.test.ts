import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

test('what follows `npm run build --` reaches the build of the pages, which comes last', () => {
  const { build } = (JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts
  expect(build?.split(' && ').at(-1)).toBe('node web/build.ts')
})

test('each option that docs/pages.md names is one of it', () => {
  const help = execFileSync(process.execPath, ['web/build.ts', '--help'], { encoding: 'utf8' })
  const named = [...read('docs/pages.md').matchAll(/[` ](--(?!lk-)[a-z][a-z-]+)/g)].map(
    ([, option = '']) => option,
  )
  expect(new Set(named).size).toBeGreaterThan(8)
  expect([...new Set(named)].filter((option) => !help.includes(`  ${option} `))).toEqual([])
})
