/** Who comes, and what is made of them: a run of the simulation. */
import { createEngine, type Process } from './engine.ts'
import type { PlannedPhase, Who } from './plan.ts'
import { createService, type Fate, type Seen, type ServiceLimits } from './service.ts'

export interface Arrivals {
  readonly perSecond: number
  readonly seconds: number
  /** Of each kind of recovery some recordings, one of which somebody follows. */
  readonly kinds: readonly (readonly (readonly PlannedPhase[])[])[]
  /** Share of people behind one address. */
  readonly behindOneAddress: number
  /** Asks a second for codes of people who are not there. */
  readonly flood: number
  readonly nobody: readonly (readonly PlannedPhase[])[]
}

export interface Outcome {
  readonly fates: readonly Fate[]
  readonly seen: Seen
  readonly written: ReadonlyMap<string, number>
}

/** Four in five in one country, the others in three. */
const countries = ['IN', 'IN', 'IN', 'IN', 'IN', 'IN', 'IN', 'IN', 'EG', 'KE', 'BR'].slice(0, 10)
export const oneAddress = '198.51.100.7'
/** After the last arrival: as long as a code may live, and a sign-in after it. */
const drainMs = 400_000

export function simulate(arrivals: Arrivals, limits: ServiceLimits, seed: number): Outcome {
  const engine = createEngine(seed)
  const { recover, seen, written } = createService(engine, limits)
  const fates: Fate[] = []
  let people = 0

  const oneOf = <T>(list: readonly T[]): T => list[Math.floor(engine.random() * list.length)] as T
  const someone = (shared: number): Who => {
    people += 1
    const source = engine.random() < shared ? oneAddress : `address ${people}`
    return { id: people, source, country: oneOf(countries) }
  }
  /** At random moments, so many a second on average. */
  function* arrive(perSecond: number, begin: () => Process): Process {
    for (;;) {
      yield (-Math.log(1 - engine.random()) * 1000) / perSecond
      if (engine.now() > arrivals.seconds * 1000) return
      engine.start(begin())
    }
  }
  const { perSecond, kinds, behindOneAddress, flood, nobody } = arrivals
  engine.start(
    arrive(perSecond, () =>
      recover(oneOf(oneOf(kinds)), someone(behindOneAddress), (fate) => fates.push(fate)),
    ),
  )
  if (flood > 0) engine.start(arrive(flood, () => recover(oneOf(nobody), someone(0), () => undefined)))
  engine.run(arrivals.seconds * 1000 + drainMs)
  return { fates, seen, written }
}
