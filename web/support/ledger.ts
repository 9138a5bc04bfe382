/** A person's entries, read page by page; the last page is read again for what came since. */
import { referenceInput, referenceOf } from '#shared/contract/references.ts'
import type { Entry } from '#shared/ledger/entry.ts'
import type { Ask } from './api.ts'

/** A hundred entries a page; whoever has more than this is looked at with `latchkey ledger show`. */
const mostPages = 50
const lookEveryMs = 500
const waitMs = 15_000

export class Ledger {
  readonly #ask: Ask
  readonly #userId: string
  /** Entries before the last page. */
  #before: readonly Entry[] = []
  #last: readonly Entry[] = []
  #cursor: string | undefined
  #cutShort = false
  readonly #references = new Map<string, string>()

  constructor(ask: Ask, userId: string) {
    this.#ask = ask
    this.#userId = userId
  }

  /** Newest first. */
  get entries(): readonly Entry[] {
    return [...this.#before, ...this.#last].reverse()
  }

  /** The longest reference that a message of an entry may carry; shorter ones are how it begins. */
  referenceOf({ id }: Pick<Entry, 'id'>): string {
    return this.#references.get(id) ?? ''
  }

  async #addReferences(entries: readonly Entry[]): Promise<void> {
    const fresh = entries.filter(({ id }) => !this.#references.has(id))
    const encoder = new TextEncoder()
    await Promise.all(
      fresh.map(async ({ id }) => {
        const digest = await crypto.subtle.digest('SHA-256', encoder.encode(referenceInput(id)))
        this.#references.set(id, referenceOf(new Uint8Array(digest)))
      }),
    )
  }

  /** There are more than were read: the newest are not among them. */
  get isCutShort(): boolean {
    return this.#cutShort
  }

  /** Reads what is new. @throws Refused */
  async read(): Promise<void> {
    for (let page = 0; page < mostPages; page += 1) {
      const query = this.#cursor === undefined ? {} : { query: { cursor: this.#cursor } }
      const { data } = await this.#ask('identityLedger', { userId: this.#userId, ...query })
      this.#last = data.entries as unknown as readonly Entry[]
      await this.#addReferences(this.#last)
      if (data.nextCursor === undefined) return
      this.#before = [...this.#before, ...this.#last]
      this.#last = []
      this.#cursor = data.nextCursor
    }
    this.#cutShort = true
  }

  /** Reads until the entry of a request is there: events take a moment on their way. @returns undefined where none came */
  async waitFor(requestId: string): Promise<Entry | undefined> {
    const until = performance.now() + waitMs
    for (;;) {
      await this.read()
      const found = this.entries.find((entry) => entry.requestId === requestId)
      if (found !== undefined || performance.now() > until) return found
      await new Promise((resolve) => setTimeout(resolve, lookEveryMs))
    }
  }
}
