/** Token buckets of the routes, as API Gateway's method settings have them, and how many functions run at once, as Lambda has it. */
import { type Route, throttles } from '#shared/contract/routes.ts'

/** As many as the largest burst lets in: more would only wait, past every time limit, for one processor or two. */
export const mostAtOnce = 400

interface Bucket {
  tokens: number
  filledAt: number
}

export class Throttle {
  readonly #buckets = new Map<string, Bucket>()
  readonly #nowMs: () => number
  #enabled: boolean
  #running = 0

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

  /** Runs a function. @returns undefined where as many run as may */
  async run<T>(work: () => Promise<T>): Promise<T | undefined> {
    if (this.#enabled && this.#running >= mostAtOnce) return undefined
    this.#running += 1
    try {
      return await work()
    } finally {
      this.#running -= 1
    }
  }
}
