/** The service under its arrivals: gateway, places of functions, workers behind their streams, and the people themselves. */
import type { throttles } from '#shared/contract/routes.ts'
import { type AwsLimits, createAws, isFinal, type Refusal } from './aws.ts'
import type { Engine, Process } from './engine.ts'
import { Bucket, Buckets, Places, Windows } from './limits.ts'
import type { PlannedPhase, PlannedRun, Who } from './plan.ts'

export interface ServiceLimits extends AwsLimits {
  readonly throttles: Readonly<
    Record<keyof typeof throttles, { readonly ratePerSecond: number; readonly burst: number }>
  >
  /** Of functions that have places of their own. Of a worker: records that it has at work at once. */
  readonly places: Readonly<Record<string, number>>
  /** All others share these. */
  readonly sharedPlaces: number
  /** Requests of an address in five minutes. */
  readonly perAddress: number
  /** A login is answered no sooner (ms). */
  readonly loginFloorMs: number
}

/** The processor's part, and the network's from the gateway (ms). */
const besidesCallsMs: Readonly<Record<string, number>> = { login: 60, 'reset-password': 120 }
const ownMs = 15
/** From a commit to the worker that it starts (ms): the stream is asked four times a second. */
const streamMs = { least: 50, most: 300 }
/** As Lambda tries a batch again, then the sweep. */
const workerRetryMs = (tries: number) => (tries < 4 ? 500 * 2 ** tries : 60_000)
/** How long somebody reads and types a code. No part of what they wait. */
const typingMs = 10_000
/** A person tries again after one second, two, four ... and then leaves. */
const personTries = 6
const codeLifeMs = 300_000

/** What became of somebody. */
export interface Fate {
  readonly who: Who
  readonly arrivedAt: number
  /** Milliseconds that they waited for replies and for the code; undefined when they left. */
  readonly waitedMs?: number
  readonly leftFor?: Refusal
}

export interface Seen {
  /** Refusals that reached somebody, or made a worker's run fail: how many, and when first. */
  readonly refusals: ReadonlyMap<Refusal, { count: number; firstAt: number }>
  /** From an event's commit to its entry (ms). */
  readonly ledgerLags: readonly number[]
}

export function createService(engine: Engine, limits: ServiceLimits) {
  const aws = createAws(engine, limits)
  const gateway = new Map(
    Object.entries(limits.throttles).map(([name, { ratePerSecond, burst }]) => [
      name,
      new Buckets(() => new Bucket(engine, ratePerSecond, burst)),
    ]),
  )
  const firewall = new Windows(engine, limits.perAddress, 300_000)
  const places = new Map(Object.entries(limits.places).map(([name, most]) => [name, new Places(most)]))
  const shared = new Places(limits.sharedPlaces)
  const placesOf = (name: string) => places.get(name) ?? shared
  const refusals = new Map<Refusal, { count: number; firstAt: number }>()
  const ledgerLags: number[] = []

  const note = (refusal: Refusal) => {
    const known = refusals.get(refusal) ?? { count: 0, firstAt: engine.now() }
    known.count += 1
    refusals.set(refusal, known)
  }

  function* perform({ calls }: PlannedRun, who: Who): Process<Refusal | undefined> {
    for (const call of calls) {
      const refusal = yield* aws.perform(call, who)
      if (refusal !== undefined) return refusal
    }
    return undefined
  }

  function* answer(phase: PlannedPhase, who: Who): Process<Refusal | undefined> {
    const { route, throttle, run } = phase
    if (!firewall.take(who.source)) return 'firewall, one address'
    if (!gateway.get(throttle)?.of(route).take()) return `throttle ${throttle}`
    const taken = placesOf(run.function)
    if (!taken.take()) return `places of ${run.function}`
    const since = engine.now()
    yield besidesCallsMs[run.function] ?? ownMs
    const refusal = yield* perform(run, who)
    const floorMs = run.function === 'login' ? limits.loginFloorMs : 0
    yield Math.max(0, since + floorMs - engine.now())
    taken.leave()
    return refusal
  }

  /** @returns why they left, or undefined */
  function* press(phase: PlannedPhase, who: Who): Process<Refusal | undefined> {
    let refusal: Refusal | undefined
    for (let tries = 0; tries < personTries; tries += 1) {
      refusal = yield* answer(phase, who)
      if (refusal === undefined) return undefined
      note(refusal)
      if (isFinal(refusal)) return refusal
      yield 1000 * 2 ** tries * (0.5 + engine.random())
    }
    return refusal
  }

  /** A row that is handed to its worker until it is done. */
  function* work(run: PlannedRun, who: Who, done: () => void): Process {
    const since = engine.now()
    yield streamMs.least + engine.random() * (streamMs.most - streamMs.least)
    for (let tries = 0; engine.now() - since < codeLifeMs; tries += 1) {
      const taken = placesOf(run.function)
      yield* taken.wait()
      const refusal = yield* perform(run, who)
      taken.leave()
      if (refusal === undefined) {
        if (run.function === 'append-ledger') ledgerLags.push(engine.now() - since)
        done()
        return
      }
      note(refusal)
      yield workerRetryMs(tries)
    }
    note(`${run.function} too late`)
  }

  /** Starts what a phase leads to. @returns a wait for its code, where it sends one */
  function follow(phase: PlannedPhase, who: Who): (() => Process<boolean>) | undefined {
    const asks = phase.run.function.startsWith('request-code')
    let arrived: boolean | undefined
    let wake: (() => void) | undefined
    const tell = (value: boolean) => {
      arrived ??= value
      wake?.()
      wake = undefined
    }
    for (const run of phase.after)
      engine.start(work(run, who, asks && run.function === 'deliver' ? () => tell(true) : () => undefined))
    if (!asks) return undefined
    const late = function* (): Process {
      yield codeLifeMs
      tell(false)
    }
    return function* () {
      engine.start(late())
      if (arrived === undefined)
        yield (resume) => {
          wake = resume
        }
      return arrived === true
    }
  }

  /** Somebody goes through all phases. @param end is told what became of them */
  function* recover(phases: readonly PlannedPhase[], who: Who, end: (fate: Fate) => void): Process {
    const arrivedAt = engine.now()
    let waitedMs = 0
    for (const phase of phases) {
      const since = engine.now()
      const refusal = yield* press(phase, who)
      if (refusal !== undefined) return end({ who, arrivedAt, leftFor: refusal })
      const code = follow(phase, who)
      const came = code === undefined || (yield* code())
      waitedMs += engine.now() - since
      if (!came) return end({ who, arrivedAt, leftFor: 'the code came too late' })
      if (code !== undefined) yield typingMs
    }
    end({ who, arrivedAt, waitedMs })
  }

  return { recover, seen: { refusals, ledgerLags } as Seen, written: aws.written }
}
