/** The example of a team's own page, from the package as it is installed. */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { installed, type Project, root } from '../package/tarball.ts'

let project: Project
beforeAll(() => {
  project = installed(join(root, 'examples/playwright'), ['playwright-core'])
}, 180_000)
afterAll(() => project.remove())

test('examples/playwright passes with the package alone', () => {
  const said = project.run('--test', '--test-reporter=tap')
  expect(said).toMatch(/^# pass 4$/m)
  expect(said).toMatch(/^# fail 0$/m)
}, 180_000)
