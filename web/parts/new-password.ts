/** A new password, typed twice, with its requirements and its strength. */
import type { App } from '../app/app.ts'
import { type Child, h } from '../app/dom.ts'
import type { Failure } from '../client.ts'
import type { Field } from './field.ts'
import { passwordLimits } from './flow-numbers.ts'
import {
  isTooLong,
  judgePassword,
  type PasswordRule,
  type Requirement,
  strengthOf,
} from './password-rules.ts'
import type { Explanation } from './problem.ts'
import { requirements } from './requirements.ts'
import { passwordField } from './secret-field.ts'
import { strengthMeter } from './strength-meter.ts'

export interface NewPassword {
  readonly fields: readonly Field[]
  readonly content: readonly Child[]
  readonly value: string
  clear(): void
  /** What the refusal of a password means. */
  explain(failure: Failure): Explanation | undefined
}

/** @param identifiers what was typed of the person's own: it may not be in the password. */
export function newPassword(app: App, rule: PasswordRule, identifiers: readonly string[]): NewPassword {
  const { auth, password: texts } = app.catalogue.texts
  const labels: Readonly<Record<Requirement, string>> = {
    length: app.fill(auth.requirementLength, { count: passwordLimits.passwordMinCharacters[rule] }),
    uppercase: auth.requirementUppercase,
    lowercase: auth.requirementLowercase,
    number: auth.requirementNumber,
    special: auth.requirementSpecial,
    personal: texts.requirementPersonal,
  }
  const judged = () => judgePassword(rule, first.input.value, identifiers)
  const matches = () => first.input.value !== '' && first.input.value === second.input.value
  const names = judgePassword(rule, '', []).map(({ requirement }) => labels[requirement])
  const list = requirements(app, auth.passwordRequirements, names)
  const meter = strengthMeter(app)
  const first = passwordField(app, {
    name: 'newPassword',
    label: auth.newPassword,
    autocomplete: 'new-password',
    invalid: texts.unmetError,
    describedBy: list.id,
  })
  const second = passwordField(app, {
    name: 'confirmPassword',
    label: auth.confirmPassword,
    autocomplete: 'new-password',
    invalid: texts.mismatch,
  })
  const show = () => {
    list.show(judged().map(({ met }) => met))
    meter.show(strengthOf(first.input.value))
    if (matches()) second.showError(undefined)
  }
  first.input.addEventListener('input', show)
  second.input.addEventListener('input', show)
  second.input.addEventListener('blur', () => {
    if (second.input.value !== '' && !matches()) second.showError(texts.mismatch)
  })
  show()
  const tooLong = app.fill(texts.tooLong, { count: passwordLimits.passwordMaxCharacters })
  const limits = rule === 'enterprise' ? texts.limits : texts.limitsStandard
  return {
    fields: [
      {
        ...first,
        check() {
          if (isTooLong(first.input.value)) return tooLong
          return first.check() ?? (judged().every(({ met }) => met) ? undefined : texts.unmetError)
        },
      },
      { ...second, check: () => second.check() ?? (matches() ? undefined : texts.mismatch) },
    ],
    content: [first.element, meter.element, second.element, list.element, h('p', { class: 'hint' }, limits)],
    get value() {
      return first.input.value
    },
    clear() {
      first.input.value = ''
      second.input.value = ''
    },
    explain({ code, details }) {
      const aboutPassword: readonly string[] = ['PASSWORD_WEAK', 'PASSWORD_BREACHED', 'PASSWORD_REUSED']
      if (!aboutPassword.includes(code)) return undefined
      first.showError(app.catalogue.errors[code][0])
      first.focus()
      const common =
        code === 'PASSWORD_WEAK' && details.some(({ message }) => message.includes('commonly used'))
      return common ? { text: [texts.common, app.catalogue.errors.PASSWORD_WEAK[1]] } : {}
    },
  }
}
