/** The code of a challenge: six boxes, the time it has left, the tries it has left, and the way to a new one. */
import { referenceIn } from '#shared/contract/references.ts'
import type { App } from '../app/app.ts'
import { everySecond, secondsUntil } from '../app/countdown.ts'
import { h, newId, replaceChildren, setAttribute } from '../app/dom.ts'
import { plural } from '../app/language.ts'
import { type Failure, isUnheard, type Result } from '../client.ts'
import { type Challenge, hasExpired, isFrozen, isSpent, waitAfter } from './challenge.ts'
import { codeAtHand } from './code-at-hand.ts'
import { CodeEntry, codeLength } from './code-entry.ts'
import { codeIn } from './code-message.ts'
import { CodeReference } from './code-reference.ts'
import type { Field } from './field.ts'
import { ProblemArea } from './problem.ts'
import { clock, waitLine } from './wait-line.ts'
import { listenForSms } from './web-otp.ts'

export interface CodePanelOptions {
  /** As it stands now: a resend replaces it. */
  readonly challenge: () => Challenge
  readonly sms: boolean
  /** What is said above of where the code went. Heard with the first box, and gone once the code is good for nothing. */
  readonly notice?: HTMLElement | undefined
  /** Asks for a new code and keeps its challenge. */
  readonly resend?: (() => Promise<Result<unknown>>) | undefined
  /** Goes on with whichever code is in the mailbox, where another was refused. */
  readonly useAtHand?: ((refusal: Failure) => void) | undefined
  /** Leads to a new code where none can be asked for here. */
  readonly elsewhere?: HTMLElement | undefined
  /** Where the last digit does not send it, nothing may say so. */
  readonly sendsItself: boolean
  readonly complete: () => void
}

export class CodePanel implements Field {
  readonly element: HTMLElement
  readonly name = 'otp'
  readonly invalid: string
  readonly fields: readonly Field[]
  /** For whom no message came. Below the buttons: most people never need it. */
  readonly help: HTMLElement
  readonly #app: App
  readonly #leaving: AbortSignal
  readonly #options: CodePanelOptions
  readonly #entry: CodeEntry
  readonly #reference: CodeReference
  readonly #hint: HTMLElement
  readonly #error: HTMLElement
  readonly #expiry = h('p', { class: 'expiry' })
  readonly #tries = h('p', { class: 'tries', role: 'status' })
  readonly #resend: HTMLButtonElement
  /** Of the way to a new code: the form stays free for the code in hand. */
  readonly #problem: ProblemArea
  readonly #wait = h('p', { class: 'wait' })
  #follow: (isSpent: boolean) => void = () => {}
  #asking = false
  #waits = false
  #said = ''

  constructor(app: App, leaving: AbortSignal, options: CodePanelOptions) {
    const { autoSubmit, incomplete, nothing, nothingBySms, nothingByEmail } = app.catalogue.texts.code
    const { notice, sms, sendsItself } = options
    const [errorId, hintId] = [newId('error'), newId('hint')]
    this.#app = app
    this.#leaving = leaving
    this.#options = options
    this.invalid = incomplete
    if (notice !== undefined) notice.id = newId('sent')
    const described = [notice?.id, sendsItself && hintId, errorId].filter(Boolean).join(' ')
    const complete = () => this.#complete()
    const pasted = (text: string) => this.#pasted(text)
    this.#entry = new CodeEntry(app, leaving, described, complete, pasted)
    this.#reference = new CodeReference(app, options.challenge, () => this.#showTime())
    this.fields = [this, this.#reference.field]
    this.#error = h('p', { id: errorId, class: 'error', role: 'alert' })
    this.#resend = h('button', { type: 'button', class: 'second', click: () => void this.#ask() })
    this.#hint = h('p', { id: hintId, class: 'hint' }, autoSubmit)
    const help = sms ? nothingBySms : nothingByEmail
    this.help = h('p', { class: 'hint help' }, h('strong', {}, nothing), ` ${help}`)
    const foot = h('div', { class: 'row' }, this.#expiry, options.resend !== undefined && this.#resend)
    this.#problem = new ProblemArea(app, leaving)
    this.element = h(
      'div',
      { class: 'panel' },
      this.#entry.element,
      sendsItself && this.#hint,
      this.#error,
      this.#tries,
      this.#reference.element,
      foot,
      this.#problem.element,
      this.#wait,
    )
    if (sms) listenForSms(leaving, (code) => this.#entry.fill(code))
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

  /** @param show called at once, and as time goes on, with whether a new code is all that helps */
  follow(show: (isSpent: boolean) => void): void {
    this.#follow = show
    this.#showTime()
  }

  get #newCode(): HTMLElement {
    const { elsewhere = this.#resend } = this.#options
    return elsewhere
  }

  #toNewCode(): void {
    this.#newCode.focus()
  }

  /** A code that is no good without its reference waits for it. */
  #complete(): void {
    if (this.#options.challenge().reference === 'asked' && this.#reference.isEmpty) {
      this.#reference.field.focus()
      return
    }
    this.showError(undefined)
    this.#options.complete()
  }

  #pasted(message: string): void {
    if (codeIn(message) === '') this.showError(this.invalid)
    const reference = referenceIn(message)
    if (reference === undefined) return
    this.#options.challenge().reference ??= 'offered'
    this.#reference.fill(reference)
    this.#showTime()
  }

  /** Shows a refusal of the code. @returns whether it was one. */
  refused(failure: Failure): boolean {
    const { code } = failure
    const challenge = this.#options.challenge()
    if (isUnheard(failure)) {
      challenge.triesLeft = undefined
      this.#forgetTries()
    }
    if (code === 'PIN_REUSED') challenge.proved = true
    if (code === 'TRIES_EXHAUSTED') this.#exhausted(failure, challenge)
    else if (code === 'OTP_INVALID') this.#wrong(challenge)
    else return false
    this.#problem.clear()
    this.#showTime()
    // The code was not judged: it may be the right one.
    if (code === 'TRIES_EXHAUSTED' && challenge.over !== true) this.#reference.field.focus()
    else {
      this.#entry.clear()
      this.focus()
    }
    return true
  }

  #exhausted(failure: Failure, challenge: Challenge): void {
    const { code: texts } = this.#app.catalogue.texts
    challenge.over = challenge.proved === true || isFrozen(failure)
    waitAfter(challenge, failure)
    this.#tries.textContent = ''
    if (challenge.over) this.showError(challenge.proved === true ? texts.refusedOften : this.#noTries())
    else {
      this.showError(texts.usedUp)
      challenge.reference = 'asked'
    }
    // A reference has tries of its own.
    if (challenge.ref === undefined || challenge.over) challenge.triesLeft = 0
  }

  #wrong(challenge: Challenge): void {
    const { catalogue } = this.#app
    challenge.proved = false
    const counts = challenge.ref === undefined && challenge.triesLeft !== undefined
    if (counts && !hasExpired(challenge)) challenge.triesLeft = (challenge.triesLeft ?? 0) - 1
    const left = counts ? (challenge.triesLeft ?? 0) : undefined
    this.showError(left === 0 ? this.#noTries() : catalogue.errors.OTP_INVALID.join(' '))
    const form = left ? plural(catalogue, catalogue.texts.code.triesLeft, left) : ''
    this.#tries.textContent = this.#app.fill(form, { n: left ?? 0 })
  }

  /** To be called before each try. @returns whether the code can still be right; says why where it cannot. */
  usable(): boolean {
    const { auth, code } = this.#app.catalogue.texts
    const challenge = this.#options.challenge()
    const { field } = this.#reference
    challenge.ref = field.value || undefined
    if (isSpent(challenge)) {
      if (hasExpired(challenge)) this.#problem.say(auth.codeExpired, code.askNew)
      else this.#problem.say(this.#noTries())
      this.#toNewCode()
      return false
    }
    if (challenge.triesLeft !== 0 || challenge.ref !== undefined) return true
    field.showError(field.invalid)
    field.focus()
    return false
  }

  #showTime(): void {
    const { auth, code } = this.#app.catalogue.texts
    const challenge = this.#options.challenge()
    const { expiresAt, resendAt } = challenge
    const left = secondsUntil(expiresAt)
    const wait = secondsUntil(resendAt)
    const spent = isSpent(challenge)
    if (left === 0) replaceChildren(this.#expiry, h('strong', {}, auth.codeExpired), h('br'), code.askNew)
    // Time means nothing to a code that no try is left for.
    else if (spent) replaceChildren(this.#expiry)
    else replaceChildren(this.#expiry, `${auth.codeExpiresIn} `, clock(left))
    this.#showWait(wait)
    setAttribute(this.#resend, 'aria-disabled', (wait > 0 || this.#asking) && 'true')
    this.#entry.enable(!spent)
    this.#newCode.className = spent ? 'main' : 'second'
    if (this.#options.notice !== undefined) this.#options.notice.hidden = spent
    this.help.hidden = challenge.over === true
    this.#follow(spent)
    this.#reference.show(challenge)
    this.#hint.hidden = challenge.reference === 'asked' || spent
    this.#announce(left, wait)
  }

  /** In the button where it is short, else beside it. */
  #showWait(wait: number): void {
    const { auth } = this.#app.catalogue.texts
    const inButton = wait > 0 && !this.#waitsLong()
    this.#resend.textContent = inButton ? this.#app.fill(auth.resendWait, { seconds: wait }) : auth.resendCode
    const challenge = this.#options.challenge()
    // It is not the form that waits, as long as there is something to send.
    const what = this.#options.resend === undefined || isSpent(challenge) ? '' : `${auth.resendCode}: `
    if (this.#waitsLong()) replaceChildren(this.#wait, what, ...waitLine(this.#app, challenge.resendAt))
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
      const { useAtHand } = this.#options
      const offers = useAtHand !== undefined && isSpent(challenge())
      const explanation = offers ? codeAtHand(this.#app, result, useAtHand) : undefined
      // Without its time, which the button shows: no form has to wait for it.
      this.#problem.show(result, { ...explanation, waits: false })
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
    this.#reference.fill('')
    this.#entry.enable(true)
    this.#entry.focus()
    this.#app.announce(this.#app.catalogue.texts.code.newSent)
  }
}
