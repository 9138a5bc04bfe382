/** Waiting for a sender that throttles, within the run: it has worked through what it was given soon, and no try is lost on it. */
import { setTimeout as sleep } from 'node:timers/promises'

/** How a worker waits. */
export interface Patience {
  /** Milliseconds that its run has left. */
  readonly leftMs: () => number
  /** First wait and longest, in milliseconds; each is twice the one before, half of it by chance. */
  readonly firstMs: number
  readonly longestMs: number
}

/** A code is waited for by somebody, a notice is not: both share what the sender takes in a second. */
export const codePatience = { firstMs: 150, longestMs: 600 } as const
export const noticePatience = { firstMs: 800, longestMs: 4000 } as const

/** What a try takes at most, with what is written after it: three calls of three seconds, and a little. */
export const tryMs = 11_000

/** The sender still throttles, and the run is over. The row stays where it is, and the sweep brings it again. */
export class StillThrottled extends Error {
  constructor(cause: unknown) {
    super('The sender throttles', { cause })
    this.name = 'StillThrottled'
  }
}

/** As SES and SNS call it. */
const names: ReadonlySet<string> = new Set([
  ...['Throttling', 'ThrottlingException', 'Throttled', 'ThrottledException', 'TooManyRequestsException'],
])

/** A rate, which passes. SES calls a day's quota so as well: that somebody must hear of. */
const isThrottling = (error: unknown): boolean =>
  error instanceof Error && names.has(error.name) && !/daily/i.test(error.message)

let throttledUntil = 0
const slowForMs = 10_000

/** Whether a sender has throttled this process lately. */
export const isSlowed = (): boolean => throttledUntil > performance.now()

/**
 * Sends, and waits while the sender throttles and the run has time for another try.
 * @throws StillThrottled, or what the sender answered otherwise
 */
export async function patiently<T>(
  { leftMs, firstMs, longestMs }: Patience,
  send: () => Promise<T>,
): Promise<T> {
  for (let wait = firstMs; ; wait = Math.min(longestMs, wait * 2)) {
    try {
      return await send()
    } catch (error) {
      if (!isThrottling(error)) throw error
      throttledUntil = performance.now() + slowForMs
      const pauseMs = wait * (0.5 + Math.random() / 2)
      if (leftMs() - pauseMs < tryMs) throw new StillThrottled(error)
      await sleep(pauseMs)
    }
  }
}
