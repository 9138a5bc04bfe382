/** A new password, typed twice, with its requirements and its strength. */
import type { App } from '../app/app.ts'
import { type Child, h } from '../app/dom.ts'
import type { Failure } from '../client.ts'
import type { Field, TextField } from './field.ts'
import { passwordLimits } from './flow-numbers.ts'
import {
  type CommonPasswords,
  isTooLong,
  judgePassword,
  loadCommonPasswords,
  type PasswordRule,
  type Requirement,
  requirementsIn,
  strengthOf,
} from './password-rules.ts'
import type { Explanation } from './problem.ts'
import { type Requirements, requirements } from './requirements.ts'
import { passwordField } from './secret-field.ts'
import { type StrengthMeter, strengthMeter } from './strength-meter.ts'

export class NewPassword {
  readonly fields: readonly Field[]
  readonly content: readonly Child[]
  readonly #app: App
  readonly #rule: PasswordRule
  readonly #identifiers: readonly string[]
  readonly #list: Requirements
  readonly #meter: StrengthMeter
  readonly #first: TextField
  readonly #second: TextField
  #common: CommonPasswords | undefined
  /** What the service found wanting, and in which password. */
  #refused: { readonly password: string; readonly unmet: ReadonlySet<string> } | undefined

  /** @param identifiers what was typed of the person's own: it may not be in the password */
  constructor(app: App, rule: PasswordRule, identifiers: readonly string[]) {
    const { auth, password } = app.catalogue.texts
    this.#app = app
    this.#rule = rule
    this.#identifiers = identifiers
    this.#list = requirements(app, auth.passwordRequirements, labelsOf(app, rule))
    this.#meter = strengthMeter(app)
    const autocomplete = 'new-password'
    this.#first = passwordField(app, {
      name: 'newPassword',
      label: auth.newPassword,
      autocomplete,
      invalid: password.unmetError,
      describedBy: this.#list.id,
    })
    this.#second = passwordField(app, {
      name: 'confirmPassword',
      label: auth.confirmPassword,
      autocomplete,
      invalid: password.mismatch,
    })
    this.#follow()
    void this.#loadCommon()
    const limits = rule === 'enterprise' ? password.limits : password.limitsStandard
    const { element: first } = this.#first
    const { element: second } = this.#second
    this.content = [first, this.#meter.element, second, this.#list.element, h('p', { class: 'hint' }, limits)]
    this.fields = [
      { ...this.#first, check: () => this.#checkFirst() },
      { ...this.#second, check: () => this.#checkSecond() },
    ]
  }

  get value(): string {
    return this.#first.input.value
  }

  clear(): void {
    for (const { input } of [this.#first, this.#second]) input.value = ''
  }

  /** What the refusal of a password means; undefined for any other. The rows it names are unmet until one types on. */
  explain(failure: Failure): Explanation | undefined {
    const { code } = failure
    if (code !== 'PASSWORD_WEAK' && code !== 'PASSWORD_BREACHED' && code !== 'PASSWORD_REUSED')
      return undefined
    const { errors, texts } = this.#app.catalogue
    const unmet = requirementsIn(failure, this.#rule)
    this.#refused = { password: this.value, unmet }
    this.#show()
    this.#first.showError(errors[code][0])
    this.#first.focus()
    const { common, personal } = texts.password
    const about = this.#first
    if (unmet.has('common') || unmet.has('trivial')) return { about, text: [common, errors[code][1]] }
    return unmet.has('personal') ? { about, text: [personal, errors[code][1]] } : { about }
  }

  #follow(): void {
    const show = () => {
      this.#show()
      if (this.#matches()) this.#second.showError(undefined)
    }
    for (const { input } of [this.#first, this.#second]) input.addEventListener('input', show)
    show()
  }

  /** What the service has refused is not strong, however it looks. */
  #show(): void {
    const isRefused = this.#refused !== undefined && this.#refused.password === this.value
    const judged = this.#judged()
    this.#list.show(judged.map(({ met }) => met === true))
    this.#meter.show(isRefused ? 1 : strengthOf(this.value, judged))
  }

  /** Without the list the service alone judges by it. */
  async #loadCommon(): Promise<void> {
    try {
      this.#common = await loadCommonPasswords()
      this.#show()
    } catch {
      // The row stays open, the meter below good, and the form can be sent.
    }
  }

  #judged() {
    const refused = this.#refused?.password === this.value ? this.#refused.unmet : undefined
    const known = {
      product: this.#app.config.product,
      identifiers: this.#identifiers,
      common: this.#common,
    }
    return judgePassword(this.#rule, this.value, known).map(({ requirement, met }) => ({
      requirement,
      met: refused?.has(requirement) === true ? false : met,
    }))
  }

  #matches(): boolean {
    return this.value !== '' && this.value === this.#second.input.value
  }

  #checkFirst(): string | undefined {
    const { passwordMaxCharacters: count } = passwordLimits
    if (isTooLong(this.value)) return this.#app.fill(this.#app.catalogue.texts.password.tooLong, { count })
    return (
      this.#first.check() ??
      (this.#judged().some(({ met }) => met === false) ? this.#first.invalid : undefined)
    )
  }

  #checkSecond(): string | undefined {
    return this.#second.check() ?? (this.#matches() ? undefined : this.#second.invalid)
  }
}

function labelsOf(app: App, rule: PasswordRule): readonly string[] {
  const { auth, password } = app.catalogue.texts
  const count = passwordLimits.passwordMinCharacters[rule]
  const labels: Readonly<Record<Requirement, string>> = {
    length: app.fill(auth.requirementLength, { count }),
    uppercase: auth.requirementUppercase,
    lowercase: auth.requirementLowercase,
    number: auth.requirementNumber,
    special: auth.requirementSpecial,
    common: password.requirementCommon,
    trivial: password.requirementTrivial,
    personal: password.requirementPersonal,
  }
  const nothing = { product: '', identifiers: [], common: undefined }
  return judgePassword(rule, '', nothing).map(({ requirement }) => labels[requirement])
}
