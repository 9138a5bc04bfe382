/** Starts the pages: language, session, and the router between pages and their steps. */
import { languages } from 'languages'
import { addressBack } from '#shared/domain/return-to.ts'
import { createClient } from '../client.ts'
import { openNotFound } from '../pages/not-found.ts'
import { likelyCountry } from '../parts/country.ts'
import { type PagePath, pagePaths } from '../paths.ts'
import type { App, Going, Page } from './app.ts'
import { chooseLanguage, languageOf } from './choose-language.ts'
import { readConfig } from './config.ts'
import { fill } from './language.ts'
import { createLayout } from './layout.ts'
import { openers, sessionPages } from './pages.ts'
import { createSession } from './session.ts'
import { keepTyped } from './typed.ts'

/** Set by the build: whether the pages are a developer's own. What stands behind it is not in a deployed script. */
declare const LOCAL: boolean

const config = readConfig(document.documentElement)
const given = new URLSearchParams(location.search)
const askedLanguage = given.get('lang')
const back = addressBack(given.get('return'), config.returnTo)
const { language, missing } = chooseLanguage(languages, askedLanguage, navigator.languages)

// Until it is there the page shows what its file holds; where it does not come, that says so.
let catalogue = await language.load().catch((error: unknown) => {
  document.body.classList.add('failed')
  throw error
})
let isChosen = askedLanguage !== null && languageOf(languages, askedLanguage) !== undefined
/** The language that was chosen last: it may still be on its way. */
let wanted = language.locale
/** Whether this entry of the history showed its page before: then the document was loaded again. */
let wasShown = history.state !== null
const layout = createLayout(config, (locale) => void changeLanguage(locale), missing)
let open: { readonly path: PagePath | undefined; readonly page: Page } | undefined
let leaving = new AbortController()
/** The sentence at the top of the present view. */
let notice: string | undefined

const session = createSession(() => app)
const app: App = {
  config,
  session,
  client: createClient({ origin: config.api }),
  get catalogue() {
    return catalogue
  },
  back,
  identifier: '',
  country: likelyCountry(config.countries, navigator.languages),
  fill: (text, values) => fill(catalogue, text, values),
  announce: layout.announce,
  go(path, going = {}) {
    open = undefined
    move(path, going)
  },
  toStep(step, { replace = false, keepNotice = false } = {}) {
    move(pathNow() ?? pagePaths.signIn, {
      replace,
      step,
      ...(keepNotice && notice !== undefined && { notice }),
    })
  },
}

/** Undefined at an address that is no page's. */
function pathNow(): PagePath | undefined {
  const path = location.pathname.replace(/(?<=.)\/$/, '')
  return Object.values(pagePaths).find((each) => each === path)
}

/** Only the language stands in the address, where it was chosen, and the way back, where it was asked for and is listed. */
function addressOf(path: string): string {
  const query = new URLSearchParams()
  if (isChosen) query.set('lang', catalogue.locale)
  if (back !== undefined && back !== config.returnTo[0]) query.set('return', back)
  const text = query.toString()
  return text === '' ? path : `${path}?${text}`
}

function move(path: PagePath, { notice: saying, replace = false, step }: Going): void {
  const state = step === undefined ? {} : { step }
  if (replace) history.replaceState(state, '', addressOf(path))
  else history.pushState(state, '', addressOf(path))
  notice = saying
  show(true)
}

function show(moveFocus: boolean): void {
  leaving.abort()
  leaving = new AbortController()
  const path = pathNow()
  if (path !== undefined && sessionPages.has(path) && !session.live) {
    session.after = path
    const { needed, reloaded } = catalogue.texts.signIn
    app.go(pagePaths.signIn, { notice: notice ?? (wasShown ? reloaded : needed), replace: true })
    return
  }
  wasShown = false
  if (open === undefined || open.path !== path)
    open = { path, page: (path === undefined ? openNotFound : openers[path])(app) }
  const asked = (history.state as { step?: string } | null)?.step
  const step = open.page.step(asked)
  // An entry from before the language was chosen gets it too.
  history.replaceState({ step }, '', addressOf(location.pathname))
  const view = open.page.view(step, leaving.signal)
  layout.show(catalogue, view, notice)
  if (!moveFocus) return
  const said = [view.focus && view.title, notice].filter((text) => text !== undefined)
  layout.announce(said.join('. '))
  if (view.focus === undefined) layout.focusTitle()
  else view.focus()
}

async function changeLanguage(locale: string): Promise<void> {
  wanted = locale
  const loaded = await languageOf(languages, locale)
    ?.load()
    .catch(() => undefined)
  if (wanted !== locale) return
  if (loaded !== undefined) {
    catalogue = loaded
    isChosen = true
  } else notice = catalogue.errors.OFFLINE.join(' ')
  const restore = keepTyped(document)
  show(false)
  restore()
  document.querySelector('select')?.focus()
}

addEventListener('popstate', () => {
  notice = undefined
  // A second link of a message, opened where the first one was: its page begins anew.
  if (location.hash !== '') open = undefined
  show(true)
})
// A page that the browser kept and brings back would show what was typed before it was left.
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) location.reload()
})
document.addEventListener('click', (event) => {
  const link = (event.target as Element).closest('a')
  const plain = !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
  const path = Object.values(pagePaths).find((each) => each === link?.getAttribute('href'))
  if (path === undefined || !plain) return
  event.preventDefault()
  app.go(path)
})
show(false)
if (notice === undefined) layout.focusField()
if (LOCAL)
  void import('../local/developers-own.ts').then(({ showDevelopersOwn }) => showDevelopersOwn(config.inbox))
