/** A form: checks its fields, sends once however often it is clicked, shows what went wrong, and keeps what was typed. */
import type { App } from '../app/app.ts'
import { type Child, h, setAttribute } from '../app/dom.ts'
import type { Failure } from '../client.ts'
import type { Field } from './field.ts'
import { type Explanation, type ProblemArea, problemArea } from './problem.ts'

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
  readonly below?: readonly Child[]
}

export interface Form {
  readonly element: HTMLFormElement
  readonly problem: ProblemArea
  readonly submit: () => void
  readonly button: HTMLButtonElement
}

export function createForm(app: App, leaving: AbortSignal, options: FormOptions): Form {
  const { fields, send, explain, blocked } = options
  const problem = problemArea(app, leaving, showState)
  // Never `disabled`: that would drop the focus.
  const button = h('button', { type: 'submit', class: 'main' }, options.submit)
  let busy = false

  function showState(): void {
    button.textContent = busy ? options.busy : options.submit
    setAttribute(button, 'aria-disabled', (busy || problem.waiting) && 'true')
  }

  async function run(): Promise<void> {
    if (busy || problem.waiting || blocked?.() === true) return
    problem.clear()
    if (!showErrors(fields.map((field) => [field, field.check()]))) return
    busy = true
    showState()
    app.announce(options.busy)
    const failure = await send()
    if (leaving.aborted) return
    busy = false
    showState()
    if (failure !== undefined) showFailure(failure)
  }

  function showFailure(failure: Failure): void {
    const named = failure.details.flatMap(({ field }) => fields.filter(({ name }) => field === name))
    if (failure.code === 'VALIDATION_FAILED' && named.length > 0) {
      showErrors(named.map((field) => [field, field.invalid]))
      return
    }
    const explanation = explain?.(failure)
    if (explanation !== 'shown') problem.show(failure, explanation)
  }

  const submit = () => {
    run().catch((error: unknown) => {
      if (!leaving.aborted) throw error
    })
  }
  const element = h(
    'form',
    {
      novalidate: true,
      submit: (event) => {
        event.preventDefault()
        submit()
      },
    },
    problem.element,
    ...options.content,
    button,
    ...(options.below ?? []),
  )
  return { element, problem, submit, button }
}

/** @returns whether there is none; else the first one has the focus. */
function showErrors(errors: readonly (readonly [Field, string | undefined])[]): boolean {
  for (const [field, error] of errors) field.showError(error)
  const first = errors.find(([, error]) => error !== undefined)
  first?.[0].focus()
  return first === undefined
}
