/** The support page as it is served: by the local stack beside the developer's pages, and by `latchkey console`. One page, two places. */
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { escapeHtml } from '#shared/messages/html.ts'
import { pagePolicy } from '../page-policy.ts'

/** Nothing inline, nothing from elsewhere; it speaks to whoever served it. */
export const supportPolicy = pagePolicy()

export interface Served {
  readonly by: 'local' | 'console'
  /** Its script, style and receipts stand behind it: `.js`, `.css`, `/receipt`. */
  readonly path: string
  /** Whose people these are, in words. */
  readonly where: string
}

const shown = {
  local: { links: '<nav aria-label="Sections"><a href="/_local">Developer’s pages</a></nav>' },
  console: { links: '' },
} as const

/** The document: what stands in it before the script is there, or where none runs. */
export const supportPage = ({ by, path, where }: Served): string => `<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Latchkey support</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${path}.css">
<script type="module" src="${path}.js"></script>
</head>
<body data-served="${by}" data-path="${path}">
<header><h1 class="brand">Latchkey <span>support</span></h1>${shown[by].links}<p class="where">${escapeHtml(where)}</p></header>
<main><noscript><p>This page needs JavaScript. “latchkey identity” does the same in a terminal.</p></noscript></main>
</body>
</html>
`

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
/** Where the package brings them built; a checkout builds them as they are asked for. */
const ready = { script: 'dist/support.js', style: 'dist/support.css' } as const

export interface Assets {
  readonly script: string
  readonly style: string
}

/** @throws Error where the script does not compile */
export async function buildAssets(): Promise<Assets> {
  // Loaded as the page is asked for: whoever has the package alone has no bundler.
  const { build } = await import('esbuild')
  const { outputFiles } = await build({
    absWorkingDir: here('../..'),
    entryPoints: { support: here('main.ts'), style: here('support.css') },
    outdir: here('dist'),
    bundle: true,
    alias: { 'node:url': here('domain.ts') },
    minify: true,
    format: 'esm',
    target: 'es2022',
    write: false,
    logLevel: 'silent',
  })
  const of = (ending: string) => outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? ''
  return { script: of('.js'), style: of('.css') }
}

async function readAssets(): Promise<Assets> {
  try {
    const [script, style] = await Promise.all([
      readFile(here(ready.script), 'utf8'),
      readFile(here(ready.style), 'utf8'),
    ])
    return { script, style }
  } catch {
    return buildAssets()
  }
}

let assets: Promise<Assets> | undefined
/** The page's script and style, built or read once. */
export function supportAssets(): Promise<Assets> {
  assets ??= readAssets()
  return assets
}
