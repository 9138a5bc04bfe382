/** How hard a password is to guess, as a bar and a word. */
import type { App } from '../app/app.ts'
import { h } from '../app/dom.ts'
import type { Strength } from './password-rules.ts'

export interface StrengthMeter {
  readonly element: HTMLElement
  show(strength: Strength): void
}

export function strengthMeter(app: App): StrengthMeter {
  const { password: texts } = app.catalogue.texts
  const words = [texts.level0, texts.level1, texts.level2, texts.level3, texts.level4]
  const word = h('p', { class: 'hint' })
  const bar = h('div', { class: 'bar', 'aria-hidden': 'true' }, ...[1, 2, 3, 4].map(() => h('span')))
  const element = h('div', { class: 'strength' }, bar, word)
  const show = (strength: Strength) => {
    element.dataset['level'] = String(strength)
    word.textContent = app.fill(texts.strength, { level: words[strength] ?? '' })
  }
  show(0)
  return { element, show }
}
