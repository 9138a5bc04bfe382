/** Six boxes for a code: the focus moves along, a whole code can be pasted or filled in. */

import { asciiDigits } from '#shared/domain/digits.ts'
import type { App } from '../app/app.ts'
import { h, setAttribute } from '../app/dom.ts'
import { codeIn } from './code-message.ts'

export const codeLength = 6

const digitsOf = (text: string) => asciiDigits(text).replace(/[^0-9]/g, '')

export class CodeEntry {
  readonly element: HTMLElement
  readonly #boxes: readonly HTMLInputElement[]
  readonly #complete: () => void
  readonly #pasted: (text: string) => void

  /**
   * @param complete called when the last box is filled
   * @param pasted called with what is pasted, before it fills the boxes
   */
  constructor(app: App, describedBy: string, complete: () => void, pasted: (text: string) => void) {
    this.#complete = complete
    this.#pasted = pasted
    this.#boxes = Array.from({ length: codeLength }, (_, index) => this.#box(app, index, describedBy))
    const boxes = h('div', { class: 'boxes', dir: 'ltr' }, ...this.#boxes)
    this.element = h('fieldset', { class: 'code' }, h('legend', {}, app.catalogue.texts.code.group), boxes)
  }

  get code(): string {
    return this.#boxes.map(({ value }) => value).join('')
  }

  /** As if the digits were typed. */
  fill(digits: string): void {
    this.#spread(0, digits)
  }

  clear(): void {
    for (const box of this.#boxes) box.value = ''
  }

  /** The first empty box. */
  focus(): void {
    const box = this.#boxes.find(({ value }) => value === '') ?? this.#boxes.at(-1)
    box?.focus()
  }

  // Never `disabled`: that would drop the focus.
  enable(enabled: boolean): void {
    for (const box of this.#boxes) {
      box.readOnly = !enabled
      setAttribute(box, 'aria-disabled', !enabled && 'true')
    }
  }

  invalid(isInvalid: boolean): void {
    for (const box of this.#boxes) box.setAttribute('aria-invalid', String(isInvalid))
  }

  #box(app: App, index: number, describedBy: string): HTMLInputElement {
    const box = h('input', {
      name: `code-${index + 1}`,
      type: 'text',
      inputmode: 'numeric',
      pattern: '[0-9]*',
      // The first takes the whole code from the browser; it is spread over the others.
      autocomplete: index === 0 ? 'one-time-code' : 'off',
      'aria-label': app.fill(app.catalogue.texts.code.digit, { n: index + 1 }),
      'aria-describedby': index === 0 && describedBy,
      dir: 'ltr',
      input: () => this.#spread(index, box.value),
      keydown: (event) => this.#move(event as KeyboardEvent, index),
      focus: () => box.select(),
      paste: (event) => {
        event.preventDefault()
        if (box.readOnly) return
        const text = (event as ClipboardEvent).clipboardData?.getData('text') ?? ''
        this.#pasted(text)
        this.#spread(index, codeIn(text))
      },
    })
    return box
  }

  /** Puts digits from a box on; a full code typed or pasted anywhere takes all six. */
  #spread(index: number, typed: string): void {
    const digits = digitsOf(typed)
    const start = digits.length >= codeLength ? 0 : index
    const box = this.#boxes[index]
    if (box !== undefined && digits.length === 0) box.value = ''
    const free = digits.slice(0, codeLength - start)
    for (const [offset, digit] of [...free].entries()) {
      const target = this.#boxes[start + offset]
      if (target !== undefined) target.value = digit
    }
    if (digits.length === 0) return
    this.#boxes[Math.min(start + free.length, codeLength - 1)]?.focus()
    if (this.code.length === codeLength) this.#complete()
  }

  #move(event: KeyboardEvent, index: number): void {
    const to = { ArrowLeft: index - 1, ArrowRight: index + 1, Home: 0, End: codeLength - 1 }[event.key]
    const before = this.#boxes[index - 1]
    if (event.key === 'Backspace' && this.#boxes[index]?.value === '' && before !== undefined) {
      if (!before.readOnly) before.value = ''
      before.focus()
    } else if (to !== undefined) this.#boxes[to]?.focus()
    else return
    event.preventDefault()
  }
}
