/** A password manager stores a new password under the name it finds beside it. */
import { h } from '../app/dom.ts'

export const savedUnder = (identifier: string): HTMLInputElement =>
  h('input', { type: 'text', autocomplete: 'username', value: identifier, readonly: true, hidden: true })
