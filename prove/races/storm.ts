/** Contention that comes and goes: conflicts, throttling and want of capacity, now and then, by a seed. */
import type { Faults } from '#local/services/faults.ts'

/** Numbers from 0 to below 1 that a seed repeats (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const gusts = 120
const modes = ['conflict', 'conflict', 'throttle', 'capacity'] as const

/** Posts one fault after the other, each for a call or two, with a few calls between them. */
export function raiseStorm(faults: Pick<Faults, 'post'>, random: () => number): void {
  const upTo = (most: number) => Math.floor(random() * (most + 1))
  for (let gust = 0; gust < gusts; gust += 1) {
    const mode = modes[upTo(modes.length - 1)] ?? 'conflict'
    faults.post({ service: 'dynamodb', mode, count: 1 + upTo(1), skip: upTo(6) })
    if (gust % 8 === 0) faults.post({ service: 'kms', mode: 'throttle', count: 1, skip: upTo(6) })
  }
}
