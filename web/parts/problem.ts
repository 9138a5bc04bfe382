/** What went wrong, what to do next, and how long to wait where the service says so. */
import type { App } from '../app/app.ts'
import { clockText, everySecond, secondsUntil } from '../app/countdown.ts'
import { h, replaceChildren } from '../app/dom.ts'
import type { Failure, FailureCode } from '../client.ts'

export interface Action {
  readonly label: string
  readonly run: () => void
}

/** What to say in place of the catalogue's sentence, and a button that takes the next step. */
export interface Explanation {
  readonly text?: readonly [sentence: string, nextStep: string]
  readonly actions?: readonly Action[]
}

export interface ProblemArea {
  readonly element: HTMLElement
  show(failure: Failure, explanation?: Explanation): void
  say(sentence: string, nextStep: string): void
  clear(): void
  /** Whether the time the service asked for is still running. */
  readonly waiting: boolean
}

const mended: ReadonlySet<FailureCode> = new Set(['UNAVAILABLE', 'MALFORMED_JSON', 'UNSUPPORTED_MEDIA_TYPE'])

/** @param changed called when a wait begins or ends. */
export function problemArea(app: App, leaving: AbortSignal, changed: () => void = () => {}): ProblemArea {
  const { common } = app.catalogue.texts
  const alert = h('div', { class: 'problem', role: 'alert' })
  // Outside the alert: a screen reader would say every second of it.
  const wait = h('p', { class: 'wait' })
  let stop = new AbortController()
  let until = 0

  function endWait(): void {
    stop.abort()
    until = 0
    wait.replaceChildren()
    changed()
  }

  function beginWait(seconds: number): void {
    until = Date.now() + seconds * 1000
    stop = new AbortController()
    const clock = h('span', { role: 'timer', class: 'clock', dir: 'ltr' })
    replaceChildren(wait, `${common.waitBefore} `, clock)
    changed()
    everySecond(AbortSignal.any([leaving, stop.signal]), () => {
      clock.textContent = clockText(secondsUntil(until))
      if (secondsUntil(until) > 0) return
      endWait()
      alert.replaceChildren()
      app.announce(common.waitOver)
    })
  }

  return {
    element: h('div', {}, alert, wait),
    get waiting() {
      return until > 0
    },
    show(failure, { text = app.catalogue.errors[failure.code], actions = [] } = {}) {
      endWait()
      const [sentence, nextStep] = text
      const buttons = actions.map(({ label, run }) =>
        h('button', { type: 'button', class: 'link', click: run }, label),
      )
      const { requestId } = failure
      const reference =
        mended.has(failure.code) &&
        requestId !== undefined &&
        h('p', { class: 'hint' }, app.fill(common.reference, { id: requestId }))
      replaceChildren(alert, h('p', {}, h('strong', {}, sentence), ` ${nextStep}`), ...buttons, reference)
      if (failure.retryAfterSeconds !== undefined) beginWait(failure.retryAfterSeconds)
    },
    say(sentence, nextStep) {
      replaceChildren(alert, h('p', {}, h('strong', {}, sentence), ` ${nextStep}`))
    },
    clear() {
      alert.replaceChildren()
      if (until > 0) endWait()
    },
  }
}
