/** The code of a challenge: six boxes, the time it has left, the tries it has left, and the way to a new one. */
import type { App } from '../app/app.ts'
import { clockText, everySecond, secondsUntil } from '../app/countdown.ts'
import { h, newId, replaceChildren, setAttribute } from '../app/dom.ts'
import { plural } from '../app/language.ts'
import { type Failure, isUnheard, type Result } from '../client.ts'
import { type Challenge, hasExpired, isSpent } from './challenge.ts'
import { CodeEntry, codeLength } from './code-entry.ts'
import type { Field } from './field.ts'
import { ProblemArea } from './problem.ts'
import { listenForSms } from './web-otp.ts'

export interface CodePanelOptions {
  /** As it stands now: a resend replaces it. */
  readonly challenge: () => Challenge
  readonly sms: boolean
  /** Asks for a new code and keeps its challenge. */
  readonly resend?: (() => Promise<Result<unknown>>) | undefined
  /** Leads to a new code where none can be asked for here. */
  readonly elsewhere?: HTMLElement | undefined
  /** Where the last digit does not send it, nothing may say so. */
  readonly sendsItself: boolean
  readonly complete: () => void
}

const clock = (seconds: number) =>
  h('span', { role: 'timer', class: 'clock', dir: 'ltr' }, clockText(seconds))

export class CodePanel implements Field {
  readonly element: HTMLElement
  readonly name = 'otp'
  readonly invalid: string
  readonly #app: App
  readonly #leaving: AbortSignal
  readonly #options: CodePanelOptions
  readonly #entry: CodeEntry
  readonly #error: HTMLElement
  readonly #expiry = h('p', { class: 'expiry' })
  readonly #tries = h('p', { class: 'tries', role: 'status' })
  readonly #resend: HTMLButtonElement
  /** Of the way to a new code: the form stays free for the code in hand. */
  readonly #problem: ProblemArea
  readonly #wait = h('p', { class: 'wait' })
  #asking = false
  #waits = false
  #said = ''

  constructor(app: App, leaving: AbortSignal, options: CodePanelOptions) {
    const { autoSubmit, incomplete } = app.catalogue.texts.code
    const [errorId, hintId] = [newId('error'), newId('hint')]
    this.#app = app
    this.#leaving = leaving
    this.#options = options
    this.invalid = incomplete
    this.#entry = new CodeEntry(app, options.sendsItself ? `${hintId} ${errorId}` : errorId, options.complete)
    this.#error = h('p', { id: errorId, class: 'error', role: 'alert' })
    this.#resend = h('button', { type: 'button', class: 'second', click: () => void this.#ask() })
    const hint = options.sendsItself && h('p', { id: hintId, class: 'hint' }, autoSubmit)
    const foot = h('div', { class: 'row' }, this.#expiry, options.resend !== undefined && this.#resend)
    this.#problem = new ProblemArea(app, leaving)
    this.element = h(
      'div',
      { class: 'panel' },
      this.#entry.element,
      hint,
      this.#error,
      this.#tries,
      foot,
      this.#problem.element,
      this.#wait,
    )
    if (options.sms) listenForSms(leaving, (code) => this.#entry.fill(code))
    everySecond(leaving, () => this.#showTime())
  }

  get code(): string {
    return this.#entry.code
  }

  check(): string | undefined {
    return this.code.length === codeLength ? undefined : this.invalid
  }

  showError(text: string | undefined): void {
    this.#error.textContent = text ?? ''
    this.#entry.invalid(text !== undefined)
  }

  focus(): void {
    if (isSpent(this.#options.challenge())) this.#toNewCode()
    else this.#entry.focus()
  }

  #toNewCode(): void {
    const { elsewhere = this.#resend } = this.#options
    elsewhere.focus()
  }

  /** Shows a refusal of the code. @returns whether it was one. */
  refused(failure: Failure): boolean {
    const { code, retryAfterSeconds } = failure
    const { catalogue } = this.#app
    const challenge = this.#options.challenge()
    if (isUnheard(failure)) {
      challenge.triesLeft = undefined
      this.#forgetTries()
    }
    if (code === 'TRIES_EXHAUSTED') {
      challenge.triesLeft = 0
      challenge.resendAt = Math.max(challenge.resendAt, Date.now() + (retryAfterSeconds ?? 0) * 1000)
    } else if (code !== 'OTP_INVALID') return false
    else if (challenge.triesLeft !== undefined && !hasExpired(challenge)) challenge.triesLeft -= 1
    const { triesLeft } = challenge
    this.#problem.clear()
    this.#entry.clear()
    this.showError(triesLeft === 0 ? this.#noTries() : catalogue.errors[code].join(' '))
    const counted = triesLeft !== undefined && triesLeft > 0
    const form = counted ? plural(catalogue, catalogue.texts.code.triesLeft, triesLeft) : ''
    this.#tries.textContent = this.#app.fill(form, { n: triesLeft ?? 0 })
    this.#showTime()
    this.focus()
    return true
  }

  /** @returns whether the code can still be right; says why where it cannot. */
  usable(): boolean {
    const { auth, code } = this.#app.catalogue.texts
    const challenge = this.#options.challenge()
    if (!isSpent(challenge)) return true
    if (hasExpired(challenge)) this.#problem.say(auth.codeExpired, code.askNew)
    else this.#problem.say(this.#noTries())
    this.#toNewCode()
    return false
  }

  #showTime(): void {
    const { auth } = this.#app.catalogue.texts
    const { expiresAt, resendAt, triesLeft } = this.#options.challenge()
    const left = secondsUntil(expiresAt)
    const wait = secondsUntil(resendAt)
    if (left === 0) replaceChildren(this.#expiry, h('strong', {}, auth.codeExpired))
    // Time means nothing to a code that no try is left for.
    else if (triesLeft === 0) replaceChildren(this.#expiry)
    else replaceChildren(this.#expiry, `${auth.codeExpiresIn} `, clock(left))
    this.#showWait(wait)
    setAttribute(this.#resend, 'aria-disabled', (wait > 0 || this.#asking) && 'true')
    this.#entry.enable(left > 0 && triesLeft !== 0)
    this.#announce(left, wait)
  }

  /** In the button where it is short, else beside it. */
  #showWait(wait: number): void {
    const { auth, common } = this.#app.catalogue.texts
    const inButton = wait > 0 && !this.#waitsLong()
    this.#resend.textContent = inButton ? this.#app.fill(auth.resendWait, { seconds: wait }) : auth.resendCode
    if (this.#waitsLong()) replaceChildren(this.#wait, `${common.waitBefore} `, clock(wait))
    else replaceChildren(this.#wait)
    if (this.#waits && wait === 0) this.#problem.clear()
    this.#waits = wait > 0
  }

  #waitsLong(): boolean {
    const wait = secondsUntil(this.#options.challenge().resendAt)
    return wait >= 100 || (wait > 0 && this.#options.resend === undefined)
  }

  /** Why the code cannot be tried again. */
  #noTries(): string {
    const { errors, texts } = this.#app.catalogue
    return this.#waitsLong() ? errors.TRIES_EXHAUSTED.join(' ') : texts.code.noTries
  }

  /** Screen readers hear of the moments that matter, once each, and not of every second. */
  #announce(left: number, wait: number): void {
    const { auth, code } = this.#app.catalogue.texts
    const canResend = wait === 0 && this.#options.resend !== undefined
    const text =
      left === 0
        ? `${auth.codeExpired}. ${code.askNew}`
        : left <= 60
          ? code.minuteLeft
          : canResend
            ? code.canResend
            : ''
    if (text !== '' && text !== this.#said) this.#app.announce(text)
    this.#said = text
  }

  async #ask(): Promise<void> {
    const { challenge, resend } = this.#options
    if (this.#asking || secondsUntil(challenge().resendAt) > 0) return
    this.#asking = true
    this.#problem.clear()
    this.#showTime()
    const result = await resend?.()
    if (this.#leaving.aborted || result === undefined) return
    this.#asking = false
    if (result.ok) this.#renew()
    else {
      // Without its time, which the button shows: no form has to wait for it.
      this.#problem.show({ ...result, retryAfterSeconds: undefined })
      if (challenge().triesLeft === undefined) this.#forgetTries()
    }
    this.#showTime()
  }

  #forgetTries(): void {
    this.showError(undefined)
    this.#tries.textContent = ''
  }

  #renew(): void {
    this.#problem.clear()
    this.#forgetTries()
    this.#entry.clear()
    this.#entry.enable(true)
    this.#entry.focus()
    this.#app.announce(this.#app.catalogue.texts.code.newSent)
  }
}
