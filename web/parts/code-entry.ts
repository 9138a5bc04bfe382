/** Six boxes for a code: the focus moves along, a whole code can be pasted or filled in. */
import type { App } from '../app/app.ts'
import { h, newId } from '../app/dom.ts'
import { asciiDigits } from '../app/language.ts'

const length = 6

export interface CodeEntry {
  readonly element: HTMLElement
  readonly code: string
  fill(code: string): void
  clear(): void
  /** The first empty box. */
  focus(): void
  enable(enabled: boolean): void
  invalid(isInvalid: boolean): void
}

export interface CodeEntryOptions {
  readonly describedBy: string
  /** Called when the last box is filled. */
  readonly complete: () => void
}

const digitsOf = (text: string) => asciiDigits(text).replace(/[^0-9]/g, '')

export function codeEntry(app: App, { describedBy, complete }: CodeEntryOptions): CodeEntry {
  const { group, digit } = app.catalogue.texts.code
  const boxes = Array.from({ length }, (_, index) =>
    h('input', {
      name: `code-${index + 1}`,
      type: 'text',
      inputmode: 'numeric',
      pattern: '[0-9]*',
      // The first takes the whole code from the browser; it is spread over the others.
      autocomplete: index === 0 ? 'one-time-code' : 'off',
      'aria-label': app.fill(digit, { n: index + 1 }),
      'aria-describedby': index === 0 && describedBy,
      dir: 'ltr',
      input: () => spread(index, boxes[index]?.value ?? ''),
      keydown: (event) => move(event as KeyboardEvent, index),
      focus: () => boxes[index]?.select(),
      paste: (event) => paste(event as ClipboardEvent, index),
    }),
  )
  const code = () => boxes.map(({ value }) => value).join('')

  /** Puts digits from a box on; a full code typed or pasted anywhere takes all six. */
  function spread(index: number, typed: string): void {
    const digits = digitsOf(typed)
    const start = digits.length >= length ? 0 : index
    const box = boxes[index]
    if (digits.length === 0 && box !== undefined) box.value = ''
    for (const [offset, value] of [...digits.slice(0, length - start)].entries()) {
      const target = boxes[start + offset]
      if (target !== undefined) target.value = value
    }
    if (digits.length === 0) return
    boxes[Math.min(start + digits.length, length - 1)]?.focus()
    if (code().length === length) complete()
  }

  function move(event: KeyboardEvent, index: number): void {
    const box = boxes[index]
    const to = { ArrowLeft: index - 1, ArrowRight: index + 1, Home: 0, End: length - 1 }[event.key]
    if (event.key === 'Backspace' && box?.value === '' && index > 0) {
      const before = boxes[index - 1]
      if (before !== undefined) before.value = ''
      before?.focus()
    } else if (to !== undefined) boxes[to]?.focus()
    else return
    event.preventDefault()
  }

  function paste(event: ClipboardEvent, index: number): void {
    event.preventDefault()
    spread(index, event.clipboardData?.getData('text') ?? '')
  }

  return {
    element: h(
      'fieldset',
      { class: 'code', id: newId('code') },
      h('legend', {}, group),
      h('div', { class: 'boxes', dir: 'ltr' }, ...boxes),
    ),
    get code() {
      return code()
    },
    fill: (given) => spread(0, given),
    clear() {
      for (const box of boxes) box.value = ''
    },
    focus: () => (boxes.find(({ value }) => value === '') ?? boxes[length - 1])?.focus(),
    enable(enabled) {
      for (const box of boxes) box.disabled = !enabled
    },
    invalid(isInvalid) {
      for (const box of boxes) box.setAttribute('aria-invalid', String(isInvalid))
    },
  }
}
