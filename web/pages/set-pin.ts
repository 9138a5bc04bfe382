/** Set PIN: the agreement, a confirmed phone, then the PIN. The session says which of these is still missing. */
import type { App, Page, View } from '../app/app.ts'
import { h } from '../app/dom.ts'
import type { Failure, SessionData } from '../client.ts'
import { waysOn } from '../parts/back-to-product.ts'
import { consentForm } from '../parts/consent-form.ts'
import { Form } from '../parts/form.ts'
import { newPin } from '../parts/new-pin.ts'
import { ProblemArea } from '../parts/problem.ts'
import { pagePaths } from '../paths.ts'

class SetPinPage implements Page {
  readonly #app: App
  #session: SessionData | undefined
  #finished = false
  #hasPin = false

  constructor(app: App) {
    this.#app = app
  }

  step(): string {
    if (this.#finished) return 'done'
    if (this.#hasPin) return 'has'
    if (this.#session === undefined) return 'load'
    return this.#session.consent === null ? 'consent' : 'pin'
  }

  view(step: string, leaving: AbortSignal): View {
    if (step === 'done') return doneView(this.#app)
    if (step === 'has') return hasPinView(this.#app)
    if (this.#session === undefined) return this.#loadView(leaving)
    if (step === 'pin') return this.#pinView(leaving, this.#session)
    const { title } = this.#app.catalogue.texts.consent
    return { title, content: consentForm(this.#app, leaving, () => this.#startOver()) }
  }

  /** Each step takes the place of the one before: back leads out of the page, to where one came from. */
  #next(): void {
    this.#app.toStep('next', { replace: true, keepNotice: true })
  }

  #startOver(): void {
    this.#session = undefined
    this.#next()
  }

  #confirm(): void {
    this.#app.session.after = pagePaths.setPin
    this.#app.go(pagePaths.confirm, { replace: true })
  }

  #loadView(leaving: AbortSignal): View {
    const { pin, common } = this.#app.catalogue.texts
    const problem = new ProblemArea(this.#app, leaving)
    const load = async () => {
      const [account, session] = await Promise.all([
        this.#app.session.call('getAccount', { signal: leaving }),
        this.#app.session.call('getSession', { signal: leaving }),
      ])
      if (account === undefined || session === undefined || leaving.aborted) return
      this.#hasPin = account.ok && account.data.hasPin
      if (this.#hasPin) this.#next()
      else if (session.ok) this.#loaded(session.data)
      else problem.show(session, { actions: [{ label: common.tryAgain, run: () => this.#startOver() }] })
    }
    load().catch(() => {
      // The view went while it was loading.
    })
    return { title: pin.setTitle, content: [h('p', { class: 'lead' }, common.loading), problem.element] }
  }

  #loaded(session: SessionData): void {
    this.#session = session
    const hasPossession = session.factors.some(({ group }) => group === 'POSSESSION')
    if (session.consent !== null && !hasPossession) this.#confirm()
    else this.#next()
  }

  #pinView(leaving: AbortSignal, { userId }: SessionData): View {
    const { pin, common } = this.#app.catalogue.texts
    const fields = newPin(this.#app, 'pin')
    const form = new Form(this.#app, leaving, {
      fields: fields.fields,
      content: fields.content,
      submit: pin.set,
      busy: common.saving,
      send: async () => {
        const result = await this.#app.session.call('setPin', { body: { userId, pin: fields.value } })
        if (result === undefined || leaving.aborted) return undefined
        if (!result.ok) return result
        fields.clear()
        this.#finished = true
        this.#app.toStep('done', { replace: true })
      },
      explain: (failure) => (fields.refused(failure) ? 'shown' : this.#explain(failure)),
      below: [h('a', { class: 'second', href: pagePaths.account }, pin.backToAccount)],
    })
    return { title: pin.setTitle, content: [h('p', { class: 'lead' }, pin.setSubtitle), form.element] }
  }

  #explain({ code }: Failure) {
    const { pin, stepUp, consent } = this.#app.catalogue.texts
    const toReset = { label: pin.resetTitle, run: () => this.#app.go(pagePaths.resetPin) }
    if (code === 'PIN_ALREADY_SET') return { actions: [toReset] }
    if (code === 'SECOND_FACTOR_REQUIRED')
      return { actions: [{ label: stepUp.title, run: () => this.#confirm() }] }
    if (code === 'CONSENT_REQUIRED')
      return { actions: [{ label: consent.title, run: () => this.#startOver() }] }
    return undefined
  }
}

/** Before an agreement, a message and a PIN typed twice have been asked of somebody who has one. */
function hasPinView(app: App): View {
  const { pin } = app.catalogue.texts
  return {
    title: pin.setTitle,
    emblem: 'shield',
    content: [
      h('p', { class: 'lead' }, app.catalogue.errors.PIN_ALREADY_SET.join(' ')),
      h('a', { class: 'main', href: pagePaths.resetPin }, pin.resetTitle),
      h('a', { class: 'second', href: pagePaths.account }, pin.backToAccount),
    ],
  }
}

function doneView(app: App): View {
  const { pin } = app.catalogue.texts
  return {
    title: pin.setDone,
    emblem: 'done',
    content: [
      h('p', { class: 'lead' }, pin.setDoneMessage),
      ...waysOn(app, pagePaths.account, pin.backToAccount),
    ],
  }
}

export const openSetPin = (app: App): Page => new SetPinPage(app)
