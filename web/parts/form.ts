/** A form: checks its fields, sends once however often it is clicked, shows what went wrong, and keeps what was typed. */
import type { App } from '../app/app.ts'
import { type Child, h, setAttribute } from '../app/dom.ts'
import type { Failure } from '../client.ts'
import type { Field } from './field.ts'
import { type Explanation, ProblemArea } from './problem.ts'

/** What to make of a failure: an explanation, or `shown` where the form's own parts show it. */
export type Explain = (failure: Failure) => Explanation | 'shown' | undefined

export interface FormOptions {
  readonly fields: readonly Field[]
  readonly content: readonly Child[]
  readonly submit: string
  readonly busy: string
  /** @returns the failure, or undefined when all is well and the page goes on. */
  readonly send: () => Promise<Failure | undefined>
  readonly explain?: Explain
  /** @returns true where nothing can be sent as things stand, having said why. */
  readonly blocked?: () => boolean
  /** Below the submit button. */
  readonly below?: readonly Child[] | undefined
}

export class Form {
  readonly element: HTMLFormElement
  readonly #problem: ProblemArea
  readonly #app: App
  readonly #leaving: AbortSignal
  readonly #options: FormOptions
  // Never `disabled`: that would drop the focus.
  readonly #button = h('button', { type: 'submit', class: 'main' })
  #label: string
  #busy = false
  /** What the fields themselves found wrong, and not the service. */
  readonly #faulty = new Set<Field>()
  /** The field that the problem above is about. */
  #cause: Field | undefined

  constructor(app: App, leaving: AbortSignal, options: FormOptions) {
    this.#app = app
    this.#leaving = leaving
    this.#options = options
    this.#label = options.submit
    this.#problem = new ProblemArea(app, leaving, () => this.#showState())
    const submit = (event: Event) => {
      event.preventDefault()
      this.submit()
    }
    const input = (event: Event) => this.#mend(event.target as Node)
    const { content, below = [] } = options
    // A phone's keyboard names its key by what comes next. Each field says that it is the last one.
    for (const field of options.fields.slice(0, -1)) field.input?.setAttribute('enterkeyhint', 'next')
    this.element = h(
      'form',
      { novalidate: true, submit, input },
      this.#problem.element,
      ...content,
      this.#button,
      ...below,
    )
    this.#showState()
  }

  submit(): void {
    this.#run().catch((error: unknown) => {
      if (!this.#leaving.aborted) throw error
    })
  }

  /** Whether something else is what to do next, so that the submit button does not stand out. */
  set quiet(isQuiet: boolean) {
    this.#button.className = isQuiet ? 'second' : 'main'
  }

  /** Names the submit button by what it does now. */
  set label(label: string) {
    this.#label = label
    this.#showState()
  }

  #showState(): void {
    this.#button.textContent = this.#busy ? this.#options.busy : this.#label
    setAttribute(this.#button, 'aria-disabled', (this.#busy || this.#problem.waiting) && 'true')
  }

  async #run(): Promise<void> {
    const { fields, busy, blocked, send } = this.#options
    if (this.#busy || this.#problem.waiting || blocked?.() === true) return
    this.#problem.clear()
    this.#cause = undefined
    this.#faulty.clear()
    const found = fields.map((field) => [field, field.check()] as const)
    for (const [field, error] of found) if (error !== undefined) this.#faulty.add(field)
    if (!showErrors(found)) return
    this.#busy = true
    this.#showState()
    this.#app.announce(busy)
    const failure = await send()
    if (this.#leaving.aborted) return
    this.#busy = false
    this.#showState()
    if (failure !== undefined) this.#showFailure(failure)
  }

  /** An error goes as soon as its field is good: one that the service found, once something else is typed there. */
  #mend(typedIn: Node): void {
    const { fields } = this.#options
    // The last one: the reference beside a code stands within the code's own element.
    const typed = fields.findLast(({ element }) => element.contains(typedIn))
    for (const field of fields) {
      if ((field !== typed && !this.#faulty.has(field)) || field.check() !== undefined) continue
      field.showError(undefined)
      this.#faulty.delete(field)
      if (field === typed && field.name === this.#cause?.name) this.#problem.clear()
    }
  }

  #showFailure(failure: Failure): void {
    const { fields, explain } = this.#options
    const named = fields.filter(({ name }) => failure.details.some(({ field }) => field === name))
    if (failure.code === 'VALIDATION_FAILED' && named.length > 0) {
      showErrors(named.map((field) => [field, field.invalid]))
      return
    }
    const explanation = explain?.(failure)
    if (explanation === 'shown') return
    this.#cause = explanation?.about
    this.#problem.show(failure, explanation)
  }
}

/** @returns whether there is none; else the first one has the focus. */
function showErrors(errors: readonly (readonly [Field, string | undefined])[]): boolean {
  for (const [field, error] of errors) field.showError(error)
  const first = errors.find(([, error]) => error !== undefined)
  first?.[0].focus()
  return first === undefined
}
