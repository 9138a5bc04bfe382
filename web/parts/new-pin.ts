/** A new PIN, typed twice, with its rules. */
import { checkPin } from '#shared/domain/pin.ts'
import type { App } from '../app/app.ts'
import type { Child } from '../app/dom.ts'
import type { Field } from './field.ts'
import { requirements } from './requirements.ts'
import { pinField } from './secret-field.ts'

export interface NewPin {
  readonly fields: readonly Field[]
  readonly content: readonly Child[]
  readonly value: string
  focus(): void
  /** A PIN does not stay on the page once it was sent. */
  clear(): void
  showError(text: string): void
}

/** @param name as the API calls it */
export function newPin(app: App, name: 'pin' | 'newPin'): NewPin {
  const { pin: texts } = app.catalogue.texts
  const { errors } = app.catalogue
  const list = requirements(app, texts.rules, [texts.ruleDigits, texts.rulePattern, texts.ruleMatch])
  const first = pinField(app, {
    name,
    label: texts.newPin,
    invalid: errors.PIN_FORMAT[0],
    describedBy: list.id,
  })
  const second = pinField(app, { name: 'confirmPin', label: texts.confirmPin, invalid: texts.mismatch })
  const matches = () => first.value !== '' && first.value === second.value
  const show = () => {
    const refusal = checkPin(first.value)
    list.show([refusal !== 'PIN_FORMAT', refusal === undefined, matches()])
  }
  first.input.addEventListener('input', show)
  second.input.addEventListener('input', show)
  const refusalText = () => {
    const refusal = checkPin(first.value)
    return refusal === undefined ? undefined : errors[refusal].join(' ')
  }
  return {
    fields: [
      { ...first, check: () => first.check() ?? refusalText() },
      { ...second, check: () => second.check() ?? (matches() ? undefined : texts.mismatch) },
    ],
    content: [first.element, second.element, list.element],
    get value() {
      return first.value
    },
    focus: first.focus,
    clear() {
      first.input.value = ''
      second.input.value = ''
      show()
    },
    showError(text) {
      first.showError(text)
      first.focus()
    },
  }
}
