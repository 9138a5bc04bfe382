/** A person at the pages: one browser context, one language, one size of screen. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core'
import { newIp, type TestIdentity, type World } from '#test/support/world.ts'
import type { Catalogue } from '../../../web/texts/catalogue.ts'

export const desktop = { width: 1280, height: 800 }
export const phone = { width: 320, height: 640 }
export const usualPhone = { width: 360, height: 740 }

export interface OpenedBrowser {
  readonly browser: Browser
  close(): Promise<void>
}

/**
 * Starts Chromium with an empty profile of its own.
 * @param fontPx the reader's own size of letters
 */
export async function openBrowser(fontPx?: number): Promise<OpenedBrowser> {
  const profile = mkdtempSync(join(tmpdir(), 'latchkey-e2e-'))
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // Takes the place of Playwright's own, which say that there is a mouse.
      ...(fontPx === undefined ? [] : [`--blink-settings=defaultFontSize=${fontPx}`]),
    ],
    env: { ...process.env, HOME: profile, XDG_CONFIG_HOME: profile, XDG_CACHE_HOME: profile },
  })
  return {
    browser,
    async close() {
      await browser.close()
      rmSync(profile, { recursive: true, force: true })
    },
  }
}

export interface Visitor {
  readonly catalogue: Catalogue
  readonly size?: { readonly width: number; readonly height: number }
  readonly colorScheme?: 'light' | 'dark'
  readonly reducedMotion?: 'reduce'
}

/** Takes away what the oldest browsers of the target in `web/build.ts` lack, and Chromium has. */
const asOldAsTheTarget = `
  delete AbortSignal.any
  delete Promise.withResolvers
  delete Promise.try
  delete Object.groupBy
  delete Map.groupBy
  delete Array.fromAsync
  delete URL.parse
  delete URL.canParse
  for (const name of ['toReversed', 'toSorted', 'toSpliced', 'with']) delete Array.prototype[name]
  for (const name of ['union', 'intersection', 'difference', 'isSubsetOf']) delete Set.prototype[name]
  for (const name of Object.getOwnPropertyNames(Iterator.prototype))
    if (name !== 'constructor') delete Iterator.prototype[name]
  for (const name of ['isWellFormed', 'toWellFormed']) delete String.prototype[name]
`

export type Visit = Awaited<ReturnType<typeof visit>>

/** The values of a text stand between marks where the language runs from right to left. */
const anyMarks = (text: string) =>
  new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\\\{\\\{\w+\\\}\\\}/g, '.+'))

/** Comes from an address of its own, so that no budget is shared with another visit. */
export async function visit(browser: Browser, world: World, visitor: Visitor) {
  const { catalogue, size = desktop, colorScheme = 'light', reducedMotion = 'reduce' } = visitor
  await world.put('/_local/source-ip', { ip: newIp() })
  const context = await browser.newContext({
    locale: catalogue.locale,
    viewport: size,
    colorScheme,
    reducedMotion,
  })
  await context.addInitScript(asOldAsTheTarget)
  const page = await context.newPage()
  const complaints = watch(context)
  const { texts, errors } = catalogue
  const button = (name: string): Locator => page.getByRole('button', { name: anyMarks(name) })
  return {
    world,
    context,
    page,
    texts,
    errors,
    catalogue,
    /** What the browser complained of: errors of scripts, and whatever the policy stopped. */
    complaints,
    button,
    /** Waits for the first view, too. */
    async open(path: string, tab = page) {
      await tab.goto(world.url + path)
      await tab.locator('.shell').waitFor({ state: 'detached' })
    },
    /** Waits for the title of a view. */
    at: (title: string, tab = page) =>
      tab.getByRole('heading', { level: 1, name: title, exact: true }).waitFor(),
    type: (label: string, value: string) => page.getByLabel(label, { exact: true }).fill(value),
    press: (name: string) => button(name).click(),
    follow: (name: string) => page.getByRole('link', { name }).click(),
    /** Waits for a text anywhere. */
    sees: (text: string) => page.getByText(anyMarks(text)).first().waitFor(),
    /** Types a code, digit by digit, from the first box on. */
    async typeCode(code: string, tab = page) {
      await tab.locator('input[name=code-1]').focus()
      await tab.keyboard.type(code)
    },
    signIn: (identity: Pick<TestIdentity, 'email' | 'password'>) => signIn(page, world, catalogue, identity),
    close: () => context.close(),
  }
}

async function signIn(
  page: Page,
  world: World,
  { texts }: Catalogue,
  { email, password }: Pick<TestIdentity, 'email' | 'password'>,
): Promise<void> {
  if (new URL(page.url()).pathname !== '/sign-in') await page.goto(`${world.url}/sign-in`)
  await page.getByLabel(texts.signIn.identifier, { exact: true }).fill(email)
  await page.getByLabel(texts.signIn.password, { exact: true }).fill(password)
  await page.getByRole('button', { name: texts.signIn.submit }).click()
}

/** The browser's own line for each reply of status 400 and above is no complaint. */
function watch(context: BrowserContext): string[] {
  const complaints: string[] = []
  context.on('console', (message) => {
    if (!message.text().startsWith('Failed to load resource')) complaints.push(message.text())
  })
  context.on('weberror', (error) => {
    complaints.push(error.error().message)
  })
  return complaints
}

/** The next call reaches the service, and its answer nobody. */
export const loseReply = ({ page }: Pick<Visit, 'page'>) =>
  page.route(
    /\/(auth|api)\//,
    async (route) => {
      await route.fetch()
      await route.abort()
    },
    { times: 1 },
  )

/** Everything that a browser keeps for a site. Empty strings and lists when there is nothing. */
export function kept(page: Page): Promise<unknown> {
  return page.evaluate(`(async () => ({
    local: Object.entries(localStorage),
    session: Object.entries(sessionStorage),
    cookie: document.cookie,
    databases: (await indexedDB.databases()).map(({ name }) => name),
    caches: await caches.keys(),
  }))()`)
}

/** A code that is not the given one. */
export const otherThan = (code: string) => code.replace(/^./, (digit) => String((Number(digit) + 1) % 10))
