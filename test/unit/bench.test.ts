import { describe, expect, it } from 'vitest'
import { routeOf, routes } from '#shared/contract/routes.ts'
import { lineOf, measured, reaches, textOf } from '../../bench/figures.ts'
import { figuresOf } from '../../bench/measures/recovery-bill.ts'
import { isWanted, readOptions } from '../../bench/options.ts'
import type { CountedRun } from '../../bench/processes/counted-run.ts'
import { scenarios, startSlotMs } from '../../bench/scenarios.ts'
import { auc, median, quantile, spread } from '../../bench/statistics.ts'
import { recoveryCounts } from '../../infra/call-counts.ts'
import { recoveryCost, totalOf, writeUnits } from '../../infra/cost.ts'

describe('the statistics of the bench', () => {
  it('takes the middle value, or half-way between the two middle ones, in any order', () => {
    expect(median([9, 1, 5])).toBe(5)
    expect(median([4, 1, 3, 2])).toBe(2.5)
    expect(median([])).toBeNaN()
  })

  it('orders values as numbers, not as texts', () => {
    expect(median([10, 9, 100])).toBe(10)
  })

  it('finds quantiles between the values around them', () => {
    expect(quantile([10, 20, 30, 40, 50], 0.25)).toBe(20)
    expect(quantile([0, 10], 0.9)).toBe(9)
    expect(spread([1, 2, 3, 4, 5])).toBe('3.0 (2.0 to 4.0)')
  })

  it('calls two groups alike at 0.5 and wholly apart at 0 and 1', () => {
    expect(auc([1, 2, 3], [1, 2, 3])).toBe(0.5)
    expect(auc([4, 5, 6], [1, 2, 3])).toBe(1)
    expect(auc([1, 2, 3], [4, 5, 6])).toBe(0)
  })

  it('is the share of pairs in which the first is above, ties counting half', () => {
    const [first, second] = [
      [3, 1, 4, 1, 5, 9, 2, 6],
      [2, 7, 1, 8, 2],
    ]
    const points = first.flatMap((a) => second.map((b) => (a > b ? 1 : a === b ? 0.5 : 0)))
    const share = points.reduce<number>((sum, point) => sum + point, 0) / points.length
    expect(auc(first, second)).toBeCloseTo(share, 12)
    expect(auc(second, first)).toBeCloseTo(1 - share, 12)
  })
})

describe('figures', () => {
  it('are reached at their bounds and not beyond', () => {
    expect(reaches(1.6, { most: 1.6 })).toBe(true)
    expect(reaches(1.601, { most: 1.6 })).toBe(false)
    expect(reaches(0.47, { least: 0.47, most: 0.53 })).toBe(true)
    expect(reaches(0.469, { least: 0.47, most: 0.53 })).toBe(false)
    expect(reaches(99_999, { least: 100_000 })).toBe(false)
  })

  it('are judged before they are rounded for the eye', () => {
    expect(measured('cpu_ratio', 1.60004, '', { most: 1.6 }).figure).toMatchObject({ value: 1.6, ok: false })
  })

  it('that are no number reach nothing, but what only is printed is never missed', () => {
    expect(measured('auc.login', Number.NaN, '', { least: 0.47, most: 0.53 }).figure.ok).toBe(false)
    expect(measured('cpu_ms', 40, 'ms').figure).toEqual({
      name: 'cpu_ms',
      value: 40,
      unit: 'ms',
      reach: 'printed',
      ok: true,
    })
  })

  it('say what they have to reach, and whether they do', () => {
    expect([{ most: 1.6 }, { least: 5 }, { least: 1, most: 2 }].map(textOf)).toEqual([
      '<= 1.6',
      '>= 5',
      '1 to 2',
    ])
    expect(lineOf(measured('cpu_ratio', 2, '', { most: 1.6 }, 'because'))).toMatch(
      /^MISS cpu_ratio .*\n +because$/,
    )
  })
})

describe('the command line of the bench', () => {
  it('measures everything with 3,000 pairs unless told otherwise', () => {
    expect(readOptions([])).toEqual({ pairs: 3000, quick: false })
    expect(readOptions(['--quick'])).toEqual({ pairs: 10, quick: true })
    expect(readOptions(['--pairs', '50', '--only', 'auc.login,cpu_ms', '--json', 'out.json'])).toEqual({
      pairs: 50,
      quick: false,
      only: ['auc.login', 'cpu_ms'],
      json: 'out.json',
    })
  })

  it.each([[['--pairs', 'many']], [['--pairs', '1.5']], [['--only', 'a,,b']], [['--fast']]])(
    'refuses %j',
    (args) => {
      expect(() => readOptions(args)).toThrow()
    },
  )

  it('takes a figure by its name or its group, never by half a name', () => {
    expect(isWanted('auc.login', undefined)).toBe(true)
    expect(isWanted('auc.login', ['auc'])).toBe(true)
    expect(isWanted('auc.login', ['auc.login'])).toBe(true)
    expect(isWanted('cpu_ratio', ['cpu'])).toBe(false)
    expect(isWanted('auc.login', ['auc.log'])).toBe(false)
  })
})

describe('the timing test', () => {
  it('has every public route that takes an identifier', () => {
    // A challenge's id is random and given only after a right password: nobody can be looked for with it.
    const namesNobody = ['verifyLogin', 'notMe', 'health']
    const expected = (Object.keys(routes) as (keyof typeof routes)[]).filter(
      (id) => routeOf(id).access === 'public' && !namesNobody.includes(id),
    )
    expect(new Set(scenarios.map(({ route }) => route))).toEqual(new Set(expected))
  })

  it.each([
    [150, 25],
    [250, 60],
    [40, 25],
  ])(
    'spaces requests with a floor of %i ms so that none replies while another of %i ms is at work',
    (floor, work) => {
      const slot = startSlotMs(floor, work)
      expect(slot).toBeGreaterThanOrEqual(work)
      const intoSlot = floor % slot
      expect(intoSlot / slot).toBeGreaterThanOrEqual(0.5)
    },
  )
})

describe('the bill', () => {
  const counted = Object.fromEntries(
    Object.entries(recoveryCounts).map(([id, counts]) => [
      id,
      { ...counts, calls: id === 'seal-ledger' ? 1 : 7 },
    ]),
  )
  const run = { recovery: counted, scheduled: {}, largestItems: {} } as unknown as CountedRun
  const figures = new Map([...figuresOf(run)].map(({ figure }) => [figure.name, figure]))
  const usdOf = (name: string) => figures.get(name)?.value ?? Number.NaN

  it('is that of the cost estimate, a million times, with and without messages', () => {
    const bill = recoveryCost()
    for (const [service, usd] of Object.entries(bill))
      expect(usdOf(`usd_per_million.${service.replace(' ', '-')}`)).toBeCloseTo(usd * 1e6, 1)
    expect(usdOf('usd_per_million.total')).toBeCloseTo(totalOf(bill) * 1e6, -1)
    expect(usdOf('usd_per_million.without_messages')).toBeCloseTo((totalOf(bill) - bill.email) * 1e6, -1)
  })

  it('comes with the calls, write units, MACs and SMS parts of the run, and what each has to reach', () => {
    // Seven functions of seven calls, three of which hand over messages; the checkpoint is everybody's.
    expect(figures.get('aws_calls_total')).toMatchObject({ value: 46, reach: '<= 26' })
    expect(figures.get('kms_calls')).toMatchObject({ value: 2, reach: '<= 3' })
    expect(figures.get('sms_parts')).toMatchObject({ value: 1, reach: '<= 1', ok: true })
    const { 'seal-ledger': _, ...functions } = recoveryCounts
    const units = Object.values(functions).reduce((sum, counts) => sum + writeUnits(counts), 0)
    expect(figures.get('write_units')).toMatchObject({ value: units, reach: '<= 66' })
  })
})
