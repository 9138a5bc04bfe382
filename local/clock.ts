/** The clock of the whole stack: real time plus an offset, for every `Date` of this process. */
import { join } from 'node:path'
import { readState, writeState } from './state-file.ts'

/** Dates stay well within what JavaScript can name. */
const farthestSeconds = 100 * 366 * 24 * 3600

export interface Clock {
  now(): number
  offsetSeconds(): number
  /**
   * Moves the clock on.
   * @throws RangeError when `seconds` is negative, not a number, or past a hundred years in all.
   */
  advance(seconds: number): void
  /** Real time again, from here on. */
  reset(): void
  /** Puts the real Date back. */
  close(): void
}

/**
 * Puts a Date in place that runs ahead of the real one by what `advance` added.
 * @param dataDir keeps the offset in `clock.json` there; without it a new clock starts at real time.
 */
export function startClock(dataDir?: string): Clock {
  const file = dataDir === undefined ? undefined : join(dataDir, 'clock.json')
  const RealDate = globalThis.Date
  let offsetMs = file === undefined ? 0 : storedOffset(file)
  const now = () => RealDate.now() + offsetMs
  const set = (ms: number) => {
    offsetMs = ms
    if (file !== undefined) writeState(file, { offsetMs })
  }
  const MovedDate = new Proxy(RealDate, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    apply: (target) => new target(now()).toString(),
    get: (target, key, receiver) => (key === 'now' ? now : Reflect.get(target, key, receiver)),
  })
  globalThis.Date = MovedDate
  return {
    now,
    offsetSeconds: () => offsetMs / 1000,
    advance(seconds) {
      const moved = offsetMs + Math.round(seconds * 1000)
      if (!(seconds >= 0 && moved <= farthestSeconds * 1000)) {
        throw new RangeError('the clock only moves on, and by no more than a hundred years')
      }
      set(moved)
    },
    reset: () => set(0),
    close() {
      if (globalThis.Date === MovedDate) globalThis.Date = RealDate
    },
  }
}

function storedOffset(file: string): number {
  const state = readState(file) as { offsetMs?: unknown } | null | undefined
  if (state === undefined) return 0
  if (typeof state?.offsetMs !== 'number') throw new Error(`${file} is damaged: it holds no offset.`)
  return state.offsetMs
}
