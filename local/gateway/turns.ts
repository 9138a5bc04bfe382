/** Turns for what shares one thread: some run, some wait in order, and nobody waits past patience. */
import { performance } from 'node:perf_hooks'

export interface Bounds {
  readonly atOnce: number
  /** While the thread is busy: more would end no sooner, and would keep it from all else. */
  readonly whenBusy: number
  readonly waiting: number
  readonly longestWaitMs: number
}

export class Turns {
  readonly #bounds: Bounds
  readonly #isBusy: () => boolean
  readonly #waiting = new Set<() => void>()
  #running = 0

  constructor(bounds: Bounds, isBusy: () => boolean) {
    this.#bounds = bounds
    this.#isBusy = isBusy
  }

  /** @returns what `work` returns, or undefined where no turn came and it was not begun */
  async run<T>(work: () => Promise<T>): Promise<T | undefined> {
    if (!(await this.#turn())) return undefined
    try {
      return await work()
    } finally {
      this.#running -= 1
      this.#next()
    }
  }

  #isFree(): boolean {
    const { atOnce, whenBusy } = this.#bounds
    return this.#running < whenBusy || (this.#running < atOnce && !this.#isBusy())
  }

  #turn(): Promise<boolean> {
    const { waiting, longestWaitMs } = this.#bounds
    // The thread may have been busy when the last work ended, and not be so any more.
    this.#next()
    if (this.#waiting.size >= waiting) return Promise.resolve(false)
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
      this.#next()
    })
  }

  /** Turns go to those who have waited longest. */
  #next(): void {
    for (const take of this.#waiting) {
      if (!this.#isFree()) return
      this.#running += 1
      this.#waiting.delete(take)
      take()
    }
  }
}

const sampleMs = 100
const busyShare = 0.9

/** @returns whether this thread did hardly ever wait for something to do, lately */
export function loopWatch(): () => boolean {
  let sampled = performance.eventLoopUtilization()
  let sampledAt = performance.now()
  let share = 0
  return () => {
    if (performance.now() - sampledAt >= sampleMs) {
      const now = performance.eventLoopUtilization()
      share = performance.eventLoopUtilization(now, sampled).utilization
      sampled = now
      sampledAt = performance.now()
    }
    return share > busyShare
  }
}
