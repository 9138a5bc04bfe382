/** Turns for what shares one processor or two: a few run, some wait in order, and nobody waits past patience. */

export interface Bounds {
  /** More at once would end no sooner, and each would wait past the time limits of its own calls. */
  readonly atOnce: number
  readonly waiting: number
  readonly longestWaitMs: number
}

export class Turns {
  readonly #bounds: Bounds
  readonly #waiting = new Set<() => void>()
  #running = 0

  constructor(bounds: Bounds) {
    this.#bounds = bounds
  }

  /** @returns what `work` returns, or undefined where no turn came and it was not begun */
  async run<T>(work: () => Promise<T>): Promise<T | undefined> {
    if (!(await this.#turn())) return undefined
    try {
      return await work()
    } finally {
      this.#pass()
    }
  }

  async #turn(): Promise<boolean> {
    const { atOnce, waiting, longestWaitMs } = this.#bounds
    if (this.#running < atOnce) {
      this.#running += 1
      return true
    }
    if (this.#waiting.size >= waiting) return false
    return new Promise((resolve) => {
      const take = () => {
        clearTimeout(timer)
        resolve(true)
      }
      const timer = setTimeout(() => {
        this.#waiting.delete(take)
        resolve(false)
      }, longestWaitMs)
      this.#waiting.add(take)
    })
  }

  /** The turn goes to whoever has waited longest. */
  #pass(): void {
    const [next] = this.#waiting
    if (next === undefined) this.#running -= 1
    else {
      this.#waiting.delete(next)
      next()
    }
  }
}
