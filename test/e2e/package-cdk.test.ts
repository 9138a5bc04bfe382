/** The package's `cdk` export in a team's own app, as it is installed. */
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { installed, type Project, resolutions, root } from '../package/tarball.ts'

let project: Project
beforeAll(() => {
  project = installed(join(root, 'test/package/stock/cdk'), ['typescript', '@types/node'])
  cpSync(join(root, 'cdk.json'), join(project.folder, 'cdk.json'))
}, 180_000)
afterAll(() => project.remove())

test.each(resolutions)(
  'an app compiles as %s resolves it, declarations of libraries checked',
  (_, options) => {
    expect(project.compile(options)).toBe('')
  },
)

test('a stage is synthesized with the functions that the package brings', () => {
  expect(project.run('out/cdk.js')).toBe('latchkey-dev-data latchkey-dev-service latchkey-dev-workers Shop')
})
