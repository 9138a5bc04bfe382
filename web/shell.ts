/**
 * The HTML that each page begins with: the same for all, so that one script serves all languages. What it says, it says in
 * each of them: that the page is on its way, that it did not come, or that it needs a script.
 */
import { linkNames, type PageLinks } from './page-links.ts'

interface Logo {
  readonly light: string
  /** Empty where there is one for both. */
  readonly dark: string
  /** Width by height. */
  readonly ratio: number
}

export interface Shell {
  readonly script: string
  readonly style: string
  readonly logo: Logo
  readonly product: string
  /** Origin of the API; empty for the pages' own. */
  readonly api: string
  /** `document@version` */
  readonly consent: string
  readonly consentUrl: string
  /** Where messages can be read on a developer's machine; empty when deployed. */
  readonly inbox: string
  /** Where the pages may lead back to, as `returnAddress` gives each. */
  readonly returnTo: readonly string[]
  /** Those that may be sent an SMS, as `countryRow` gives each, parted by spaces. */
  readonly countries: string
  /** Of the deployer's own site. */
  readonly links: PageLinks
  readonly policy: string
  readonly words: readonly {
    readonly locale: string
    readonly loading: string
    /** Shown after a while, and at once where the script says so. */
    readonly notLoaded: string
    readonly needsScript: string
  }[]
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string) => text.replace(/[&<>"]/g, (character) => entities[character] ?? '')

/** A browser ignores `frame-ancestors` here and says so: that one is the header's. */
const inDocument = (policy: string) =>
  policy
    .split('; ')
    .filter((part) => !part.startsWith('frame-ancestors'))
    .join('; ')

export function shellHtml(shell: Shell): string {
  const { script, style, logo, product, api, consent, consentUrl, inbox } = shell
  const data = {
    api,
    product,
    logo: logo.light,
    'logo-dark': logo.dark,
    'logo-ratio': String(logo.ratio),
    consent,
    'consent-url': consentUrl,
    inbox,
    'return-to': shell.returnTo.join(' '),
    countries: shell.countries,
    ...Object.fromEntries(linkNames.map((name) => [`link-${name}`, shell.links[name] ?? ''])),
  }
  const attributes = Object.entries(data).map(([name, value]) => `data-${name}="${escaped(value)}"`)
  const inEach = (key: 'loading' | 'notLoaded' | 'needsScript') =>
    shell.words
      .map((words) => `<p lang="${escaped(words.locale)}" dir="auto">${escaped(words[key])}</p>`)
      .join('')
  return `<!doctype html>
<html lang="en" ${attributes.join(' ')}>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escaped(inDocument(shell.policy))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${escaped(product)}</title>
<link rel="icon" href="${escaped(logo.light)}">
<link rel="stylesheet" href="${escaped(style)}">
<script type="module" src="${escaped(script)}"></script>
</head>
<body>
<main class="shell">
<h1>${escaped(product)}</h1>
<div class="coming">${inEach('loading')}</div>
<div class="late">${inEach('notLoaded')}</div>
<noscript>${inEach('needsScript')}</noscript>
</main>
</body>
</html>
`
}
