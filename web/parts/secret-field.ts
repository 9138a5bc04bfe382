/** An input for a secret, with a button that shows it. */

import { asciiDigits } from '#shared/domain/digits.ts'
import type { App } from '../app/app.ts'
import { h, setAttribute } from '../app/dom.ts'
import { type TextField, type TextFieldOptions, textField } from './field.ts'

type SecretOptions = Pick<TextFieldOptions, 'name' | 'label' | 'invalid' | 'hint' | 'describedBy'>

/** A password is taken as it is typed, spaces too. */
export function passwordField(
  app: App,
  options: SecretOptions & { readonly autocomplete: 'current-password' | 'new-password' },
): TextField {
  const parse = (typed: string) => typed
  return textField(app, {
    ...options,
    type: 'password',
    parse,
    beside: (input) => showButton(app, input, options.label),
  })
}

/** Six digits, of any script, however they are parted where they are pasted from. Not offered to be stored. */
export function pinField(app: App, options: SecretOptions): TextField {
  return textField(app, {
    ...options,
    type: 'password',
    autocomplete: 'off',
    inputMode: 'numeric',
    parse: (typed) => asciiDigits(typed).replace(/[\s\p{Pd}\p{Cf}]/gu, ''),
    beside: (input) => showButton(app, input, options.label),
  })
}

function showButton(app: App, input: HTMLInputElement, field: string): HTMLButtonElement {
  const { show, hide, showSecret, hideSecret } = app.catalogue.texts.common
  const button = h('button', { type: 'button', class: 'show', click: () => turn(input.type === 'password') })
  const turn = (visible: boolean) => {
    input.type = visible ? 'text' : 'password'
    button.textContent = visible ? hide : show
    setAttribute(button, 'aria-label', app.fill(visible ? hideSecret : showSecret, { field }))
  }
  turn(false)
  return button
}
