/** Where one is in a flow: a check mark for each step that is done, or words where there is no room for the marks. */
import type { App } from '../app/app.ts'
import { h } from '../app/dom.ts'
import type { Catalogue } from '../texts/catalogue.ts'
import { icon } from './icon.ts'

export type StepName = Exclude<keyof Catalogue['texts']['progress'], 'label' | 'done'>

/** @param at the present step; past the last one all are done. */
export function progress(app: App, steps: readonly StepName[], at: number): HTMLElement {
  const { progress: texts } = app.catalogue.texts
  const items = steps.map((step, index) => {
    const state = index < at ? 'done' : index === at ? 'current' : 'next'
    const mark = h(
      'span',
      { class: 'mark', 'aria-hidden': 'true' },
      state === 'done' ? icon('done') : String(index + 1),
    )
    const done = state === 'done' && h('span', { class: 'unseen' }, ` (${texts.done})`)
    return h(
      'li',
      { class: state, 'aria-current': state === 'current' && 'step' },
      mark,
      h('span', {}, texts[step]),
      done,
    )
  })
  const isOver = at >= steps.length
  const here = isOver ? steps.length - 1 : at
  const name = texts[steps[here] as StepName]
  const label = app.fill(texts.label, { step: here + 1, count: steps.length, name })
  return h(
    'div',
    { class: 'progress' },
    h('ol', { 'aria-label': label }, ...items),
    h('p', {}, isOver ? `${label} (${texts.done})` : label),
  )
}
