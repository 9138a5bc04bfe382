/** What surrounds every view: logo, language, notices, the live region, the way to the local inbox. */

import type { Catalogue } from '../texts/catalogue.ts'
import type { View } from './app.ts'
import type { Config } from './config.ts'
import { h, replaceChildren } from './dom.ts'
import { catalogues, fill } from './language.ts'

export interface Layout {
  show(catalogue: Catalogue, view: View, notice: string | undefined): void
  /** The title gets the focus, so that a screen reader starts there. */
  focusTitle(): void
  announce(text: string): void
}

export function createLayout(config: Config, changeLanguage: (locale: string) => void): Layout {
  const header = h('header', { class: 'top' })
  const main = h('main', { id: 'main' })
  const footer = h('footer', { class: 'bottom' })
  const offline = h('p', { class: 'offline', role: 'status' })
  const live = h('div', { class: 'unseen', role: 'status' })
  document.body.replaceChildren(header, offline, main, footer, live)
  let current: Catalogue | undefined
  const announce = (text: string) => {
    // The same text again would not be a change, and go unsaid.
    live.textContent = live.textContent === text ? `${text}\u00a0` : text
  }
  const showConnection = () => {
    const wasOffline = offline.textContent !== ''
    const { common } = current?.texts ?? {}
    offline.textContent = navigator.onLine ? '' : (common?.offline ?? '')
    if (wasOffline && navigator.onLine) announce(common?.online ?? '')
  }
  addEventListener('online', showConnection)
  addEventListener('offline', showConnection)
  return {
    show(catalogue, view, notice) {
      if (current !== catalogue) {
        current = catalogue
        document.documentElement.lang = catalogue.locale
        document.documentElement.dir = catalogue.direction
        replaceChildren(header, brand(config), languageChoice(catalogue, changeLanguage))
        replaceChildren(footer, inboxLink(config, catalogue))
        showConnection()
      }
      const { pageTitle } = catalogue.texts.common
      document.title = fill(catalogue, pageTitle, { page: view.title, product: config.product })
      const title = h('h1', { tabindex: -1 }, view.title)
      const said = notice !== undefined && h('p', { class: 'notice' }, notice)
      replaceChildren(main, h('div', { class: 'card' }, title, said, ...view.content))
      scrollTo(0, 0)
    },
    focusTitle: () => main.querySelector('h1')?.focus({ preventScroll: true }),
    announce,
  }
}

const brand = ({ logo, product }: Config) =>
  h('p', { class: 'brand' }, h('img', { src: logo, alt: '', width: 32, height: 32 }), h('span', {}, product))

function languageChoice(catalogue: Catalogue, change: (locale: string) => void) {
  const options = catalogues.map(({ locale, name }) =>
    h('option', { value: locale, lang: locale, selected: locale === catalogue.locale }, name),
  )
  const select = h(
    'select',
    { 'aria-label': catalogue.texts.common.language, change: () => change(select.value) },
    ...options,
  )
  return select
}

const inboxLink = ({ inbox }: Config, { texts }: Catalogue) =>
  inbox !== '' && h('a', { href: inbox, target: '_blank', rel: 'noopener' }, texts.common.inbox)
