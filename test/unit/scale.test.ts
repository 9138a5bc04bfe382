/** The simulation of AWS's limits, on cases whose end is known by hand. */
import { describe, expect, test } from 'vitest'
import type { TableId } from '#shared/tables.ts'
import { simulate } from '../../prove/scale/arrivals.ts'
import { type AwsLimits, createAws } from '../../prove/scale/aws.ts'
import { createEngine, type Engine, type Process } from '../../prove/scale/engine.ts'
import { Bucket, Locks, Places, Windows } from '../../prove/scale/limits.ts'
import type { PlannedCall, PlannedItem, PlannedPhase, Who } from '../../prove/scale/plan.ts'
import type { ServiceLimits } from '../../prove/scale/service.ts'

/** Runs so many of a process at once. @returns what each gave, in the order of their ends */
function run<T>(engine: Engine, count: number, process: (number: number) => Process<T>): T[] {
  const ends: T[] = []
  const one = function* (number: number): Process {
    ends.push(yield* process(number))
  }
  for (let number = 0; number < count; number += 1) engine.start(one(number))
  engine.run(1e9)
  return ends
}

describe('time', () => {
  test('goes on by what processes wait, in the order of their waking', () => {
    const engine = createEngine(1)
    const seen: string[] = []
    const sleeper = function* (name: string, ms: number): Process {
      yield ms
      seen.push(`${name} ${engine.now()}`)
      yield ms
      seen.push(`${name} ${engine.now()}`)
    }
    engine.start(sleeper('slow', 30))
    engine.start(sleeper('fast', 10))
    engine.start(sleeper('late', 1), 25)
    engine.run(59)
    expect(seen).toEqual(['fast 10', 'fast 20', 'late 26', 'late 27', 'slow 30'])
    engine.run(60)
    expect(seen.at(-1)).toBe('slow 60')
  })

  test('draws the same numbers from the same seed, evenly', () => {
    const draw = (seed: number) => Array.from({ length: 10_000 }, createEngine(seed).random)
    expect(draw(7)).toEqual(draw(7))
    expect(draw(7)).not.toEqual(draw(8))
    const mean = draw(7).reduce((sum, value) => sum + value, 0) / 10_000
    expect(mean).toBeGreaterThan(0.49)
    expect(mean).toBeLessThan(0.51)
  })
})

describe('limits', () => {
  const at = { now: 0 }
  const clock = { now: () => at.now }
  const taken = (take: () => boolean, times: number) =>
    Array.from({ length: times }, take).filter(Boolean).length

  test('a rate of ten a second with a burst of ten lets ten through at once, and ten more a second later', () => {
    at.now = 0
    const bucket = new Bucket(clock, 10)
    expect(taken(() => bucket.take(), 25)).toBe(10)
    at.now = 500
    expect(taken(() => bucket.take(), 25)).toBe(5)
    at.now = 60_000
    expect(taken(() => bucket.take(), 25)).toBe(10)
  })

  test('a window that slides never holds more than its number', () => {
    at.now = 0
    const windows = new Windows(clock, 3, 1000)
    expect(taken(() => windows.take('a'), 5)).toBe(3)
    expect(windows.take('b')).toBe(true)
    at.now = 999
    expect(windows.take('a')).toBe(false)
    at.now = 1000
    expect(taken(() => windows.take('a'), 5)).toBe(3)
  })

  test('of two that hold an item one waits for the other, and holds nothing meanwhile', () => {
    const locks = new Locks()
    expect(locks.hold(['a', 'b'])).toBeUndefined()
    expect(locks.hold(['c', 'b'])).toBe('b')
    expect(locks.hold(['c'])).toBeUndefined()
    locks.release(['a', 'b'])
    expect(locks.hold(['b'])).toBeUndefined()
  })

  test('six that take 100 ms each in two places end by two', () => {
    const engine = createEngine(1)
    const places = new Places(2)
    const ends = run(engine, 6, function* () {
      yield* places.wait()
      yield 100
      places.leave()
      return engine.now()
    })
    expect(ends).toEqual([100, 100, 200, 200, 300, 300])
    expect([places.take(), places.take(), places.take()]).toEqual([true, true, false])
  })
})

const tables: readonly TableId[] = ['identities', 'challenges', 'sessions', 'outbox', 'ledger', 'seal']
const plenty: AwsLimits = {
  ceilings: Object.fromEntries(
    tables.map((table) => [table, { readUnits: 1e6, writeUnits: 1e6 }]),
  ) as AwsLimits['ceilings'],
  kmsPerSecond: 1e6,
  eventsPerSecond: 1e6,
  emailsPerSecond: 1e6,
  smsPerSecond: 1e6,
  budgetOf: () => 1e6,
}
const item = (key: (who: Who) => string, more: Partial<PlannedItem> = {}): PlannedItem => ({
  ...{ table: 'challenges', writes: true, units: 1, kind: 'K#', partition: key, name: key },
  ...more,
})
const one = (id: number): Who => ({ id, source: `address ${id}`, country: 'EG' })
const shared = item(() => 'one')
const own = item(({ id }) => `own ${id}`)

describe('calls', () => {
  const perform = (call: PlannedCall, count: number, limits: Partial<AwsLimits> = {}) => {
    const engine = createEngine(3)
    const aws = createAws(engine, { ...plenty, ...limits })
    const ends = run(engine, count, (number) => aws.perform(call, one(number)))
    return { refused: ends.filter((end) => end !== undefined), aws, engine }
  }

  test('two transactions with nothing in common, or a hundred, refuse each other nothing', () => {
    expect(perform({ kind: 'transaction', items: [own] }, 100).refused).toEqual([])
  })

  test('a hundred transactions at once on one item: some are refused for good, and each refusal is a conflict there', () => {
    const { refused } = perform({ kind: 'transaction', items: [own, shared] }, 100)
    expect(refused.length).toBeGreaterThan(20)
    expect(new Set(refused)).toEqual(new Set(['conflict K#']))
  })

  test('a hundred plain writes at once of that item are all done', () => {
    expect(perform({ kind: 'write', items: [shared] }, 100).refused).toEqual([])
  })

  test('a partition takes a thousand units a second: of 3,000 plain writes at once the last go without', () => {
    const { refused, aws } = perform({ kind: 'write', items: [shared] }, 3000)
    expect(new Set(refused)).toEqual(new Set(['partition K#']))
    expect(aws.written.get('challenges')).toBe(3000 - refused.length)
  })

  test('a transaction is billed twice, and a table gives no more than its ceiling', () => {
    expect(perform({ kind: 'transaction', items: [own] }, 10).aws.written.get('challenges')).toBe(20)
    const ceilings = { ...plenty.ceilings, challenges: { readUnits: 10, writeUnits: 10 } }
    const { refused } = perform({ kind: 'transaction', items: [own] }, 20, { ceilings })
    expect(new Set(refused)).toEqual(new Set(['ceiling challenges']))
  })

  test('each service refuses by its own rate, and by no other’s', () => {
    const none = { kmsPerSecond: 0, eventsPerSecond: 0, emailsPerSecond: 0, smsPerSecond: 0 }
    const rates = {
      kms: 'kmsPerSecond',
      events: 'eventsPerSecond',
      ses: 'emailsPerSecond',
      sns: 'smsPerSecond',
    } as const
    for (const [kind, rate] of Object.entries(rates) as [keyof typeof rates, keyof AwsLimits][]) {
      const call: PlannedCall = { kind, items: [] }
      expect(new Set(perform(call, 3, { [rate]: 0 }).refused)).toEqual(new Set([`${kind} rate`]))
      expect(perform(call, 3, { ...none, [rate]: 1e6 }).refused).toEqual([])
    }
  })

  test('the budget of an address lets exactly its number through, and what is over it holds nothing up', () => {
    const budget = item(() => 'I#', { kind: 'I#', budget: 'password-email' })
    const { refused } = perform({ kind: 'transaction', items: [budget] }, 8, { budgetOf: () => 3 })
    expect(refused.filter((refusal) => refusal === 'budget of an address')).toHaveLength(5)
  })
})

describe('people', () => {
  const phase: PlannedPhase = {
    route: '/ask',
    throttle: 'send',
    run: { function: 'request-code', calls: [{ kind: 'transaction', items: [own] }] },
    after: [{ function: 'deliver', calls: [{ kind: 'ses', items: [] }] }],
  }
  const open = { ratePerSecond: 1e6, burst: 1e6 }
  const service: ServiceLimits = {
    ...plenty,
    throttles: { send: open, guess: open, read: open, admin: open, check: open },
    places: {},
    sharedPlaces: 1e6,
    perAddress: 1e6,
    loginFloorMs: 450,
  }
  const arrivals = {
    ...{ perSecond: 20, seconds: 20, kinds: [[[phase]]], behindOneAddress: 0 },
    ...{ flood: 0, nobody: [] },
  }
  const served = (limits: Partial<ServiceLimits>) => {
    const { fates, seen } = simulate(arrivals, { ...service, ...limits }, 5)
    const waits = fates.flatMap(({ waitedMs }) => waitedMs ?? [])
    return { all: fates.length, waits, refusals: [...seen.refusals.keys()] }
  }

  test('come at the rate that was asked for, and all are served within half a second where nothing is short', () => {
    const { all, waits, refusals } = served({})
    expect(all).toBeGreaterThan(340)
    expect(all).toBeLessThan(460)
    expect(waits).toHaveLength(all)
    expect(Math.max(...waits)).toBeLessThan(500)
    expect(refusals).toEqual([])
  })

  test('of whom ten a second get a mail wait for it, or leave: half of them within the life of a code', () => {
    const { all, waits, refusals } = served({ emailsPerSecond: 10 })
    expect(refusals[0]).toBe('ses rate')
    expect(waits.length).toBeLessThanOrEqual(all)
    expect(Math.max(...waits)).toBeGreaterThan(5000)
  })

  test('that the gateway refuses try again, six times, and are told by which limit', () => {
    const { all, waits, refusals } = served({
      throttles: { ...service.throttles, send: { ratePerSecond: 5, burst: 5 } },
    })
    expect(refusals).toEqual(['throttle send'])
    expect(waits.length).toBeLessThan(all)
  })

  test('meet the same end in two runs of one seed', () => {
    const limits = { ...service, emailsPerSecond: 10 }
    expect(simulate(arrivals, limits, 5).fates).toEqual(simulate(arrivals, limits, 5).fates)
  })
})
