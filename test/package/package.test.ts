/** What a team gets by `npm install`: the tarball, used from a TypeScript project that sets no flag for it. */
import { cpSync, existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sampleOf } from '#test/support/whole.ts'
import { installed, type Project, resolutions, root } from './tarball.ts'

let project: Project
beforeAll(() => {
  project = installed(join(import.meta.dirname, 'stock'), ['typescript', '@types/node'])
}, 180_000)
afterAll(() => project.remove())

const files = () =>
  readdirSync(project.latchkey, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(project.latchkey, join(entry.parentPath, entry.name)))

/** Packages that files of the package import, and all that those lead to. */
function packagesFrom(paths: readonly string[]): ReadonlySet<string> {
  const packages = new Set<string>()
  const seen = new Set<string>()
  const open = paths.map((path) => join(project.latchkey, path))
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (seen.has(file) || !existsSync(file)) continue
    seen.add(file)
    const text = readFileSync(file, 'utf8')
    for (const [, name = ''] of text.matchAll(
      /(?:\bfrom\s*|\bimport\s*\(?\s*)["'](\.[^"'\n]+|@?[\w./:-]+)["']/g,
    )) {
      const isTyped = file.endsWith('.d.ts')
      if (name.startsWith('.'))
        open.push(join(dirname(file), isTyped ? name.replace(/\.js$/, '.d.ts') : name))
      else if (!isBuiltin(name)) packages.add(name.split('/', name.startsWith('@') ? 2 : 1).join('/'))
    }
  }
  return packages
}

describe('the package', () => {
  test('holds no tests, no proofs and no TypeScript but declarations', () => {
    const all = files()
    expect(all.length).toBeGreaterThan(100)
    expect(
      all.filter((path) =>
        /(^|\/)(test|bench|prove|package)\/(?!.*dist)/.test(path.replace(/^dist\/package\//, '')),
      ),
    ).toEqual([])
    expect(all.filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))).toEqual([])
  })

  test('brings the page that mails of alarms lead to, and those that it rests on', () => {
    expect(files()).toEqual(
      expect.arrayContaining(['docs/runbook.md', 'docs/deploy.md', 'docs/command-line.md']),
    )
  })

  test('has what each of its exports names', () => {
    const paths = Object.values(project.manifest.exports).flatMap((each) =>
      typeof each === 'string' ? [each] : [each.types, each.default],
    )
    expect(Object.keys(project.manifest.exports)).toEqual(
      expect.arrayContaining(['./client', './guard', './testing', './cdk']),
    )
    expect(paths.filter((path) => !existsSync(join(project.latchkey, path)))).toEqual([])
  })

  test('names each package that it leads to as a dependency of its own', () => {
    const { exports, dependencies, optionalDependencies, peerDependencies } = project.manifest
    const named = new Set(Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies }))
    const exported = Object.values(exports).flatMap((each) =>
      typeof each === 'string' ? [] : [each.types, each.default],
    )
    // Found by their place when the stack starts.
    const started = files().filter((path) =>
      /^dist\/package\/(functions|cli\/main|testing\/stack)/.test(path),
    )
    const led = packagesFrom([...exported, ...started])
    expect(led.has('zod') && led.has('aws-cdk-lib') && led.has('@aws-sdk/client-dynamodb')).toBe(true)
    expect([...led].filter((name) => !named.has(name))).toEqual([])
  })
})

describe('a stock project', () => {
  // `cdk` is compiled and synthesized by npm run test:e2e: the declarations of CDK take a minute.
  // One of both a day, both in `npm run prove -- whole-tests`.
  test.each(sampleOf(resolutions, 1))('compiles what it imports as %s resolves it', (_, options) => {
    expect(project.compile(options)).toBe('')
  })

  test('compiles the client where there is a browser and no Node', () => {
    const browser = { module: 'esnext', moduleResolution: 'bundler', types: [], lib: ['es2022', 'dom'] }
    expect(project.compile(browser, ['client.ts'])).toBe('')
  })

  test('runs the client, which says that nobody answers where nobody does', () => {
    expect(project.run('out/client.js')).toBe('OFFLINE')
  })

  test('starts a stack by the testing kit with a sender of its own, signs in, sees the hosted pages and guards an API', () => {
    expect(project.run('out/testing.js')).toBe(
      'u-priya 200 u-priya 403 code.password priya.sharma@example.com',
    )
  })

  const latchkey = 'node_modules/latchkey/cli/latchkey.js'
  test('runs the command line', () => {
    expect(project.run(latchkey, '--help')).toContain('ledger verify')
  })

  test('runs it on the Node that the project has as a package, where its own is too old, or says how to add that', () => {
    const older =
      "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.1.0' } })"
    const onOlder = (program: string) =>
      project.run('--import', `data:text/javascript,${older}`, program, '--help')
    const checkout = join(project.folder, 'checkout', 'cli')
    cpSync(join(project.latchkey, 'cli'), checkout, { recursive: true })
    writeFileSync(join(checkout, 'run.ts'), '')
    expect(() => onOlder('checkout/cli/latchkey.js')).toThrow(/Run "npm ci" in the checkout first\.$/m)
    expect(() => onOlder(latchkey)).toThrow(/add it to this project: npm install --save-dev node@24$/m)
    symlinkSync(join(root, 'node_modules/node'), join(project.folder, 'node_modules/node'))
    expect(onOlder(latchkey)).toContain('ledger verify')
  })
})
