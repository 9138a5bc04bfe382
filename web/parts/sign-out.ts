/** Signing out here, and everywhere once that was said again. */
import type { App } from '../app/app.ts'
import { h, replaceChildren } from '../app/dom.ts'
import { pagePaths } from '../paths.ts'
import { ProblemArea } from './problem.ts'

export class SignOut {
  readonly element: HTMLElement
  readonly #buttons = h('div', { class: 'leave' })
  readonly #app: App
  readonly #leaving: AbortSignal
  readonly #problem: ProblemArea
  #busy = false

  constructor(app: App, leaving: AbortSignal) {
    this.#app = app
    this.#leaving = leaving
    this.#problem = new ProblemArea(app, leaving)
    this.element = h('div', {}, this.#problem.element, this.#buttons)
    this.#offer()
  }

  /** @returns the button that asks again. */
  #offer(): HTMLButtonElement {
    const { signOut, everywhere } = this.#app.catalogue.texts.account
    const all = button(everywhere, 'danger', () => this.#ask())
    replaceChildren(
      this.#buttons,
      button(signOut, 'second', () => void this.#out(false)),
      all,
    )
    return all
  }

  #ask(): void {
    const { account, common } = this.#app.catalogue.texts
    const sure = button(account.everywhere, 'danger', () => void this.#out(true))
    const cancel = button(common.cancel, 'second', () => this.#offer().focus())
    replaceChildren(this.#buttons, h('p', {}, account.everywhereAsk), sure, cancel)
    this.#app.announce(account.everywhereAsk)
    sure.focus()
  }

  async #out(everywhere: boolean): Promise<void> {
    const { signedOutEverywhere, signedOut } = this.#app.catalogue.texts.signIn
    if (this.#busy) return
    this.#busy = true
    this.#problem.clear()
    const result = await this.#app.session.call('logout', { body: { everywhere } })
    if (result === undefined || this.#leaving.aborted) return
    this.#busy = false
    if (!result.ok) {
      this.#problem.show(result)
      return
    }
    this.#app.session.end()
    this.#app.go(pagePaths.signIn, { notice: everywhere ? signedOutEverywhere : signedOut, replace: true })
  }
}

const button = (label: string, kind: string, run: () => void) =>
  h('button', { type: 'button', class: kind, click: run }, label)
