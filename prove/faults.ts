/** G7, G14: every AWS call of every step, in every way that it can fail, with the client's second try after each. */
import { type RouteId, routeOf, routes } from '#shared/contract/routes.ts'
import type { Verified } from '#test/support/whole-ledger.ts'
import { type Measured, measured } from '../bench/figures.ts'
import { startProcess } from '../bench/processes/ask.ts'
import type { Case, Tried } from './faults/lane.ts'
import { type Proof, wholeNumber } from './proof.ts'

const lanePath = new URL('faults/lane.ts', import.meta.url).href
const steps = new Set(Object.keys(routes).map((id) => routeOf(id as RouteId).step))

export const proof: Proof = {
  about:
    'Each AWS call of each step fails, is lost, slow, throttled or contended; the client tries again (G7, G14).',
  options: { lanes: { type: 'string' }, step: { type: 'string' } },
  run: async function* (values, report) {
    const count = wholeNumber(values, 'lanes', 3, { least: 1, most: 16 })
    const first = startProcess(lanePath)
    const lanes = [first]
    try {
      const all = await first.ask<Case[]>('cases')
      const wanted = all.filter(({ step }) => values['step'] === undefined || step === values['step'])
      // A lane without a case would have no ledger to verify.
      while (lanes.length < Math.min(count, wanted.length)) lanes.push(startProcess(lanePath))
      const queue = wanted.values()
      const tried = new Map<Case, Tried>()
      const work = async (lane: (typeof lanes)[number]) => {
        for (const each of queue) {
          const outcome = await lane.ask<Tried>('tryCase', each)
          tried.set(each, outcome)
          report(`${each.step}, ${each.name}: ${outcome.faults} faults, ${outcome.failures.length} missed`)
          for (const failure of outcome.failures) report(`  ${failure}`)
        }
        return lane.ask<Verified>('end')
      }
      const verified = await Promise.all(lanes.map(work))
      for (const { said } of verified) report(said)
      yield* figuresOf(tried, verified, values['step'] === undefined ? steps.size : 1)
    } finally {
      await Promise.all(lanes.map((lane) => lane.close()))
    }
  },
}

function* figuresOf(
  tried: ReadonlyMap<Case, Tried>,
  verified: readonly Verified[],
  wanted: number,
): Iterable<Measured> {
  const outcomes = [...tried.values()]
  const sum = (of: (outcome: Tried) => number) => outcomes.reduce((total, outcome) => total + of(outcome), 0)
  const triedSteps = new Set([...tried.keys()].map(({ step }) => step)).size
  yield measured('faults.steps', triedSteps, 'steps', { least: wanted })
  yield measured('faults.cases', tried.size, 'cases', { least: wanted })
  yield measured(
    'faults.tried',
    sum(({ faults }) => faults),
    'faults',
    { least: 1 },
  )
  yield measured(
    'faults.missed',
    sum(({ failures }) => failures.length),
    'faults',
    { most: 0 },
  )
  yield measured('faults.ledgers_bad', verified.filter(({ ok }) => !ok).length, 'ledgers', { most: 0 })
}
