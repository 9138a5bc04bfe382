/** What the package exports: package.json is the one table of it, and each of its paths mirrors that of a source. */
import { readFileSync } from 'node:fs'

export const root = new URL('..', import.meta.url)
/** Where the checkout lies in JavaScript, from the root; relative paths in it mean what they mean in the checkout. */
export const built = 'dist/package'

interface Manifest {
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>
}

/**
 * @returns name of each export in code with its source, from the root
 * @throws Error for a path that mirrors none
 */
export function exportedSources(): ReadonlyMap<string, string> {
  const { exports } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as Manifest
  return new Map(
    Object.entries(exports).flatMap(([name, paths]) => {
      if (typeof paths === 'string') return []
      const [, path] = new RegExp(`^\\./${built}/(.+)\\.js$`).exec(paths.default) ?? []
      if (path === undefined || paths.types !== `./${built}/${path}.d.ts`)
        throw new Error(`package.json exports ${name} from elsewhere than ${built}, or without its types`)
      return [[name, `${path}.ts`] as const]
    }),
  )
}
