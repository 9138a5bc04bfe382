/** Simulated time: processes that wait, in one order whatever the machine, from one seed. */

/** Milliseconds to sleep, or a hook that is given what wakes the process. */
export type Wait = number | ((wake: () => void) => void)
/** A process: yields what it waits for. */
export type Process<Result = void> = Generator<Wait, Result, void>

export interface Engine {
  /** Milliseconds since the start. */
  readonly now: () => number
  /** From 0 up to 1, the same row of numbers for the same seed. */
  readonly random: () => number
  /** Begins a process after so many milliseconds. */
  start(process: Process, afterMs?: number): void
  /** Runs until nothing waits any more, or this moment has come. */
  run(untilMs: number): void
}

interface Due {
  readonly at: number
  /** Of two at the same moment the one that was asked for first. */
  readonly turn: number
  readonly process: Process
}

const isBefore = (one: Due, other: Due) => one.at < other.at || (one.at === other.at && one.turn < other.turn)

/** Mulberry32, by Tommy Ettinger; public domain. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A binary heap, earliest first. */
class Queue {
  readonly #heap: Due[] = []

  get first(): Due | undefined {
    return this.#heap[0]
  }

  push(due: Due): void {
    const heap = this.#heap
    let place = heap.push(due) - 1
    while (place > 0) {
      const parent = (place - 1) >> 1
      if (!isBefore(due, heap[parent] as Due)) break
      heap[place] = heap[parent] as Due
      place = parent
    }
    heap[place] = due
  }

  pop(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let place = 0
    for (;;) {
      let child = 2 * place + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Due, heap[child] as Due)) child += 1
      if (!isBefore(heap[child] as Due, last)) break
      heap[place] = heap[child] as Due
      place = child
    }
    heap[place] = last
  }
}

export function createEngine(seed: number): Engine {
  const queue = new Queue()
  let now = 0
  let turns = 0
  const wakeAt = (at: number, process: Process) => {
    turns += 1
    queue.push({ at, turn: turns, process })
  }
  const step = (process: Process) => {
    const { done, value } = process.next()
    if (done) return
    if (typeof value === 'number') wakeAt(now + value, process)
    else value(() => wakeAt(now, process))
  }
  return {
    now: () => now,
    random: randomFrom(seed),
    start: (process, afterMs = 0) => wakeAt(now + afterMs, process),
    run(untilMs) {
      for (let due = queue.first; due !== undefined && due.at <= untilMs; due = queue.first) {
        queue.pop()
        now = due.at
        step(due.process)
      }
    },
  }
}
