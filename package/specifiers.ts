/** Names of modules as they are beside JavaScript: Node runs no TypeScript in `node_modules`, and reads no `#name` of ours there. */
import { dirname, relative } from 'node:path/posix'

const paths = {
  /** A module that is imported, or a file beside it that is run. */
  code: /(\bfrom\s*|\bimport\s*\(?\s*|\bnew URL\(\s*)(["'`])([.#]?[^"'`\n]*\.ts)\2/g,
  types: /(\bfrom\s*|\bimport\s*\(?\s*)(["'])([.#][^"'\n]*\.ts)\2/g,
}

/**
 * @param kind what the text is: JavaScript, or declarations
 * @param file its path from the root, as `#` begins there
 */
export function withBuiltNames(text: string, kind: keyof typeof paths, file: string): string {
  return text.replace(paths[kind], (_, before: string, quote: string, name: string) => {
    const path = name.startsWith('#') ? relative(dirname(file), name.slice(1)) : name
    const own = path.startsWith('.') || !name.startsWith('#') ? path : `./${path}`
    return `${before}${quote}${own.replace(/\.ts$/, '.js')}${quote}`
  })
}

/** Modules that declarations of the package lead to, as paths from the root. */
export function declaredImports(text: string, file: string): string[] {
  return [...text.matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*)["'](\.[^"'\n]*)\.js["']/g)].map(([, path = '']) =>
    relative('', `${dirname(file)}/${path}.d.ts`),
  )
}
