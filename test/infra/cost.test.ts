/** The estimate of the bill: what it counts is what a run makes, and what it takes to be so is so. */
import { beforeAll, describe, expect, it } from 'vitest'
import { useWorld } from '#test/support/use-world.ts'
import { newIp } from '#test/support/world.ts'
import { measureIn } from '../../bench/processes/ask.ts'
import type { CountedFunction, CountedInput, CountedRun } from '../../bench/processes/counted-run.ts'
import { sourcePaths } from '../../bench/sources.ts'
import { type Counts, recoveryCounts, scheduledCounts } from '../../infra/call-counts.ts'
import {
  canaryCost,
  checkCost,
  costTable,
  eventsCost,
  monthlyCost,
  pagesCost,
  recoveryCost,
  schedulesCost,
  smsCost,
  smsPartsPerRecovery,
  smsPerRecovery,
  totalOf,
} from '../../infra/cost.ts'
import { smsPrices } from '../../infra/sms-prices.ts'
import { recordCalls } from './recorded-calls.ts'

/** All that a recovery, its registration and the schedules run. */
const functions = [
  ...(Object.keys(recoveryCounts) as (keyof typeof recoveryCounts)[]),
  ...(Object.keys(scheduledCounts) as (keyof typeof scheduledCounts)[]),
  'put-identity',
] as const

const countsOf = (functions: Readonly<Record<string, CountedFunction>>): Record<string, Counts> =>
  Object.fromEntries(Object.entries(functions).map(([id, { calls: _, ...counts }]) => [id, counts]))

const kilobytes = (bytes = 0) => Math.ceil(bytes / 1024)
const world = useWorld()

describe('the estimate', () => {
  let run: CountedRun
  beforeAll(async () => {
    const input: CountedInput = { paths: sourcePaths([...new Set(functions)]) }
    run = await measureIn<CountedRun>('./counted-run.ts', input)
  }, 120_000)

  it('rests on the calls that a recovery makes, its part of a checkpoint included', () => {
    expect(countsOf(run.recovery)).toEqual(recoveryCounts)
  })

  it('rests on the calls that the schedules make though nothing happened', () => {
    expect(countsOf(run.scheduled)).toEqual(scheduledCounts)
  })

  it('rests on items within a kilobyte each', () => {
    for (const [table, bytes] of Object.entries(run.largestItems))
      expect([table, kilobytes(bytes) <= 1]).toEqual([table, true])
  })

  it('rests on the calls that a check of a session makes', async () => {
    const { email, password } = await world.identity()
    const login = await world.post('/api/auth/login', { identifier: email, password }, { ip: newIp() })
    const recording = recordCalls()
    await world.post('/admin/sessions/introspect', { token: login.body.data.accessToken })
    recording.stop()
    const own = recording.calls.filter((call) => call.function === 'introspect-session')
    expect(own.map(({ operation, uses }) => [operation, uses.length])).toEqual([['BatchGetItem', 2]])
    expect(checkCost('introspect-session') * 1e6).toBeCloseTo(5.75, 1)
    expect(checkCost('authorize') * 1e6).toBeCloseTo(5.75 - 3.5 - 0.6 - 0.25, 1)
  })

  it('counts everything of a recovery', () => {
    for (const [service, usd] of Object.entries(recoveryCost()))
      if (service !== 'ledger bucket') expect([service, usd > 0]).toEqual([service, true])
    expect(smsPerRecovery).toBe(1)
  })

  it('grows with the recoveries, but for what stands', () => {
    const [none, one, two] = [0, 1_000_000, 2_000_000].map((count) => totalOf(monthlyCost(count))) as [
      number,
      number,
      number,
    ]
    expect(two - one).toBeCloseTo(one - none, 6)
    expect(none).toBeGreaterThan(15)
  })

  it('has what the schedules cost in a month: reads of the breaker and sweeps, runs, checkpoints', () => {
    const { tables, functions: runs, keys, 'ledger bucket': bucket } = schedulesCost()
    const [everyMinute, everyFive] = [43_200, 8_640]
    const reads = everyMinute * (898 + 2) + everyFive * 17
    expect(tables).toBeCloseTo(reads * 0.125e-6 + everyFive * 0.625e-6, 6)
    expect(keys).toBeCloseTo(everyFive * 15e-6, 6)
    expect(bucket).toBeCloseTo(everyFive * 2 * 5e-6, 6)
    expect(runs).toBeGreaterThan(0)
  })

  it('counts SMS by their parts and prices a part by its country, each with the month of its list', () => {
    expect([smsPartsPerRecovery('en'), smsPartsPerRecovery('ar')]).toEqual([1, 2])
    for (const [country, { usdPerPart, asOf }] of Object.entries(smsPrices)) {
      expect(asOf).toMatch(/^20\d\d-\d\d$|^unknown$/)
      expect(smsCost(country, 'ar')).toBeCloseTo(2 * usdPerPart, 10)
      expect(costTable()).toContain(`A part of an SMS to ${country}: ${usdPerPart} USD, list of ${asOf}`)
    }
    expect(smsCost('XX', 'en')).toBeUndefined()
    const lines = costTable().split('\n')
    expect(lines.find((line) => line.startsWith('SMS in ar, parts'))).toMatch(
      /20,000 +2,000,000 +200,000,000$/,
    )
  })

  it('has the pages in a row below the sum, for they are hosted by choice', () => {
    expect(pagesCost(0)).toBe(6)
    expect(pagesCost(1_000_000) - pagesCost(0)).toBeCloseTo(6 * 1.7 + 63 * 0.085, 6)
    const names = costTable()
      .split('\n')
      .map((row) => row.split('  ')[0])
    expect(names.indexOf('pages, if hosted')).toBe(names.indexOf('sum') + 1)
  })

  it('has the events in a row below, for they are published by choice', () => {
    expect(eventsCost() * 1e6).toBeCloseTo(5 * (1 + 0.2 + 0.4 + 0.55), 0)
    expect(costTable()).toContain('events, if published')
  })

  it('has the canary in a row below, for a stage has one by choice: 2,880 recoveries, letters, waiting, two alarms', () => {
    const each = totalOf(recoveryCost()) + 2 * 3.5e-6 + 0.2e-6 + 15 * 0.5 * 1.33334e-5 + 2 * (1e-4 + 5e-6)
    expect(canaryCost()).toBeCloseTo(2_880 * each + 2 * (0.1 + 0.3), 6)
    expect(costTable()).toContain('canary, if there is one')
  })

  it('is shown for 10 thousand, 1 million and 100 million recoveries', () => {
    const [head] = costTable().split('\n')
    expect(head).toContain('10,000 recoveries')
    expect(head).toContain('1,000,000 recoveries')
    expect(head).toContain('100,000,000 recoveries')
  })
})
