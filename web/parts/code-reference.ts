/** The reference in a code's message: for whoever holds the message, where somebody else used up the tries. */
import { asciiDigits } from '#shared/domain/digits.ts'
import type { App } from '../app/app.ts'
import { h } from '../app/dom.ts'
import { type Challenge, hasExpired } from './challenge.ts'
import { type TextField, textField } from './field.ts'

const tidy = (typed: string) =>
  asciiDigits(typed)
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '')

/** The field, and the button that stands for it while nobody needs it. */
export class CodeReference {
  readonly element = h('div', { class: 'reference' })
  readonly field: TextField
  readonly #opener: HTMLButtonElement

  /** @param opened called when somebody wants to type it */
  constructor(app: App, challenge: () => Challenge, opened: () => void) {
    const { notTaken, reference, referenceHint, referenceInvalid } = app.catalogue.texts.code
    const field = textField(app, {
      name: 'ref',
      label: reference,
      value: challenge().ref ?? '',
      autocomplete: 'off',
      hint: referenceHint,
      invalid: referenceInvalid,
      optional: true,
      parse: (typed) => (/^\w{4}$/.test(tidy(typed)) ? tidy(typed) : undefined),
    })
    const { input } = field
    const show = () => {
      const typed = tidy(input.value)
      if (typed !== input.value) input.value = typed
    }
    // What a keyboard is still putting together is left to it.
    input.addEventListener('input', (event) => {
      if (!(event as InputEvent).isComposing) show()
    })
    input.addEventListener('change', show)
    const open = () => {
      challenge().reference = 'asked'
      opened()
      input.focus()
    }
    this.field = field
    this.#opener = h('button', { type: 'button', class: 'link', click: open }, notTaken)
  }

  get isEmpty(): boolean {
    return this.field.input.value === ''
  }

  show(challenge: Challenge): void {
    const { reference, over } = challenge
    // No reference helps a code that ran out.
    const opener = hasExpired(challenge) ? undefined : this.#opener
    const shown = over === true ? undefined : reference === undefined ? opener : this.field.element
    if (shown === undefined) this.element.replaceChildren()
    else if (!this.element.contains(shown)) this.element.replaceChildren(shown)
  }

  fill(value: string): void {
    this.field.input.value = value
    this.field.showError(undefined)
  }
}
