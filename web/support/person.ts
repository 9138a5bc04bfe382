/** One person: how they stand, what can be done, what happened. */
import { type State, stateRows } from '#shared/words/state.ts'
import { h, replaceChildren } from '../app/dom.ts'
import { type Act, actsFor, askReason } from './acts.ts'
import { type Answer, type Ask, Refused } from './api.ts'
import { Ledger } from './ledger.ts'
import { facts, sessionList, summary } from './standing.ts'
import { timeline } from './timeline.ts'

const sentenceOf = (error: unknown) => {
  if (error instanceof Refused) return error.message
  throw error
}

export interface Sources {
  readonly ask: Ask
  /** @throws Refused where there is none yet, or whoever asks may not have it */
  readonly receiptOf: (userId: string, seq: number) => Promise<unknown>
}

export class Person {
  readonly element = h('article', { class: 'person' })
  readonly title: HTMLElement
  readonly #ask: Ask
  readonly #receiptOf: Sources['receiptOf']
  readonly #userId: string
  readonly #ledger: Ledger
  readonly #sought: string | undefined
  readonly #notice = h('p', { class: 'notice', role: 'status', tabindex: -1 })
  readonly #body = h('div', { class: 'person-body' })
  /** Email and phone in clear, once they were asked for. */
  #shown: Answer<'showAddresses'>['data'] | undefined

  /** @param sought the reference by which they were found */
  constructor({ ask, receiptOf }: Sources, userId: string, sought?: string) {
    this.#sought = sought
    this.#ask = ask
    this.#receiptOf = receiptOf
    this.#userId = userId
    this.#ledger = new Ledger(ask, userId)
    this.title = h('h2', { class: 'name', tabindex: -1 }, h('bdi', {}, userId))
    this.element.append(this.title, this.#notice, this.#body)
  }

  /** @throws Refused where the person is not there, or the service does not answer */
  async load(): Promise<void> {
    const [{ data: state }] = await Promise.all([
      this.#ask('identityState', { userId: this.#userId }),
      this.#ledger.read(),
    ])
    this.#fill(state)
  }

  #fill(state: State, newest?: string): void {
    const rows = stateRows(state)
    const { entries, isCutShort } = this.#ledger
    const canShow = this.#shown === undefined && (state.maskedEmail ?? state.maskedPhone) !== null
    replaceChildren(
      this.#body,
      h(
        'div',
        { class: 'standing' },
        summary(rows, entries),
        this.#actBar(state),
        facts(rows, this.#shown, canShow ? () => void this.#showAddresses() : undefined),
        state.sessions.length > 0 && sessionList(state),
      ),
      timeline({
        entries,
        isCutShort,
        newest,
        sought: this.#sought,
        referenceOf: (entry) => this.#ledger.referenceOf(entry),
        receiptOf: (seq) => this.#receiptOf(this.#userId, seq),
      }),
    )
  }

  #actBar(state: State): HTMLElement {
    const buttons = actsFor(state).map((act) => {
      const look = act.route === 'unlockIdentity' ? {} : { class: 'second' }
      return h('button', { type: 'button', ...look, click: () => this.#askFor(act) }, `${act.name} …`)
    })
    return h('div', { class: 'bar acts', role: 'group', 'aria-label': 'What you can do' }, ...buttons)
  }

  #askFor(act: Act): void {
    askReason(act, this.#userId, async (reason) => {
      try {
        const { message, requestId } = await this.#ask(act.route, {
          userId: this.#userId,
          body: { reason },
        })
        void this.#follow(message, requestId, ', with your reason')
        return undefined
      } catch (error) {
        return sentenceOf(error)
      }
    })
  }

  /** Shows email and phone in clear: the ledger is told before this page is. */
  async #showAddresses(): Promise<void> {
    try {
      const { data, requestId } = await this.#ask('showAddresses', { userId: this.#userId, body: {} })
      this.#shown = data
      await this.#follow('Email and phone are shown in clear.', requestId)
    } catch (error) {
      this.#say(sentenceOf(error))
    }
  }

  #say(text: string): void {
    this.#notice.textContent = text
    this.#notice.focus()
  }

  /** Says what was done and how the person stands now, and shows its entry as soon as the ledger has it. */
  async #follow(message: string, requestId: string, withWhat = ''): Promise<void> {
    this.#say(`${message} Waiting for its entry …`)
    try {
      const { data } = await this.#ask('identityState', { userId: this.#userId })
      this.#fill(data)
      const entry = await this.#ledger.waitFor(requestId)
      this.#fill(data, requestId)
      this.#notice.textContent = entry
        ? `${message} Entry ${entry.seq} of the ledger says so${withWhat}.`
        : `${message} The ledger has no entry of it yet; where nothing changed there will be none.`
    } catch (error) {
      this.#notice.textContent = `${message} ${sentenceOf(error)}`
    }
  }
}
