/** A list that ticks off what is met while one types. */
import type { App } from '../app/app.ts'
import { h, newId, replaceChildren } from '../app/dom.ts'
import { icon } from './icon.ts'

export interface Requirements {
  readonly element: HTMLElement
  readonly id: string
  /** @param met in the order of the labels */
  show(met: readonly boolean[]): void
}

export function requirements(app: App, title: string, labels: readonly string[]): Requirements {
  const { met, unmet } = app.catalogue.texts.password
  const id = newId('requirements')
  const items = labels.map((label) => {
    const state = h('span', { class: 'unseen' })
    const mark = h('span', { class: 'tick', 'aria-hidden': 'true' })
    return { element: h('li', {}, mark, h('span', {}, label), state), mark, state }
  })
  const show = (states: readonly boolean[]) => {
    for (const [index, { element, mark, state }] of items.entries()) {
      const isMet = states[index] === true
      element.className = isMet ? 'met' : 'unmet'
      replaceChildren(mark, isMet && icon('done'))
      state.textContent = ` (${isMet ? met : unmet})`
    }
  }
  show([])
  return {
    element: h(
      'div',
      { class: 'requirements', id },
      h('p', {}, title),
      h('ul', {}, ...items.map(({ element }) => element)),
    ),
    id,
    show,
  }
}
