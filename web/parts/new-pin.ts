/** A new PIN, typed twice, with its rules. */
import { checkPin } from '#shared/domain/pin.ts'
import type { App } from '../app/app.ts'
import type { Child } from '../app/dom.ts'
import type { Failure } from '../client.ts'
import type { Field } from './field.ts'
import { requirements } from './requirements.ts'
import { pinField } from './secret-field.ts'

export interface NewPin {
  readonly fields: readonly Field[]
  readonly content: readonly Child[]
  readonly value: string
  readonly focus: () => void
  /** A PIN does not stay on the page once it was sent. */
  clear(): void
  /** Shows a refusal of the PIN. @returns whether it was one. */
  refused(failure: Failure): boolean
}

/** @param name as the API calls it */
export function newPin(app: App, name: 'pin' | 'newPin'): NewPin {
  const { texts, errors } = app.catalogue
  const { rules, ruleDigits, rulePattern, ruleMatch, confirmPin, mismatch } = texts.pin
  const list = requirements(app, rules, [ruleDigits, rulePattern, ruleMatch])
  const invalid = errors.PIN_FORMAT.join(' ')
  const first = pinField(app, { name, label: texts.pin.newPin, invalid, describedBy: list.id })
  const second = pinField(app, { name: 'confirmPin', label: confirmPin, invalid: mismatch })
  const matches = () => first.value !== '' && first.value === second.value
  const show = () => {
    const refusal = checkPin(first.value)
    list.show([refusal !== 'PIN_FORMAT', refusal === undefined, matches()])
  }
  for (const { input } of [first, second]) input.addEventListener('input', show)
  const checkFirst = () => {
    const refusal = checkPin(first.value)
    return first.check() ?? (refusal === undefined ? undefined : errors[refusal].join(' '))
  }
  return {
    fields: [
      { ...first, check: checkFirst },
      { ...second, check: () => second.check() ?? (matches() ? undefined : mismatch) },
    ],
    content: [first.element, second.element, list.element],
    get value() {
      return first.value
    },
    focus: first.focus,
    clear() {
      for (const { input } of [first, second]) input.value = ''
      show()
    },
    refused({ code }) {
      if (code !== 'PIN_FORMAT' && code !== 'PIN_TRIVIAL' && code !== 'PIN_REUSED') return false
      first.showError(errors[code].join(' '))
      first.focus()
      return true
    },
  }
}
