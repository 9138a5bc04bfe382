/** Lets any number through at once, and holds all of them while something must be alone. */
export class Gate {
  readonly #inside = new Set<Promise<unknown>>()
  #closed: Promise<void> | undefined

  /** Runs once nothing is alone. */
  async pass<T>(work: () => Promise<T>): Promise<T> {
    while (this.#closed !== undefined) await this.#closed
    const running = work()
    this.#inside.add(running)
    try {
      return await running
    } finally {
      this.#inside.delete(running)
    }
  }

  /** Runs once all that went through has ended, with nothing beside it. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    while (this.#closed !== undefined) await this.#closed
    const open = Promise.withResolvers<void>()
    this.#closed = open.promise
    try {
      await Promise.allSettled(this.#inside)
      return await work()
    } finally {
      this.#closed = undefined
      open.resolve()
    }
  }
}
