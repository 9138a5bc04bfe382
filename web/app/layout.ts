/** What surrounds every view: logo, language, notices, the live region, the way to the local inbox. */

import { languages } from 'languages'
import { linkNames } from '../page-links.ts'
import { icon } from '../parts/icon.ts'
import type { Catalogue } from '../texts/catalogue.ts'
import type { View } from './app.ts'
import type { Config } from './config.ts'
import { h, replaceChildren } from './dom.ts'
import { fill, nameOf } from './language.ts'

const logoHeight = 32
/** A logo that is so much wider than high holds the name. */
const wideRatio = 2

export interface Layout {
  show(catalogue: Catalogue, view: View, notice: string | undefined): void
  /** The title gets the focus, so that a screen reader starts there. */
  focusTitle(): void
  /** Where a page opens and a keyboard is at hand, one can type at once. */
  focusField(): void
  announce(text: string): void
}

/** @param missing tag of a language that was wanted and is not there: said until another is chosen */
export function createLayout(
  config: Config,
  changeLanguage: (locale: string) => void,
  missing: string | undefined,
): Layout {
  const header = h('header', { class: 'top' })
  const main = h('main', { id: 'main' })
  const footer = h('footer', { class: 'bottom' })
  const offline = h('p', { class: 'offline', role: 'status' })
  const live = h('div', { class: 'unseen', role: 'status' })
  document.body.replaceChildren(header, offline, main, footer, live)
  let current: Catalogue | undefined
  let title = ''
  const nameTab = () => {
    if (current === undefined) return
    const isWrong = main.querySelector('.error:not(:empty), .problem:not(:empty)') !== null
    const name = isWrong ? fill(current, current.texts.common.errorTitle, { title }) : title
    if (document.title !== name) document.title = name
  }
  // Whatever part of a view says that something is wrong, the title does too.
  new MutationObserver(nameTab).observe(main, { childList: true, characterData: true, subtree: true })
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
        const isFirst = header.childElementCount === 0
        replaceChildren(
          header,
          brand(config),
          languageChoice(catalogue, changeLanguage),
          isFirst && missing !== undefined && missingNote(catalogue, missing),
        )
        replaceChildren(footer, ...siteLinks(config, catalogue), inboxLink(config, catalogue))
        showConnection()
      }
      // One that was chosen and did not come is not the one that is shown.
      for (const select of header.getElementsByTagName('select')) select.value = catalogue.locale
      const { pageTitle } = catalogue.texts.common
      title = fill(catalogue, pageTitle, { page: view.title, product: config.product })
      const heading = h('h1', { tabindex: -1 }, view.title)
      const said = notice !== undefined && h('p', { class: 'notice' }, notice)
      const { emblem } = view
      const picture = emblem !== undefined && h('div', { class: `emblem ${emblem}` }, icon(emblem))
      const kind = emblem === undefined ? 'card' : 'card centred'
      replaceChildren(main, h('div', { class: kind }, picture, heading, said, ...view.content))
      nameTab()
      scrollTo(0, 0)
    },
    focusTitle: () => main.querySelector('h1')?.focus({ preventScroll: true }),
    focusField() {
      const input = main.querySelector<HTMLElement>('form input:not([hidden])')
      if (matchMedia('(hover: hover) and (pointer: fine)').matches) input?.focus({ preventScroll: true })
    },
    announce,
  }
}

/** The name beside the logo, or within it where it is a wide one. */
function brand({ logo, product }: Config) {
  const { light, dark, ratio } = logo
  const isWide = ratio >= wideRatio
  const size = { width: Math.round(logoHeight * ratio), height: logoHeight }
  return h(
    'p',
    { class: 'brand' },
    h(
      'picture',
      {},
      dark !== '' && h('source', { srcset: dark, media: '(prefers-color-scheme: dark)', ...size }),
      h('img', { src: light, alt: isWide ? product : '', ...size }),
    ),
    !isWide && h('span', {}, product),
  )
}

function languageChoice(catalogue: Catalogue, change: (locale: string) => void) {
  const options = languages.map(({ locale, name }) =>
    h('option', { value: locale, lang: locale, selected: locale === catalogue.locale }, name),
  )
  const select = h(
    'select',
    { 'aria-label': catalogue.texts.common.language, change: () => change(select.value) },
    ...options,
  )
  return select
}

function missingNote(catalogue: Catalogue, tag: string) {
  const language = nameOf(catalogue, tag)
  const { notInLanguage } = catalogue.texts.common
  return language !== undefined && h('p', { class: 'hint' }, fill(catalogue, notInLanguage, { language }))
}

/** In a tab of their own: whoever reads the terms half way through a reset finds it as it was. */
const siteLinks = ({ links }: Config, { texts }: Catalogue) =>
  linkNames.map((name) => {
    const href = links[name]
    return !!href && h('a', { href, target: '_blank', rel: 'noopener' }, texts.common[name])
  })

const inboxLink = ({ inbox }: Config, { texts }: Catalogue) =>
  inbox !== '' && h('a', { href: inbox, target: '_blank', rel: 'noopener' }, texts.common.inbox)
