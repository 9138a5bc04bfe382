/** The code of a challenge: six boxes, the time it has left, the tries it has left, and the way to a new one. */
import type { App } from '../app/app.ts'
import { clockText, everySecond, secondsUntil } from '../app/countdown.ts'
import { h, newId, replaceChildren, setAttribute } from '../app/dom.ts'
import { plural } from '../app/language.ts'
import type { Failure, Result } from '../client.ts'
import { type Challenge, hasExpired, isSpent } from './challenge.ts'
import { codeEntry } from './code-entry.ts'
import type { Field } from './field.ts'
import type { ProblemArea } from './problem.ts'
import { listenForSms } from './web-otp.ts'

export interface CodePanelOptions {
  /** As it stands now: a resend replaces it. */
  readonly challenge: () => Challenge
  readonly sms: boolean
  /** Asks for a new code and keeps its challenge. */
  readonly resend?: () => Promise<Result<unknown>>
  readonly complete: () => void
  readonly problem: () => ProblemArea
}

export interface CodePanel extends Field {
  readonly code: string
  /** Shows a refusal of the code. @returns whether it was one. */
  refused(failure: Failure): boolean
  /** @returns whether the code can still be right; says why where it cannot. */
  usable(): boolean
}

export function codePanel(app: App, leaving: AbortSignal, options: CodePanelOptions): CodePanel {
  const { auth, code: texts } = app.catalogue.texts
  const { challenge, problem } = options
  const errorId = newId('error')
  const hintId = newId('hint')
  const entry = codeEntry(app, { describedBy: `${hintId} ${errorId}`, complete: options.complete })
  const error = h('p', { id: errorId, class: 'error', role: 'alert' })
  const expiry = h('p', { class: 'expiry' })
  const tries = h('p', { class: 'tries', role: 'status' })
  const resend = h('button', { type: 'button', class: 'second', click: () => void ask() })
  let asking = false
  let said = ''

  const once = (text: string) => {
    if (said !== text) app.announce(text)
    said = text
  }

  function showTime(): void {
    const { expiresAt, resendAt, triesLeft } = challenge()
    const left = secondsUntil(expiresAt)
    const clock = h('span', { role: 'timer', class: 'clock', dir: 'ltr' }, clockText(left))
    if (left > 0) replaceChildren(expiry, `${auth.codeExpiresIn} `, clock)
    else replaceChildren(expiry, h('strong', {}, auth.codeExpired))
    const wait = secondsUntil(resendAt)
    resend.textContent =
      wait > 0 && wait < 100 ? app.fill(auth.resendWait, { seconds: wait }) : auth.resendCode
    setAttribute(resend, 'aria-disabled', (wait > 0 || asking) && 'true')
    entry.enable(left > 0 && triesLeft !== 0)
    if (left === 0) once(`${auth.codeExpired}. ${texts.askNew}`)
    else if (left <= 60 && left > 50) once(texts.minuteLeft)
    else if (wait === 0 && options.resend !== undefined) once(texts.canResend)
  }

  function showTries(): void {
    const { triesLeft } = challenge()
    const text =
      triesLeft === 0
        ? texts.noTries
        : triesLeft !== undefined && plural(app.catalogue, texts.triesLeft, triesLeft)
    tries.textContent = text === false ? '' : app.fill(text, { n: triesLeft ?? 0 })
  }

  function showError(text: string | undefined): void {
    error.textContent = text ?? ''
    entry.invalid(text !== undefined)
  }

  async function ask(): Promise<void> {
    if (asking || secondsUntil(challenge().resendAt) > 0) return
    asking = true
    showTime()
    const result = await options.resend?.()
    if (leaving.aborted || result === undefined) return
    asking = false
    if (result.ok) renewed()
    else {
      challenge().resendAt = Date.now() + (result.retryAfterSeconds ?? 0) * 1000
      problem().show(result)
    }
    showTime()
  }

  function renewed(): void {
    problem().clear()
    showError(undefined)
    tries.textContent = ''
    entry.clear()
    entry.enable(true)
    entry.focus()
    app.announce(texts.newSent)
    said = texts.newSent
  }

  function refused({ code, retryAfterSeconds }: Failure): boolean {
    const now = challenge()
    if (code === 'TRIES_EXHAUSTED') {
      now.triesLeft = 0
      now.resendAt = Math.max(now.resendAt, Date.now() + (retryAfterSeconds ?? 0) * 1000)
    } else if (code !== 'OTP_INVALID') return false
    else if (now.triesLeft !== undefined && !hasExpired(now)) now.triesLeft -= 1
    entry.clear()
    showError(app.catalogue.errors[code].join(' '))
    showTries()
    showTime()
    if (isSpent(now)) resend.focus()
    else entry.focus()
    return true
  }

  if (options.sms) listenForSms(leaving, entry.fill)
  everySecond(leaving, showTime)
  const hint = h('p', { id: hintId, class: 'hint' }, texts.autoSubmit)
  const foot = h('div', { class: 'row' }, expiry, options.resend !== undefined && resend)
  return {
    element: h('div', { class: 'panel' }, entry.element, hint, error, tries, foot),
    name: 'otp',
    invalid: texts.incomplete,
    get code() {
      return entry.code
    },
    check: () => (entry.code.length === 6 ? undefined : texts.incomplete),
    showError,
    focus: () => (isSpent(challenge()) ? resend.focus() : entry.focus()),
    refused,
    usable() {
      const now = challenge()
      if (!isSpent(now)) return true
      problem().say(hasExpired(now) ? auth.codeExpired : texts.noTries, hasExpired(now) ? texts.askNew : '')
      resend.focus()
      return false
    },
  }
}
