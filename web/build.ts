/** Builds the pages in one pass of esbuild: `node web/build.ts --help` lists what can be set. */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, extname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { commonPasswords } from '#shared/domain/common-passwords.ts'
import { readReturnTo } from '#shared/domain/return-to.ts'
import { policy } from '#shared/policy.ts'
import { pack } from './app/packed-texts.ts'
import { countryRow } from './countries.ts'
import { withTextsOf } from './own-texts.ts'
import { packWords } from './pack-words.ts'
import { checkLinks, type PageLinks } from './page-links.ts'
import { pagePolicy } from './page-policy.ts'
import { notFoundFile, pagePaths } from './paths.ts'
import { faultsOf, securityTxtPath } from './security-txt.ts'
import { shellHtml } from './shell.ts'
import type { Catalogue } from './texts/catalogue.ts'
import { backgroundRules, picturesOf, readTheme } from './theme.ts'
import { unreadable } from './theme-contrast.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
/** `.ts` in the checkout, `.js` in the package. */
const extension = extname(import.meta.url)
/** Loaded late: who takes the package without hosting the pages needs no bundler. */
const bundler = () => import('esbuild')

export interface PagesOptions {
  readonly out: string
  readonly api: string
  readonly product: string
  /** Folder of a theme, as `readTheme` takes it. */
  readonly theme: string
  /** The agreement before a first PIN, as the setting CONSENT has it: `document`, `document@version`, or empty. */
  readonly consent: string
  readonly consentUrl: string
  readonly inbox: string
  /** Folder whose `pages/en.json` and so on hold texts in place of ours; empty: none. */
  readonly texts: string
  /** Where the pages may lead back to, the usual one first: each as `returnAddress` gives it. */
  readonly returnTo: readonly string[]
  /** Those that may be sent an SMS, ISO 3166 alpha-2. */
  readonly countries: readonly string[]
  /** Privacy, terms and support, on the deployer's own site. */
  readonly links: PageLinks
  /** File that is served as `/.well-known/security.txt`; empty: none. */
  readonly securityTxt: string
}

const pagesDefaults: PagesOptions = {
  out: here('dist'),
  api: '',
  product: 'Latchkey',
  theme: here('theme'),
  consent: '',
  consentUrl: '',
  inbox: '',
  texts: '',
  returnTo: [],
  countries: policy.smsCountries,
  links: {},
  securityTxt: '',
}

export interface BuiltPages {
  /** Content by path below `out`. */
  readonly files: ReadonlyMap<string, Uint8Array>
  /** What went into the script, relative to the checkout. */
  readonly inputs: readonly string[]
}

/** What the page asks to accept: a version where the setting leaves it open, and a document where any will do. */
const agreementOf = (consent: string): string =>
  consent === '' ? 'digital-identity-agreement@1' : consent.includes('@') ? consent : `${consent}@1`

/** Bundles the pages, writing nothing. @throws Error when a source does not compile, the theme is incomplete or too faint, or a text cannot be used */
export async function bundlePages(given: Partial<PagesOptions> = {}): Promise<BuiltPages> {
  const options = { ...pagesDefaults, ...given }
  const theme = await readTheme(options.theme)
  const faults = unreadable(theme.css, theme.backgrounds)
  if (faults.length > 0) throw new Error(`The theme cannot be read by everybody: ${faults.join('; ')}`)
  checkLinks(options.links)
  const catalogues = withTextsOf(options.texts, await readCatalogues())
  const { build } = await bundler()
  const result = await build({
    absWorkingDir: here('..'),
    entryPoints: { app: here(`app/main${extension}`), style: 'style.css' },
    plugins: [themed(options.theme, backgroundRules(theme)), withLanguages(catalogues), packedList],
    bundle: true,
    minify: true,
    format: 'esm',
    splitting: true,
    define: { LOCAL: String(options.inbox !== '') },
    target: ['chrome111', 'firefox113', 'safari16.4'],
    charset: 'utf8',
    external: ['/assets/*'],
    outdir: options.out,
    entryNames: 'assets/[name]-[hash]',
    assetNames: 'assets/[name]-[hash]',
    chunkNames: 'assets/[name]-[hash]',
    write: false,
    metafile: true,
    logLevel: 'silent',
  })
  const files = new Map<string, Uint8Array>(
    result.outputFiles.map(({ path, contents }) => [
      relative(options.out, path).split(sep).join('/'),
      contents,
    ]),
  )
  const asset = (start: string, end: string) => {
    const name = [...files.keys()].find((path) => path.startsWith(`assets/${start}-`) && path.endsWith(end))
    if (name === undefined) throw new Error(`The build made no ${start}${end}`)
    return `/${name}`
  }
  for (const { path, content } of picturesOf(theme)) files.set(path, content)
  if (options.securityTxt !== '')
    files.set(securityTxtPath.slice(1), await readSecurityTxt(options.securityTxt))
  const html = shellHtml({
    ...options,
    consent: agreementOf(options.consent),
    countries: options.countries.map(countryRow).filter(Boolean).join(' '),
    script: asset('app', '.js'),
    style: asset('style', '.css'),
    logo: theme.logo.paths,
    policy: pagePolicy(options.api),
    words: catalogues.map(({ locale, texts: { common } }) => ({ locale, ...common })),
  })
  for (const name of [...Object.values(pagePaths).map(fileOf), notFoundFile])
    files.set(name, Buffer.from(html))
  return { files, inputs: Object.keys(result.metafile.inputs) }
}

const fileOf = (path: string) => (path === '/' ? 'index.html' : `${path.slice(1)}.html`)

/** @throws Error where it is not as RFC 9116 has it, or has expired */
async function readSecurityTxt(file: string): Promise<Buffer> {
  const content = await readFile(file)
  const faults = faultsOf(String(content), Date.now())
  if (faults.length > 0) throw new Error(`${file} cannot be used as security.txt: ${faults.join('; ')}`)
  return content
}

/** Every file of `texts/` is a language; English, which sets the keys, comes first. */
export async function readCatalogues(): Promise<readonly Catalogue[]> {
  const isLanguage = (name: string) => extname(name) === extension && !/^catalogue\.|\.d\.ts$/.test(name)
  const names = (await readdir(here('texts'))).filter(isLanguage).sort()
  const modules = await Promise.all(
    names.map((name) => import(new URL(`texts/${name}`, import.meta.url).href)),
  )
  const catalogues: Catalogue[] = modules.map(({ catalogue }) => catalogue)
  return catalogues.sort((a, b) => Number(b.locale === 'en') - Number(a.locale === 'en'))
}

/** The languages as a module, and the texts of each as a file of its own: a person needs one. */
const withLanguages = (catalogues: readonly Catalogue[]): import('esbuild').Plugin => ({
  name: 'languages',
  setup({ onResolve, onLoad }) {
    const namespace = 'texts'
    const listed = catalogues.map(
      ({ locale, name }) =>
        `{ ...${JSON.stringify({ locale, name })}, load: async () => unpack((await import('texts-${locale}')).packed) }`,
    )
    onResolve({ filter: /^(?:languages|texts-\w+)$/ }, ({ path }) => ({ path, namespace }))
    onLoad({ filter: /^languages$/, namespace }, () => ({
      contents: `import { unpack } from './app/packed-texts.ts'\nexport const languages = [${listed}]`,
      resolveDir: here('.'),
    }))
    for (const catalogue of catalogues)
      onLoad({ filter: new RegExp(`^texts-${catalogue.locale}$`), namespace }, () => ({
        contents: `export const packed = ${JSON.stringify(pack(catalogue))}`,
      }))
  },
})

let words: string | undefined
/** The service's own list of passwords, in the fewest bytes. */
const packedList: import('esbuild').Plugin = {
  name: 'packed list',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]common-passwords\.[jt]s$/ }, () => {
      words ??= packWords([...commonPasswords()])
      return {
        contents: `import { unpackWords } from './app/packed-words.ts'
export const commonPasswords = () => unpackWords('${words}')`,
        resolveDir: here('.'),
      }
    })
  },
}

/** The style sheet is the theme's variables, the pages' own rules, and what the theme puts behind them. */
const themed = (theme: string, rules: string): import('esbuild').Plugin => ({
  name: 'theme',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^style\.css$/ }, () => ({ path: 'style.css', namespace: 'theme' }))
    onLoad({ filter: /.*/, namespace: 'theme' }, () => ({
      contents: [join(theme, 'theme.css'), here('styles/app.css')]
        .map((file) => `@import ${JSON.stringify(file)};`)
        .concat(rules)
        .join('\n'),
      loader: 'css',
      resolveDir: here('.'),
    }))
  },
})

/** Names that a build gave; only such files are removed when another build takes their place. */
const versioned =
  /^(?:app|developers-own|common-passwords|texts-\w+|style|(?:logo|background)(?:-dark)?)-\w+\.(?:js|css|svg)$/

/** Builds and writes the pages; what is there already, alike, is left as it is. */
export async function buildPages(given: Partial<PagesOptions> = {}): Promise<BuiltPages> {
  const out = given.out ?? pagesDefaults.out
  const built = await bundlePages(given)
  await Promise.all([...built.files].map(([path, content]) => writeIfChanged(join(out, path), content)))
  const present = await readdir(join(out, 'assets'))
  const stale = present.filter((name) => versioned.test(name) && !built.files.has(`assets/${name}`))
  await Promise.all(stale.map((name) => rm(join(out, 'assets', name), { force: true })))
  return built
}

async function writeIfChanged(file: string, content: Uint8Array): Promise<void> {
  const present = await readFile(file).catch(() => undefined)
  if (present?.equals(content) === true) return
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, content)
}

/** The client as one module without dependencies, for those who use it without a bundler. */
async function buildClient(outfile = here('../dist/client.js')): Promise<void> {
  const { build } = await bundler()
  const common = { bundle: true, format: 'esm', target: 'es2022', logLevel: 'silent' } as const
  await build({ ...common, absWorkingDir: here('..'), entryPoints: [here('client.ts')], outfile })
}

const help = `node web/build.ts [options]
  --out DIR            where the pages go (web/dist)
  --api ORIGIN         origin of the API, where it is not the pages' own
  --product NAME       name in titles and beside the logo
  --theme DIR          folder with theme.css, logo.svg and, if need be, logo-dark.svg, background.svg, background-dark.svg (web/theme)
  --consent DOC@VER    agreement that is accepted before a first PIN, as in the setting CONSENT
  --texts DIR          folder whose pages/en.json and so on hold texts in place of ours
  --consent-url URL    where that agreement can be read
  --return-to LIST     addresses that the pages may lead back to, parted by commas, the usual one first
  --countries LIST     countries that may be sent an SMS, such as EG,IN
  --privacy URL        links below each page: to what you say of privacy,
  --terms URL            to your terms,
  --support URL          and to those who help (https, or mailto:)
  --security-txt FILE  served as /.well-known/security.txt, where people tell you of a weakness
`

async function main(): Promise<void> {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    options: {
      out: text,
      api: text,
      product: text,
      theme: text,
      texts: text,
      consent: text,
      'consent-url': text,
      'return-to': text,
      countries: text,
      'security-txt': text,
      privacy: text,
      terms: text,
      support: text,
      help: { type: 'boolean' },
    },
  })
  if (values.help === true) {
    process.stdout.write(help)
    return
  }
  const { 'consent-url': consentUrl, 'return-to': returnTo = '', countries, help: _, ...others } = values
  const { 'security-txt': securityTxt, privacy, terms, support, ...rest } = others
  const { files } = await buildPages({
    ...rest,
    ...(consentUrl !== undefined && { consentUrl }),
    returnTo: readReturnTo(returnTo, '--return-to'),
    ...(countries !== undefined && { countries: countries.split(',') }),
    ...(securityTxt !== undefined && { securityTxt }),
    links: { privacy, terms, support },
  })
  await buildClient()
  process.stdout.write(`${files.size} files\n`)
}

if (import.meta.main) await main()
