/** The product's source files, and what they import. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

export interface Source {
  /** Path from the project's root. */
  readonly path: string
  readonly text: string
  /** Without comments, so that a word of prose is no code. */
  readonly code: string
  /** Specifiers; those of the project as paths from its root. */
  readonly imports: readonly string[]
}

const importPattern = /(?:from\s+|import\s*\(?\s*)['"]([^'"]+)['"]/g

function importsOf(path: string, code: string): string[] {
  return [...code.matchAll(importPattern)].map(([, specifier = '']) => {
    if (specifier.startsWith('#')) return specifier.slice(1)
    return specifier.startsWith('.') ? relative(root, join(root, dirname(path), specifier)) : specifier
  })
}

const withoutComments = (text: string) =>
  text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:'"`])\/\/.*$/gm, '$1')

/** All TypeScript files of a folder and those in it. */
export function sourcesIn(folder: string): Source[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => {
      const path = join(folder, name)
      const text = readFileSync(join(root, path), 'utf8')
      const code = withoutComments(text)
      return { path, text, code, imports: importsOf(path, code) }
    })
}

/** What is deployed. */
export const deployed = (): Source[] => [...sourcesIn('functions'), ...sourcesIn('shared')]

/** Paths whose code matches. */
export const matching = (sources: readonly Source[], pattern: RegExp): string[] =>
  sources
    .filter(({ code }) => pattern.test(code))
    .map(({ path }) => path)
    .sort()

/** Every file of the project that a file leads to by its imports. */
export function reachedFrom(path: string, sources: readonly Source[]): Set<string> {
  const byPath = new Map(sources.map((source) => [source.path, source]))
  const reached = new Set<string>()
  const open = [path]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (reached.has(next)) continue
    reached.add(next)
    open.push(...(byPath.get(next)?.imports ?? []).filter((target) => byPath.has(target)))
  }
  return reached
}
