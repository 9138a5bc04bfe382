/** What went wrong, what to do next, and how long to wait where the service says so. */
import type { App } from '../app/app.ts'
import { everySecond, secondsUntil } from '../app/countdown.ts'
import { h, replaceChildren } from '../app/dom.ts'
import type { Failure, FailureCode } from '../client.ts'
import type { Field } from './field.ts'
import { icon } from './icon.ts'
import { waitLine } from './wait-line.ts'

export interface Action {
  readonly label: string
  readonly run: () => void
}

/** What to say in place of the catalogue's sentence, and buttons that take the next step. */
export interface Explanation {
  readonly text?: readonly [sentence: string, nextStep: string]
  readonly actions?: readonly Action[]
  /** What is told goes once this field is good again. */
  readonly about?: Field
  /** False where no time helps, whatever the service says. */
  readonly waits?: boolean
}

/** Those that support has to look into, by the id of the request. */
const mended: ReadonlySet<FailureCode> = new Set(['UNAVAILABLE', 'MALFORMED_JSON', 'UNSUPPORTED_MEDIA_TYPE'])

export class ProblemArea {
  readonly element: HTMLElement
  readonly #app: App
  readonly #leaving: AbortSignal
  readonly #changed: () => void
  readonly #alert = h('div', { class: 'problem', role: 'alert' })
  // Outside the alert: a screen reader would say every second of it.
  readonly #wait = h('p', { class: 'wait' })
  #waiting: AbortController | undefined

  /** @param changed called when a wait begins or ends */
  constructor(app: App, leaving: AbortSignal, changed: () => void = () => {}) {
    this.#app = app
    this.#leaving = leaving
    this.#changed = changed
    this.element = h('div', {}, this.#alert, this.#wait)
  }

  /** Whether the time the service asked for is still running. */
  get waiting(): boolean {
    return this.#waiting !== undefined
  }

  show({ code, retryAfterSeconds, requestId }: Failure, explanation: Explanation = {}): void {
    const { errors, texts } = this.#app.catalogue
    const { text = errors[code], actions = [], waits = true } = explanation
    const buttons = actions.map(({ label, run }) =>
      h('button', { type: 'button', class: 'link', click: run }, label),
    )
    const reference = mended.has(code) && requestId !== undefined
    this.#say(...text)
    this.#alert.append(...buttons)
    if (reference)
      this.#alert.append(h('p', { class: 'hint' }, this.#app.fill(texts.common.reference, { id: requestId })))
    if (waits && retryAfterSeconds !== undefined) this.#beginWait(retryAfterSeconds)
    this.#bringIntoView()
  }

  say(sentence: string, nextStep = ''): void {
    this.#say(sentence, nextStep)
    this.#bringIntoView()
  }

  #say(sentence: string, nextStep: string): void {
    this.clear()
    const text = h('span', {}, h('strong', {}, sentence), ` ${nextStep}`)
    replaceChildren(this.#alert, h('p', { class: 'told' }, icon('warning'), text))
  }

  clear(): void {
    this.#alert.replaceChildren()
    this.#endWait()
  }

  #bringIntoView(): void {
    this.element.scrollIntoView({ block: 'nearest' })
  }

  #beginWait(seconds: number): void {
    const { waitOver } = this.#app.catalogue.texts.common
    const until = Date.now() + seconds * 1000
    const waiting = new AbortController()
    this.#waiting = waiting
    this.#changed()
    this.#leaving.addEventListener('abort', () => waiting.abort(), { signal: waiting.signal })
    everySecond(waiting.signal, () => {
      replaceChildren(this.#wait, ...waitLine(this.#app, until))
      if (secondsUntil(until) > 0) return
      this.clear()
      this.#app.announce(waitOver)
    })
  }

  #endWait(): void {
    if (this.#waiting === undefined) return
    this.#waiting.abort()
    this.#waiting = undefined
    this.#wait.replaceChildren()
    this.#changed()
  }
}
