/** A phone number with its country code. */
import type { App } from '../app/app.ts'
import { type TextField, textField } from './field.ts'
import { parsePhone } from './identifiers.ts'

export function phoneField(app: App, label: string, value: string): TextField {
  const { phone } = app.catalogue.texts
  return textField(app, {
    name: 'phone',
    label,
    type: 'tel',
    value,
    autocomplete: 'tel',
    inputMode: 'tel',
    hint: phone.format,
    invalid: phone.invalid,
    parse: parsePhone,
  })
}
