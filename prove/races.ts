/** G2, G3, G5, G6: races of hundreds of requests over several gateway processes on one database. */
import '#test/support/quiet.ts'
import { outboxRows } from '#test/support/stored.ts'
import { verifyWholeLedger } from '#test/support/whole-ledger.ts'
import { createWorldOfProcesses, type WorldOfProcesses } from '#test/support/world-of-processes.ts'
import { type Measured, measured } from '../bench/figures.ts'
import { type Proof, wholeNumber } from './proof.ts'
import { asking } from './races/asking.ts'
import { guessing } from './races/guessing.ts'
import type { Outcome, Race } from './races/race.ts'
import { raiseStorm, randomOf } from './races/storm.ts'
import { using } from './races/using.ts'

const races: Readonly<Record<string, Race>> = { ...guessing, ...asking, ...using }

interface Rounds {
  readonly outcomes: readonly Outcome[]
  readonly broken: number
}

/** What was to be ready before the race was told `UNAVAILABLE`: a busy machine answers too late. */
const wasNotReady = (error: unknown) => String(error).includes('"code":"UNAVAILABLE"')
const readyTries = 5

interface Plan {
  readonly world: WorldOfProcesses
  readonly rounds: number
  readonly many: number
  readonly seed: number
  readonly report: (line: string) => void
}

/** Every second round is stormy. */
const isStormy = (round: number) => round % 2 === 1

/** @returns the outcome, or undefined where something did not hold */
async function runRound(name: string, race: Race, round: number, plan: Plan): Promise<Outcome | undefined> {
  const { world, many, seed, report } = plan
  const { faults } = world.stack.services
  const random = randomOf(seed + round)
  const storm = () => {
    if (isStormy(round)) raiseStorm(faults, random)
  }
  const calm = () => void faults.post({ count: 0 })
  for (let tries = 1; ; tries += 1) {
    try {
      return await race({ world, many, storm, calm })
    } catch (error) {
      calm()
      // Events that a busy machine's appender put off are no entries yet, and not lost: such a round is run again.
      const waiting = (await outboxRows()).length
      const rows = waiting === 0 ? '' : ` (${waiting} rows waited for their workers)`
      report(`${name}, round ${round + 1}${isStormy(round) ? ', stormy' : ''}: ${String(error)}${rows}`)
      await world.idle()
      if ((!wasNotReady(error) && waiting === 0) || tries === readyTries) return undefined
    }
  }
}

async function runRace(name: string, race: Race, plan: Plan): Promise<Rounds> {
  const outcomes: Outcome[] = []
  for (let round = 0; round < plan.rounds; round += 1) {
    const outcome = await runRound(name, race, round, plan)
    if (outcome !== undefined) outcomes.push(outcome)
  }
  return { outcomes, broken: plan.rounds - outcomes.length }
}

const whole = { type: 'string' } as const

export const proof: Proof = {
  about:
    'Guesses, asks, tokens, sign-ins and sessions at once, over several gateways on one database (G2, G3, G5, G6).',
  options: { processes: whole, rounds: whole, requests: whole, seed: whole, race: whole },
  run: async function* (values, report) {
    const processes = wholeNumber(values, 'processes', 3, { least: 1, most: 16 })
    const rounds = wholeNumber(values, 'rounds', 4, { least: 1, most: 1000 })
    const many = wholeNumber(values, 'requests', 200, { least: 60, most: 1000 })
    const seed = wholeNumber(values, 'seed', 1, { least: 0, most: 2 ** 31 })
    const wanted = String(values['race'] ?? '')
    const world = await createWorldOfProcesses(processes)
    try {
      let requests = 0
      for (const [name, race] of Object.entries(races)) {
        if (!name.startsWith(wanted)) continue
        const done = await runRace(name, race, { world, rounds, many, seed, report })
        for (const outcome of done.outcomes) requests += outcome.requests
        yield figureOf(name, done)
      }
      await world.idle()
      const verified = await verifyWholeLedger(world)
      report(verified.said)
      yield measured('races.requests', requests, 'requests', { least: 1 }, `${processes} gateway processes`)
      yield measured('races.outbox_left', (await outboxRows()).length, 'rows', { most: 0 })
      yield measured('races.ledgers_bad', verified.ok ? 0 : 1, 'ledgers', { most: 0 })
    } finally {
      await world.close()
    }
  },
}

/** The count furthest from what it had to be; none where something else did not hold. */
function figureOf(name: string, { outcomes, broken }: Rounds): Measured {
  const off = ({ counted, exactly }: Outcome) => Math.abs(counted - exactly)
  const [worst] = outcomes.toSorted((a, b) => off(b) - off(a))
  const exactly = worst?.exactly ?? 0
  const remark = broken > 0 ? `${broken} rounds broke` : undefined
  const value = broken > 0 ? Number.NaN : (worst?.counted ?? Number.NaN)
  return measured(
    `races.${name}`,
    value,
    `in ${outcomes.length} rounds`,
    { least: exactly, most: exactly },
    remark,
  )
}
