/** [auc.ROUTE] */
import { type Measured, measured } from '../figures.ts'
import { measureIn } from '../processes/ask.ts'
import type { Times, TimingInput } from '../processes/timing.ts'
import { type Scenario, scenarios } from '../scenarios.ts'
import { auc, spread } from '../statistics.ts'
import type { Setting } from './measure.ts'

const reach = { least: 0.47, most: 0.53 }

interface Outcome {
  readonly scenario: Scenario
  readonly auc: number
  readonly times: Times
}

const remarkOf = ({ scenario, auc: value, times }: Outcome) =>
  `${scenario.outcome} (${scenario.status}): ${value.toFixed(3)} on ${times.known.length} pairs, ` +
  `known ${spread(times.known, 2)} ms, unknown ${spread(times.unknown, 2)} ms`

/** Of a route's outcomes the one that tells known from unknown best. */
function figureOf(route: string, outcomes: readonly Outcome[]): Measured {
  const worst = outcomes.toSorted((a, b) => Math.abs(b.auc - 0.5) - Math.abs(a.auc - 0.5))[0]
  return measured(
    `auc.${route}`,
    worst?.auc ?? Number.NaN,
    '',
    reach,
    outcomes.map(remarkOf).join('\n       '),
  )
}

/** Of each kind one in a quick run: without a floor, with a code that is asked for, with a floor. */
const quickRoutes: readonly string[] = ['requestPasswordReset', 'verifyPasswordResetOtp', 'verifyIdentity']

/** One route after the other, each with services, people and a database of its own. */
export async function* measureTiming({
  pathsOf,
  pairs,
  quick,
  wants,
  report,
}: Setting): AsyncGenerator<Measured> {
  const all = [...new Set(scenarios.map(({ route }) => route))]
  const routes = quick ? all.filter((route) => quickRoutes.includes(route)) : all
  for (const route of routes.filter((name) => wants(`auc.${name}`))) {
    const outcomes: Outcome[] = []
    for (const [place, scenario] of scenarios.entries()) {
      if (scenario.route !== route) continue
      report(`  ${route}, ${scenario.outcome}, ${pairs} pairs`)
      const input: TimingInput = { paths: pathsOf(), scenario: place, pairs }
      const times = await measureIn<Times>('./timing.ts', input)
      outcomes.push({ scenario, times, auc: auc(times.known, times.unknown) })
    }
    yield figureOf(route, outcomes)
  }
}
