/** Token buckets of the routes, as API Gateway's method settings have them, and how many functions run at once, as Lambda has it. */
import { type Route, throttles } from '#shared/contract/routes.ts'
import { type Bounds, loopWatch, Turns } from './turns.ts'

/**
 * A busy thread has few at once, for it takes one new connection a turn of its loop: with many at work, connections wait for
 * longer than their clients do. All of the largest burst of a route fit into the queue.
 */
const bounds: Bounds = { atOnce: 64, whenBusy: 8, waiting: 400, longestWaitMs: 15_000 }

interface Bucket {
  tokens: number
  filledAt: number
}

export class Throttle {
  readonly #buckets = new Map<string, Bucket>()
  readonly #nowMs: () => number
  readonly #turns = new Turns(bounds, loopWatch())
  #enabled: boolean

  /** @param nowMs real time: a moved clock lets nobody through. */
  constructor(enabled: boolean, nowMs: () => number = () => performance.now()) {
    this.#enabled = enabled
    this.#nowMs = nowMs
  }

  /** Switched on anew, all buckets are full. */
  set enabled(enabled: boolean) {
    this.#enabled = enabled
    this.#buckets.clear()
  }

  /** @returns whether the request may pass; it then took a token. */
  admit(route: Route): boolean {
    if (!this.#enabled) return true
    const { ratePerSecond, burst } = throttles[route.throttle]
    const name = `${route.method} ${route.path}`
    const now = this.#nowMs()
    const bucket = this.#buckets.get(name) ?? { tokens: burst, filledAt: now }
    const tokens = Math.min(burst, bucket.tokens + ((now - bucket.filledAt) / 1000) * ratePerSecond)
    const admitted = tokens >= 1
    this.#buckets.set(name, { tokens: admitted ? tokens - 1 : tokens, filledAt: now })
    return admitted
  }

  /** Runs a function. @returns undefined where it got no turn */
  run<T>(work: () => Promise<T>): Promise<T | undefined> {
    return this.#enabled ? this.#turns.run(work) : work()
  }
}
