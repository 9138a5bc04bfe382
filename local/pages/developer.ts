/** What the developer's pages under `/_local` have in common: frame, navigation, style and the one script. */
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { html, Markup } from './html.ts'

/** Emails bring their own styles. Nothing is fetched or framed from elsewhere, and the one script is this stack's own. */
export const developerPolicy =
  "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

const sections = [
  { path: '/_local', name: 'Inbox' },
  { path: '/_local/people', name: 'People' },
  { path: '/_local/bus', name: 'Events' },
  { path: '/_local/stack', name: 'Stack' },
  { path: '/_local/routes', name: 'Routes' },
] as const

export type SectionPath = (typeof sections)[number]['path']

/**
 * @param at which section it belongs to
 * @param title of the document; begins with what is special about this view
 */
export function developerPage(at: SectionPath, title: string, main: Markup): string {
  const links = sections.map(
    ({ path, name }) =>
      html`<a href="${path}"${path === at && new Markup(' aria-current="page"')}>${name}</a>`,
  )
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title} · local Latchkey</title>
<link rel="stylesheet" href="/_local/developer.css">
<script type="module" src="/_local/developer.js"></script>
</head>
<body>
<header><p class="brand">Latchkey <span>on this machine</span></p>
<nav aria-label="Sections">${links}<a href="/_local/support">Support page</a><a href="/">Hosted pages</a></nav></header>
<main>${main}</main>
<p id="said" role="status"></p>
</body>
</html>
`.text
}

const file = (path: string) => fileURLToPath(new URL(`../../web/local/${path}`, import.meta.url))

export const readStyle = (): Promise<string> => readFile(file('developer.css'), 'utf8')

let script: Promise<string> | undefined
/** The script for the browser, built once. @throws Error where it does not compile */
export function readScript(): Promise<string> {
  script ??= buildScript()
  return script
}

async function buildScript(): Promise<string> {
  // Loaded as the page is asked for: whoever has the package alone, and no bundler, still starts the stack.
  const { build } = await import('esbuild')
  const { outputFiles } = await build({
    entryPoints: [file('developer.ts')],
    bundle: true,
    format: 'esm',
    write: false,
    logLevel: 'silent',
  })
  return outputFiles[0]?.text ?? ''
}
