/** How a judging process loads modules: mutated sources for the product's, our own stand-in for vitest, spies for what tests mock. */
import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { root } from './targets.ts'

const standIn = new URL('./vitest.ts', import.meta.url).href
/** What `vi.mock` wraps in the tests, and the function of each that is counted. */
const spied: Readonly<Record<string, string>> = { '@node-rs/argon2': 'hashRaw', '@node-rs/bcrypt': 'hash' }

const spying = (real: string, name: string) =>
  `import * as real from ${JSON.stringify(real)}
import { spyOf } from ${JSON.stringify(standIn)}
export * from ${JSON.stringify(real)}
export const ${name} = spyOf(real.${name})`

/** The part of a module's address that makes it another module: one more evaluation, for a mutant of what runs once. */
const roundOf = (url: string | undefined) => (url === undefined ? '' : new URL(url).search)

const folders = ['shared', 'test', 'local', 'cli'].map((name) => `${pathToFileURL(join(root, name)).href}/`)
const isOurs = (url: string) => folders.some((folder) => url.startsWith(folder))

/** @param sources by path from the root */
export function loadMutated(sources: Readonly<Record<string, string>>): void {
  const byUrl = new Map(
    Object.entries(sources).map(([path, source]) => [pathToFileURL(join(root, path)).href, source]),
  )
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier === 'vitest') return { url: standIn, shortCircuit: true }
      const resolved = next(specifier, context)
      const isTests = context.parentURL !== undefined && isOurs(context.parentURL)
      if (isTests && specifier in spied)
        return { url: `spy:${specifier}?${encodeURIComponent(resolved.url)}`, shortCircuit: true }
      return isOurs(resolved.url) ? { ...resolved, url: resolved.url + roundOf(context.parentURL) } : resolved
    },
    load(url, context, next) {
      if (url.startsWith('spy:')) {
        const [, name = '', real = ''] = /^spy:([^?]+)\?(.*)$/.exec(url) ?? []
        const source = spying(decodeURIComponent(real), spied[name] ?? '')
        return { format: 'module', source, shortCircuit: true }
      }
      const [file = ''] = url.split('?')
      if (!isOurs(url)) return next(url, context)
      const source = byUrl.get(file) ?? readFileSync(fileURLToPath(file), 'utf8')
      return { format: 'module-typescript', source, shortCircuit: true }
    },
  })
}
