/**
 * Six boxes for a code: the focus moves along, a whole code can be pasted or filled in. Where six would be too narrow to
 * type in, the first of them takes all of it.
 */

import { asciiDigits } from '#shared/domain/digits.ts'
import type { App } from '../app/app.ts'
import { h, setAttribute } from '../app/dom.ts'
import { codeIn } from './code-message.ts'

export const codeLength = 6

/** As in `styles/narrow.css`. */
const narrow = '(width < 17em)'

const digitsOf = (text: string) => asciiDigits(text).replace(/[^0-9]/g, '')

export class CodeEntry {
  readonly element: HTMLElement
  readonly #boxes: readonly HTMLInputElement[]
  readonly #complete: () => void
  readonly #pasted: (text: string) => void
  readonly #holder: HTMLElement
  #isOne = false

  /**
   * @param leaving ends the watch over the width
   * @param complete called when the last box is filled
   * @param pasted called with what is pasted, before it fills the boxes
   */
  constructor(
    app: App,
    leaving: AbortSignal,
    describedBy: string,
    complete: () => void,
    pasted: (text: string) => void,
  ) {
    const { group } = app.catalogue.texts.code
    this.#complete = complete
    this.#pasted = pasted
    this.#boxes = Array.from({ length: codeLength }, (_, index) => this.#box(index, describedBy))
    this.#holder = h('div', { class: 'boxes', dir: 'ltr' }, ...this.#boxes)
    this.element = h('fieldset', { class: 'code' }, h('legend', {}, group), this.#holder)
    const width = matchMedia(narrow)
    const arrange = () => this.#arrange(app, width.matches)
    width.addEventListener('change', arrange, { signal: leaving })
    arrange()
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
    const boxes = this.#boxes.filter(({ hidden }) => !hidden)
    const box = boxes.find(({ value }) => value === '') ?? boxes.at(-1)
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

  #box(index: number, describedBy: string): HTMLInputElement {
    const box = h('input', {
      name: `code-${index + 1}`,
      type: 'text',
      inputmode: 'numeric',
      pattern: '[0-9]*',
      enterkeyhint: 'go',
      // The first takes the whole code from the browser; it is spread over the others.
      autocomplete: index === 0 ? 'one-time-code' : 'off',
      'aria-describedby': index === 0 && describedBy,
      dir: 'ltr',
      input: (event) => {
        // What a keyboard is still putting together is left to it, unless it is a digit already.
        if (!(event as InputEvent).isComposing || /[0-9]/.test(box.value)) this.#typed(index, box.value)
      },
      compositionend: () => this.#typed(index, box.value),
      keydown: (event) => this.#move(event as KeyboardEvent, index),
      focus: () => !this.#isOne && box.select(),
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

  /** Some browsers fill in the whole message. */
  #typed(index: number, text: string): void {
    this.#spread(index, /\p{L}/u.test(text) ? codeIn(text) : text)
  }

  /** Puts digits from a box on; a full code typed or pasted anywhere takes all six. */
  #spread(index: number, typed: string): void {
    const digits = digitsOf(typed)
    const box = this.#boxes[index]
    if (digits.length === 0) {
      if (box !== undefined) box.value = ''
      return
    }
    const start = this.#isOne || digits.length >= codeLength ? 0 : index
    const free = digits.slice(0, codeLength - start)
    this.#put(start, free)
    this.#boxes[this.#isOne ? 0 : Math.min(start + free.length, codeLength - 1)]?.focus()
    if (this.code.length === codeLength) this.#complete()
  }

  #put(start: number, digits: string): void {
    for (const [offset, part] of (this.#isOne ? [digits] : [...digits]).entries()) {
      const box = this.#boxes[start + offset]
      // Only where it is another: to write it anew moves the cursor.
      if (box !== undefined && box.value !== part) box.value = part
    }
  }

  /** One box or six, with what was typed so far. */
  #arrange(app: App, isOne: boolean): void {
    const { code } = this
    const hadFocus = this.element.contains(document.activeElement)
    this.#isOne = isOne
    this.clear()
    this.#holder.classList.toggle('one', isOne)
    const { group, digit } = app.catalogue.texts.code
    for (const [index, box] of this.#boxes.entries()) {
      box.hidden = isOne && index > 0
      box.setAttribute('aria-label', isOne ? group : app.fill(digit, { n: index + 1 }))
    }
    this.#put(0, code)
    if (hadFocus) this.focus()
  }

  #move(event: KeyboardEvent, index: number): void {
    if (this.#isOne) return
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
