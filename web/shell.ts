/** The HTML that each page begins with: no content of its own, so that one script serves all languages. */

export interface Shell {
  readonly script: string
  readonly style: string
  readonly logo: string
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
  readonly policy: string
  /** Said, in each language, where scripts do not run. */
  readonly needsScript: readonly { readonly locale: string; readonly text: string }[]
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
    logo,
    consent,
    'consent-url': consentUrl,
    inbox,
    'return-to': shell.returnTo.join(' '),
    countries: shell.countries,
  }
  const attributes = Object.entries(data).map(([name, value]) => `data-${name}="${escaped(value)}"`)
  const paragraphs = shell.needsScript.map(
    ({ locale, text }) => `<p lang="${escaped(locale)}" dir="auto">${escaped(text)}</p>`,
  )
  return `<!doctype html>
<html lang="en" ${attributes.join(' ')}>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escaped(inDocument(shell.policy))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${escaped(product)}</title>
<link rel="icon" href="${escaped(logo)}">
<link rel="stylesheet" href="${escaped(style)}">
<script type="module" src="${escaped(script)}"></script>
</head>
<body><noscript>${paragraphs.join('')}</noscript></body>
</html>
`
}
