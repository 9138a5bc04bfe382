/** The phases of a load run: find the rate, hold it, exceed it tenfold, come back. */
import { quantile } from '../../bench/statistics.ts'
import { type Abuse, abuseOnce, requestsPerAbuse } from './abuse.ts'
import { goOn, requestsPerJourney, Stopped } from './journeys.ts'
import { startAt } from './pace.ts'
import type { Record } from './records.ts'

export interface Phase {
  /** Requests a second that were started. */
  readonly rate: number
  readonly seconds: number
  readonly journeys: number
  /** Journeys that did not get through, by where and why. */
  readonly stopped: readonly string[]
  readonly records: readonly Record[]
  /** From the last start to the last reply. */
  readonly drainMs: number
}

export interface Latency {
  readonly p50: number
  readonly p99: number
}

export function latencyOf(records: readonly Record[], who: Record['who']): Latency {
  const times = records.filter((each) => each.who === who).map((each) => each.endedAt - each.startedAt)
  return { p50: quantile(times, 0.5), p99: quantile(times, 0.99) }
}

/** What honest people waited, minute by minute: a stack that falls behind shows it here first. */
export function* latencyByMinute(phase: Phase): Generator<Latency> {
  const begin = Math.min(...phase.records.map(({ startedAt }) => startedAt))
  const minuteOf = ({ startedAt }: Record) => Math.floor((startedAt - begin) / 60_000)
  const minutes = Map.groupBy(phase.records, minuteOf)
  for (const minute of [...minutes.keys()].sort((a, b) => a - b))
    yield latencyOf(minutes.get(minute) ?? [], 'honest')
}

/** Half of the requests are of honest people, half are abuse. */
export async function runPhase(abuse: Abuse, rate: number, seconds: number): Promise<Phase> {
  const { records } = abuse
  const before = records.all.length
  const stopped: string[] = []
  let journeys = 0
  const honest = async () => {
    journeys += 1
    await goOn(records).catch((error: unknown) => {
      if (!(error instanceof Stopped)) throw error
      stopped.push(error.message)
    })
  }
  const begin = performance.now()
  await Promise.all([
    startAt({ perSecond: rate / 2 / requestsPerJourney, seconds }, honest),
    startAt({ perSecond: rate / 2 / requestsPerAbuse, seconds }, () => abuseOnce(abuse)),
  ])
  const drainMs = performance.now() - begin - seconds * 1000
  return { rate, seconds, journeys, stopped, records: records.all.slice(before), drainMs }
}

/** A journey's last steps come seconds after its start: longer means that work piles up. */
const longestDrainMs = 12_000
const longestP99Ms = 2000

/** Whether the stack kept up: everyone got through, in time, and nothing piled up. */
export function isHeld(phase: Phase): boolean {
  const { p99 } = latencyOf(phase.records, 'honest')
  const outages = phase.records.some(({ status }) => status === 0 || status >= 500)
  return phase.stopped.length === 0 && !outages && p99 <= longestP99Ms && phase.drainMs <= longestDrainMs
}

const growth = 1.4

interface Probe {
  readonly from: number
  readonly seconds: number
  /** Rows that wait for a worker. */
  readonly waiting: () => Promise<number>
  readonly report: (line: string) => void
}

async function probe(abuse: Abuse, rate: number, { seconds, waiting, report }: Probe): Promise<boolean> {
  const phase = await runPhase(abuse, rate, seconds)
  const { p50, p99 } = latencyOf(phase.records, 'honest')
  const left = await waiting()
  // Workers that are more than a second or two behind fall behind further.
  const kept = isHeld(phase) && left <= 2 * rate
  report(
    `${rate.toFixed(1)} requests/s for ${seconds} s: p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms, ${phase.stopped.length} of ${phase.journeys} stopped, ${left} rows wait${kept ? '' : ': not held'}`,
  )
  return kept
}

/** What piles up slowly does not show in a short probe. */
const confirmation = 5

/** @returns the highest rate that was held for longer than a probe, of rates that grow by two fifths; 0 where none was */
export async function findRate(abuse: Abuse, options: Probe): Promise<number> {
  let rate = options.from
  while (await probe(abuse, rate, options)) rate *= growth
  for (rate /= growth; rate >= options.from; rate /= growth)
    if (await probe(abuse, rate, { ...options, seconds: options.seconds * confirmation })) return rate
  return 0
}
