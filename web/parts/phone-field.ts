/** A phone number: of a country that is chosen, as it is dialled there, or with its own country code. */
import type { App } from '../app/app.ts'
import { h, newId } from '../app/dom.ts'
import { exampleOf } from './country.ts'
import { type TextField, textField } from './field.ts'
import { parsePhone } from './identifiers.ts'

export interface PhoneField extends TextField {
  /** The choice of a country, where there is one, and the number. */
  readonly content: readonly HTMLElement[]
}

export function phoneField(app: App, label: string, value: string): PhoneField {
  const { phone } = app.catalogue.texts
  const field = textField(app, {
    name: 'phone',
    label,
    type: 'tel',
    value,
    autocomplete: 'tel',
    inputMode: 'tel',
    hint: ' ',
    invalid: phone.invalid,
    parse: (typed) => parsePhone(typed, app.country),
  })
  const hint = field.element.querySelector('.hint')
  const showExample = () => {
    const example = app.country === undefined ? '+201001234567' : exampleOf(app.country)
    if (hint !== null) hint.textContent = app.fill(phone.format, { example })
  }
  showExample()
  return Object.assign(field, { content: [countryChoice(app, showExample), field.element] })
}

/** Nothing to choose from is nothing to see. @param changed called with another choice, which the app keeps */
export function countryChoice(app: App, changed: () => void = () => {}): HTMLElement {
  const { config, catalogue } = app
  const names = new Intl.DisplayNames(catalogue.locale, { type: 'region' })
  const options = config.countries.map(({ id, calling }) =>
    h('option', { value: id, selected: id === app.country?.id }, `${names.of(id)} (\u200e+${calling})`),
  )
  const id = newId('country')
  const change = () => {
    app.country = config.countries[select.selectedIndex]
    changed()
  }
  const select = h('select', { id, autocomplete: 'country', change }, ...options)
  return h(
    'div',
    { class: 'field', hidden: options.length < 2 },
    h('label', { for: id }, catalogue.texts.phone.country),
    select,
  )
}
