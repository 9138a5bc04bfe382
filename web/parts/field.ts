/** A labelled input with its hint and its error. */
import type { App } from '../app/app.ts'
import { type Child, h, newId, setAttribute } from '../app/dom.ts'

/** One thing that a form asks for. */
export interface Field {
  readonly element: HTMLElement
  /** As the API calls it. */
  readonly name: string
  /** Shown when the service finds the value invalid. */
  readonly invalid: string
  /** @returns what is wrong with what was typed. */
  check(): string | undefined
  showError(text: string | undefined): void
  focus(): void
  /** Of a field that is one input. */
  readonly input?: HTMLInputElement
}

export interface TextField extends Field {
  readonly input: HTMLInputElement
  readonly value: string
}

export interface TextFieldOptions {
  readonly name: string
  readonly label: string
  readonly type?: 'text' | 'email' | 'tel' | 'password'
  readonly value?: string
  readonly autocomplete: string
  readonly inputMode?: 'email' | 'tel' | 'numeric'
  readonly hint?: string
  readonly invalid: string
  /** Said of an empty field. */
  readonly missing?: string
  /** May be left empty. */
  readonly optional?: boolean
  /** Ids of other elements that describe the input. */
  readonly describedBy?: string
  /** Beside the input, such as a button that shows a secret. */
  readonly beside?: (input: HTMLInputElement) => Child
  /** @returns the value as the service wants it, or undefined when it is none. Trimmed text by default. */
  readonly parse?: (typed: string) => string | undefined
}

export function textField(app: App, options: TextFieldOptions): TextField {
  const {
    name,
    label,
    type = 'text',
    hint,
    invalid,
    missing = app.catalogue.texts.common.required,
    optional = false,
    parse = (typed: string) => typed.trim(),
  } = options
  const ids = { input: newId(name), hint: newId('hint'), error: newId('error') }
  const input = h('input', {
    id: ids.input,
    name,
    type,
    value: options.value ?? '',
    autocomplete: options.autocomplete,
    inputmode: options.inputMode,
    // Addresses, names, numbers and secrets read from left to right in every language.
    dir: 'ltr',
    autocapitalize: 'none',
    autocorrect: 'off',
    spellcheck: 'false',
    enterkeyhint: 'go',
    'aria-describedby': [hint && ids.hint, options.describedBy, ids.error].filter(Boolean).join(' '),
    'aria-required': !optional && 'true',
  })
  const error = h('p', { id: ids.error, class: 'error' })
  const element = h(
    'div',
    { class: 'field' },
    h('label', { for: ids.input }, label),
    h('div', { class: 'entry' }, input, options.beside?.(input)),
    hint && h('p', { id: ids.hint, class: 'hint' }, hint),
    error,
  )
  return {
    element,
    name,
    invalid,
    input,
    get value() {
      return parse(input.value) ?? ''
    },
    check() {
      if (input.value.trim() === '') return optional ? undefined : missing
      return parse(input.value) === undefined ? invalid : undefined
    },
    showError(text) {
      error.textContent = text ?? ''
      setAttribute(input, 'aria-invalid', text !== undefined && 'true')
    },
    focus: () => input.focus(),
  }
}
