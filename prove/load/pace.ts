/** Starts things at a steady pace, whether or not those before have ended: as the world does. */
import { setTimeout as sleep } from 'node:timers/promises'

export interface Pace {
  readonly perSecond: number
  readonly seconds: number
}

/** Resolves when all that was started has ended. */
export async function startAt({ perSecond, seconds }: Pace, run: () => Promise<void>): Promise<void> {
  const begin = performance.now()
  const running = new Set<Promise<void>>()
  const total = Math.max(1, Math.round(perSecond * seconds))
  for (let started = 0; started < total; started += 1) {
    const due = begin + (started / perSecond) * 1000
    await sleep(Math.max(0, due - performance.now()))
    const one: Promise<void> = run().finally(() => running.delete(one))
    running.add(one)
  }
  await Promise.all(running)
}
