/** What may run while packages are installed: SECURITY.md says so. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const json = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>

test('every package with a script of its own is judged by name, and npm is told to stop at any other', () => {
  const packages = json('package-lock.json')['packages'] as Record<string, { hasInstallScript?: boolean }>
  const scripted = Object.entries(packages)
    .filter(([, { hasInstallScript }]) => hasInstallScript)
    .map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length))
  const judged = json('package.json')['allowScripts'] as Record<string, boolean>
  expect(Object.keys(judged).sort()).toEqual([...new Set(scripted)].sort())
  expect(Object.keys(judged).filter((name) => judged[name])).toEqual(['node'])
  expect(readFileSync('.npmrc', 'utf8')).toMatch(/^strict-allow-scripts=true$/m)
})
