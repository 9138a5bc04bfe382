/** Lets loops wait for "something changed" without asking again and again. */
export class Signal {
  #waiting = new Set<() => void>()
  #count = 0

  /** How often `notify` was called: tells whether a call came while nobody waited. */
  get count(): number {
    return this.#count
  }

  /** Wakes all that wait now. */
  notify(): void {
    this.#count += 1
    const waiting = this.#waiting
    this.#waiting = new Set()
    for (const wake of waiting) wake()
  }

  /** Resolves at the next `notify`, or after `timeoutMs` where one is given. */
  wait(timeoutMs?: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer)
        resolve()
      }
      const timer =
        timeoutMs === undefined
          ? undefined
          : setTimeout(() => {
              this.#waiting.delete(wake)
              resolve()
            }, timeoutMs)
      this.#waiting.add(wake)
    })
  }

  /** Resolves as soon as `holds()`; asked now and after each `notify`. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await this.wait()
  }
}
