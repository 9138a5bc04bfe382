/** `npm run prove -- load`: honest people and abuse, half and half, at the highest rate that the local stack holds. */
import { loadavg } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Measured, measured } from '../bench/figures.ts'
import { type Process, startProcess } from '../bench/processes/ask.ts'
import { manyUnverified, stackProcess } from './http/stack.ts'
import type { Memory } from './http/stack-process.ts'
import type { Abuse } from './load/abuse.ts'
import { balance } from './load/balance.ts'
import { newSomeone } from './load/journeys.ts'
import { exportLedger } from './load/ledger.ts'
import { limitsOf } from './load/limits.ts'
import { type Sample, slopeOf, watchMemory } from './load/memory.ts'
import { findRate, isHeld, latencyByMinute, latencyOf, type Phase, runPhase } from './load/phases.ts'
import { Records } from './load/records.ts'
import { type Proof, type Values, wholeNumber } from './proof.ts'

type Report = (line: string) => void

/** The first minutes fill caches; what grows after them goes on growing. */
const warmShare = 0.3
const memoryEveryMs = 10_000
const peakSeconds = 10
const peakFactor = 10
const returnWithinMs = 15_000

function tallyOf(phase: Phase): string {
  const counts = Map.groupBy(phase.records, ({ outcome }) => outcome)
  return [...counts]
    .map(([outcome, these]) => `${these.length} ${outcome}`)
    .sort()
    .join(', ')
}

async function victimsOf(records: Records): Promise<Abuse> {
  const victims = Array.from({ length: 12 }, newSomeone)
  for (const { userId, ...identity } of victims)
    await records.call({ who: 'honest', from: '127.0.0.1' }, 'putIdentity', identity, { userId })
  return { records, victims, bursts: [] }
}

function* steadyFigures(phase: Phase, samples: readonly Sample[]): Generator<Measured> {
  const honest = latencyOf(phase.records, 'honest')
  const abuse = latencyOf(phase.records, 'abuse')
  const served = 1 - phase.stopped.length / phase.journeys
  const late = samples.slice(Math.floor(samples.length * warmShare))
  const [first, last] = [late[0], late.at(-1)]
  yield measured('load.rate', phase.records.length / phase.seconds, 'requests/s', {}, tallyOf(phase))
  yield measured(
    'load.honest_served',
    served,
    `of ${phase.journeys}`,
    { least: 1 },
    phase.stopped.slice(0, 5).join('; '),
  )
  yield measured('load.honest_p50', honest.p50, 'ms')
  yield measured('load.honest_p99', honest.p99, 'ms', { most: 3000 })
  yield measured('load.abuse_p99', abuse.p99, 'ms')
  yield measured(
    'load.heap_slope',
    slopeOf(late, ({ heapMiB }) => heapMiB),
    'MiB/min',
    { most: 1 },
    `${first?.heapMiB.toFixed(1)} to ${last?.heapMiB.toFixed(1)} MiB after garbage collection`,
  )
  yield measured(
    'load.rss_slope',
    slopeOf(late, ({ rssMiB }) => rssMiB),
    'MiB/min',
    { most: 3 },
    `${first?.rssMiB.toFixed(0)} to ${last?.rssMiB.toFixed(0)} MiB`,
  )
}

/** Until journeys get through as before. @returns milliseconds */
async function untilNormal(abuse: Abuse, rate: number): Promise<number> {
  const begin = performance.now()
  for (;;) {
    const from = performance.now()
    const phase = await runPhase(abuse, rate / 2, 3)
    if (isHeld(phase)) return from - begin
    if (performance.now() - begin > 4 * returnWithinMs) return Number.POSITIVE_INFINITY
  }
}

function* peakFigures(phase: Phase, back: number): Generator<Measured> {
  const { records } = phase
  const rude = records.filter(
    ({ status, retryAfter }) => status === 0 || (status >= 429 && retryAfter === undefined),
  )
  const refused = records.filter(({ status }) => status === 429 || status === 503)
  const longest = Math.max(...records.map(({ startedAt, endedAt }) => endedAt - startedAt))
  yield measured('peak.rate', records.length / phase.seconds, 'requests/s', {}, tallyOf(phase))
  yield measured('peak.refused', refused.length / records.length, 'of all', {}, 'with 429 or 503')
  yield measured(
    'peak.without_answer',
    rude.length,
    'requests',
    { most: 0 },
    'no reply, or a refusal without Retry-After',
  )
  yield measured('peak.longest_reply', longest, 'ms', { most: 30_000 })
  yield measured('peak.back_to_normal', back, 'ms', { most: returnWithinMs })
}

async function* ledgerFigures(stack: Process, abuse: Abuse, url: string): AsyncGenerator<Measured> {
  const { records, bursts } = abuse
  await stack.ask('idle')
  // Rows that an outage left over are put before the workers again by a schedule.
  for (let waited = 0; waited < 180 && (await stack.ask<number>('outboxRows')) > 0; waited += 5)
    await sleep(5000)
  yield measured('load.outbox_left', await stack.ask<number>('outboxRows'), 'rows', { most: 0 })
  const { entries, said } = await exportLedger(new URL(url).port)
  const { faults, owing, unknown } = balance(records.all, entries)
  yield measured('load.ledger_entries', entries.length, 'entries', { least: owing }, said)
  yield measured(
    'load.ledger_faults',
    faults.length,
    'replies',
    { most: 0 },
    `${owing} replies owe entries, ${unknown} had no reply or 503. ${faults.slice(0, 8).join('; ')}`,
  )
  const { past, reached } = limitsOf(records.all)
  yield measured(
    'load.limits_passed',
    past.length,
    'subjects and addresses',
    { most: 0 },
    past.slice(0, 5).join('; '),
  )
  yield measured('load.limits_reached', reached, 'subjects and addresses', { least: 1 })
  const over = bursts.filter(({ compared, allowed }) => compared > allowed)
  const exact = bursts.filter(({ compared, allowed, clean }) => compared === allowed && clean)
  yield measured(
    'load.bursts_over',
    over.length,
    `of ${bursts.length}`,
    { most: 0 },
    `${exact.length} were answered as wrong exactly as often as allowed, then refused`,
  )
}

interface Plan {
  readonly minutes: number
  readonly probeSeconds: number
  /** 0: the highest that is held. */
  readonly rate: number
}

async function* measure(stack: Process, plan: Plan, report: Report): AsyncGenerator<Measured> {
  const url = await stack.ask<string>('start', { settings: manyUnverified })
  const abuse = await victimsOf(new Records(url))
  await runPhase(abuse, 5, 3)
  const waiting = () => stack.ask<number>('outboxRows')
  const probe = { from: 8, seconds: plan.probeSeconds, waiting, report }
  const rate = plan.rate > 0 ? plan.rate : await findRate(abuse, probe)
  if (rate === 0) throw new Error('Not even the lowest rate was held: the machine is too busy')
  report(`${plan.minutes} minutes at ${rate.toFixed(1)} requests/s; load average ${loadavg()[0]?.toFixed(1)}`)
  const steady = runPhase(abuse, rate, plan.minutes * 60)
  const samples = await watchMemory(stack, memoryEveryMs, steady)
  const held = await steady
  const p99s = [...latencyByMinute(held)].map(({ p99 }) => p99.toFixed(0))
  report(`p99 of honest people by minute, ms: ${p99s.join(', ')}`)
  yield* steadyFigures(held, samples)
  report(`${peakSeconds} seconds at ${(rate * peakFactor).toFixed(0)} requests/s`)
  const peak = await runPhase(abuse, rate * peakFactor, peakSeconds)
  yield* peakFigures(peak, await untilNormal(abuse, rate))
  const { rssMiB } = await stack.ask<Memory>('memory')
  yield measured('load.rss_end', rssMiB, 'MiB', {}, `load average ${loadavg()[0]?.toFixed(1)}`)
  yield* ledgerFigures(stack, abuse, url)
}

async function* run(values: Values, report: Report): AsyncGenerator<Measured> {
  const plan = {
    minutes: wholeNumber(values, 'minutes', 10, { least: 1, most: 600 }),
    probeSeconds: wholeNumber(values, 'probe', 20, { least: 1, most: 60 }),
    rate: wholeNumber(values, 'rate', 0, { least: 0, most: 10_000 }),
  }
  const stack = startProcess(stackProcess, ['--expose-gc'])
  try {
    yield* measure(stack, plan, report)
    await stack.ask('close')
  } finally {
    await stack.close()
  }
}

export const proof: Proof = {
  about:
    'Honest people are served beside as much abuse: limits exact, memory flat, nothing lost; then ten times the rate, and back.',
  options: { minutes: { type: 'string' }, probe: { type: 'string' }, rate: { type: 'string' } },
  run,
}
