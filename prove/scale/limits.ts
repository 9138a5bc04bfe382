/** What AWS refuses, as it is documented: rates, locks of transactions, places, and windows of an address. */
import type { Engine, Process } from './engine.ts'

type Clock = Pick<Engine, 'now'>

/** So many a second, and a reserve of at most `burst`. */
export class Bucket {
  readonly #clock: Clock
  readonly #rate: number
  readonly #burst: number
  #tokens: number
  #filledAt = 0

  constructor(clock: Clock, ratePerSecond: number, burst = ratePerSecond) {
    this.#clock = clock
    this.#rate = ratePerSecond
    this.#burst = burst
    this.#tokens = burst
  }

  /** @returns whether there was room; it was taken then */
  take(count = 1): boolean {
    const now = this.#clock.now()
    this.#tokens = Math.min(this.#burst, this.#tokens + ((now - this.#filledAt) / 1000) * this.#rate)
    this.#filledAt = now
    if (this.#tokens < count) return false
    this.#tokens -= count
    return true
  }
}

/** One bucket a name, made when it is first asked for. */
export class Buckets {
  readonly #buckets = new Map<string, Bucket>()
  readonly #make: () => Bucket

  constructor(make: () => Bucket) {
    this.#make = make
  }

  of(name: string): Bucket {
    const bucket = this.#buckets.get(name) ?? this.#make()
    this.#buckets.set(name, bucket)
    return bucket
  }
}

/** Items that transactions hold: written or checked, from their arrival to their end. */
export class Locks {
  readonly #held = new Set<string>()

  /** @returns the first item that another holds, or undefined; all are held then */
  hold(items: readonly string[]): string | undefined {
    const taken = this.taken(items)
    if (taken === undefined) for (const item of items) this.#held.add(item)
    return taken
  }

  taken(items: readonly string[]): string | undefined {
    return items.find((item) => this.#held.has(item))
  }

  release(items: readonly string[]): void {
    for (const item of items) this.#held.delete(item)
  }
}

/** Places of a function: so many run at once. */
export class Places {
  readonly #most: number
  readonly #waiting: (() => void)[] = []
  #next = 0
  #busy = 0

  constructor(most: number) {
    this.#most = most
  }

  /** @returns whether one was free; it is taken then. What API Gateway starts is refused otherwise. */
  take(): boolean {
    if (this.#busy >= this.#most) return false
    this.#busy += 1
    return true
  }

  /** Waits for one, in order. What a stream starts stays there. */
  *wait(): Process {
    if (this.take()) return
    yield (wake) => this.#waiting.push(wake)
  }

  leave(): void {
    const wake = this.#waiting[this.#next]
    if (wake === undefined) this.#busy -= 1
    else {
      this.#next += 1
      wake()
    }
  }
}

/** So many of one name in a window that slides. */
export class Windows {
  readonly #clock: Clock
  readonly #most: number
  readonly #windowMs: number
  /** Times of each name that were counted; those before `from` are out of the window. */
  readonly #counted = new Map<string, { readonly times: number[]; from: number }>()

  constructor(clock: Clock, most: number, windowMs: number) {
    this.#clock = clock
    this.#most = most
    this.#windowMs = windowMs
  }

  take(name: string): boolean {
    const now = this.#clock.now()
    const own = this.#counted.get(name) ?? { times: [], from: 0 }
    this.#counted.set(name, own)
    while ((own.times[own.from] ?? now) <= now - this.#windowMs) own.from += 1
    if (own.times.length - own.from >= this.#most) return false
    own.times.push(now)
    return true
  }
}
