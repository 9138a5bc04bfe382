/** Send registers: a model of them, and the expressions on the real engine held to the model. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { applyEnvironment } from '#local/environment.ts'
import { type Services, startServices } from '#local/services/index.ts'
import { get, transact } from '#shared/stores/database.ts'
import {
  firstFull,
  fullUntil,
  type Limit,
  perHour,
  recording,
  recordWrite,
  recordWrites,
  roomCheck,
  sweepAfter,
} from '#shared/stores/registers.ts'

let services: Services
let restore: () => void
beforeAll(async () => {
  services = await startServices()
  restore = applyEnvironment(services.environment)
})
afterAll(async () => {
  restore()
  await services.close()
})

const start = 1_800_000_000_000
let keys = 0

/** A register of its own on the engine. @returns whether one more was accepted at that time */
async function register(limit: Limit) {
  keys += 1
  const pk = `R#${keys}`
  return {
    accept: async (now: number) => (await transact([recordWrite({ pk, limit }, now)])).committed,
    hasRoom: async (now: number) => (await transact([roomCheck({ pk, limit }, now)])).committed,
    item: () => get('challenges', { pk }),
  }
}

/** What the register must do: remember the last n accepted, in the order of acceptance, whatever their times. */
function model({ count, windowMs }: Limit) {
  const accepted: number[] = []
  return {
    accept(now: number): boolean {
      const oldest = accepted.at(-count)
      if (oldest !== undefined && oldest > now - windowMs) return false
      accepted.push(now)
      return true
    },
    accepted,
  }
}

const limits = fc.record({
  count: fc.integer({ min: 2, max: 10 }),
  windowMs: fc.integer({ min: 10, max: 1000 }),
})

/** Most of the times that lie in one window of this length, wherever it begins. */
function mostInWindow(times: readonly number[], windowMs: number): number {
  const within = times.map((from) => times.filter((time) => time >= from && time < from + windowMs).length)
  return Math.max(0, ...within)
}

describe('the model', () => {
  test('never has more than n in any sliding window while time goes on', () => {
    const steps = fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 60 })
    fc.assert(
      fc.property(limits, steps, (limit, gaps) => {
        const { accept, accepted } = model(limit)
        let now = start
        for (const gap of gaps) {
          now += gap
          accept(now)
        }
        expect(mostInWindow(accepted, limit.windowMs)).toBeLessThanOrEqual(limit.count)
      }),
    )
  })

  test('with clocks that differ by up to a skew, never more than n in a window shorter by that skew', () => {
    const steps = fc.array(
      fc.record({ gap: fc.integer({ min: 0, max: 300 }), off: fc.integer({ min: 0, max: 9 }) }),
      {
        maxLength: 60,
      },
    )
    fc.assert(
      fc.property(limits, steps, (limit, moves) => {
        const { accept } = model(limit)
        const real: number[] = []
        let now = start
        for (const { gap, off } of moves) {
          now += gap
          if (accept(now - off)) real.push(now)
        }
        expect(mostInWindow(real, limit.windowMs - 9)).toBeLessThanOrEqual(limit.count)
      }),
    )
  })

  test('counts by the times it was given, however they jump: never more than n in any window of them', () => {
    const times = fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 80 })
    fc.assert(
      fc.property(limits, times, (limit, offsets) => {
        const { accept, accepted } = model(limit)
        for (const offset of offsets) accept(start + offset)
        expect(mostInWindow(accepted, limit.windowMs)).toBeLessThanOrEqual(limit.count)
      }),
    )
  })

  test('lets one more in as soon as the oldest of n is a window old', () => {
    fc.assert(
      fc.property(limits, (limit) => {
        const { accept } = model(limit)
        for (let turn = 0; turn < limit.count; turn += 1) expect(accept(start + turn)).toBe(true)
        expect(accept(start + limit.windowMs - 1)).toBe(false)
        expect(accept(start + limit.windowMs)).toBe(true)
      }),
    )
  })
})

describe('on the engine', () => {
  test('a register decides as the model does, also when clocks disagree', async () => {
    const times = fc.array(fc.integer({ min: 0, max: 2000 }), { minLength: 1, maxLength: 25 })
    await fc.assert(
      fc.asyncProperty(limits, times, async (limit, offsets) => {
        const [real, expected] = [await register(limit), model(limit)]
        for (const offset of offsets) {
          const now = start + offset
          const full = fullUntil(await real.item(), limit, now) > 0
          expect(await real.hasRoom(now)).toBe(!full)
          const accepted = await real.accept(now)
          expect([offset, accepted, full]).toEqual([offset, expected.accept(now), !accepted])
        }
      }),
      { numRuns: 25 },
    )
  })

  test('of forty at once no more are accepted than there is room for', async () => {
    const limit = perHour(5)
    const real = await register(limit)
    const results = await Promise.all(Array.from({ length: 40 }, (_, turn) => real.accept(start + turn)))
    expect(results.filter(Boolean)).toHaveLength(5)
  })
})

describe('what a full register tells', () => {
  test('when there is room again: a window after its oldest', () => {
    const limit = { count: 3, windowMs: 1000 }
    const item = { s1: start + 20, s2: start + 10, s3: start }
    expect(fullUntil(item, limit, start + 999)).toBe(start + 1000)
    expect(fullUntil(item, limit, start + 1000)).toBe(0)
  })

  test('a register that is not full yet, or not there, has room', () => {
    const limit = { count: 3, windowMs: 1000 }
    expect(fullUntil(undefined, limit, start)).toBe(0)
    expect(fullUntil({ s1: start, s2: start, s3: 0 }, limit, start)).toBe(0)
  })

  test('it is swept only when nothing in it counts any more', () => {
    fc.assert(
      fc.property(limits, fc.integer({ min: 0, max: 10_000 }), (limit, offset) => {
        const now = start + offset
        expect(sweepAfter(limit, now) * 1000).toBeGreaterThanOrEqual(now + limit.windowMs)
      }),
    )
  })
})

test('no value is given that no expression names: a register of one has nothing to shift', () => {
  expect(recording({ count: 1, windowMs: 10 }, 50).values).toEqual({ now: 50, windowStart: 40 })
  expect(recording({ count: 2, windowMs: 10 }, 50).values).toEqual({ now: 50, zero: 0, windowStart: 40 })
})

test('of several registers the first that is full refuses, whichever of their items are at hand', () => {
  const limit = { count: 1, windowMs: 100 }
  const [free, first, second] = ['free', 'first', 'second'].map((pk) => ({ pk, limit, name: pk }))
  if (!free || !first || !second) throw new Error('three were made')
  const registers = [free, first, second]
  const [old, newer, newest] = [
    { pk: 'free', s1: 0 },
    { pk: 'first', s1: 950 },
    { pk: 'second', s1: 990 },
  ]
  expect(firstFull(registers, [newest, newer, old], 1000)).toEqual({
    register: first,
    until: 1050,
    met: newer,
  })
  expect(firstFull(registers, [newest], 1000)).toEqual({ register: second, until: 1090, met: newest })
  expect(firstFull(registers, [old, undefined], 1000)).toBeUndefined()
  expect(firstFull(registers, [newer], 1050)).toBeUndefined()
})

test('a register is swept, in seconds, when nothing in it counts any more', () => {
  expect(sweepAfter({ count: 2, windowMs: 1000 }, 5000)).toBe(7)
  expect(sweepAfter({ count: 2, windowMs: 1000 }, 5001)).toBe(8)
})

describe('a register in several items', () => {
  const limit = { count: 3, windowMs: 100 }
  const registers = () => {
    keys += 1
    return { pk: `R#${keys}`, limit, name: 'copied', copies: 4 }
  }
  /** By whichever item is drawn. */
  const rooms = async (register: ReturnType<typeof registers>, now: number) => {
    const held = []
    for (let draw = 0; draw < 30; draw += 1) held.push((await transact([roomCheck(register, now)])).committed)
    return new Set(held)
  }

  test('has room or none in whichever is looked at, exactly as one item would', async () => {
    const register = registers()
    for (const at of [0, 10, 20]) {
      expect(await rooms(register, start + at)).toEqual(new Set([true]))
      expect((await transact(recordWrites(register, start + at))).committed).toBe(true)
    }
    expect(await rooms(register, start + 99)).toEqual(new Set([false]))
    expect((await transact(recordWrites(register, start + 99))).committed).toBe(false)
    expect(await rooms(register, start + 100)).toEqual(new Set([true]))
  })

  test('is known by any of its items, and as full by any', async () => {
    const register = registers()
    const before = { pk: register.pk, s3: start }
    expect(firstFull([register], [before], start + 50)?.until).toBe(start + 100)
    for (const copy of [1, 2, 3]) {
      const met = { pk: `${register.pk}#${copy}`, s3: start }
      expect(firstFull([register], [met], start + 50)).toMatchObject({ until: start + 100, met })
    }
    expect(firstFull([register], [{ pk: `${register.pk}#4`, s3: start }], start + 50)).toBeUndefined()
  })

  test('is checked in one of them at a time, not always the same', () => {
    const register = registers()
    const drawn = Array.from({ length: 60 }, () => roomCheck(register, start).ConditionCheck?.Key?.['pk']?.S)
    expect(new Set(drawn).size).toBe(4)
  })
})
