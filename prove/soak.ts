/** Exactly once: events through the outbox's stream into the ledger, with faults, kills and redelivery all the while. */
import { missingCommands } from '#test/verifier/verifiers.ts'
import { makeBundles } from '../bench/bundles.ts'
import { measured } from '../bench/figures.ts'
import { type Proof, wholeNumber } from './proof.ts'
import { type Judgement, judge } from './soak/judge.ts'
import { runSoak, type Soaked } from './soak/run.ts'

const none = { least: 0, most: 0 }

function* troubleOf({ tally, sealerKills, faults, checkpoints }: Soaked, entries: number) {
  yield measured('soak_worker_kills', tally.kills, 'processes', { least: 1 })
  yield measured('soak_sealer_kills', sealerKills, 'processes', {})
  yield measured('soak_wire_faults', faults, 'calls', { least: 1 })
  yield measured('soak_handed_again', tally.handed - entries, 'events', { least: 1 })
  yield measured('soak_two_workers', tally.twiceAtOnce, 'runs', { least: 1 })
  yield measured('soak_given_up', tally.givenUp, 'runs', {})
  yield measured('soak_answers_lost', tally.answersLost, 'runs', {})
  yield measured('soak_partial_failures', tally.partialFailures, 'runs', { least: 1 })
  yield measured('soak_checkpoints', checkpoints, 'checkpoints', { least: 1 })
}

function* findingsOf(found: Judgement) {
  yield measured('soak_missing', found.missing, 'events', none)
  yield measured('soak_double', found.double, 'events', none)
  yield measured('soak_surplus', found.surplus, 'entries', none)
  yield measured('soak_out_of_order', found.outOfOrder, 'entries', none)
  yield measured('soak_miscounted', found.miscounted, 'identities', none)
  yield measured('soak_codes_miscounted', found.codesMiscounted, 'countries', none)
  yield measured('soak_outbox_left', found.outboxLeft, 'rows', none)
  yield measured('soak_first_verifier', found.first.code, 'exit code', none, found.first.said.trim())
  yield measured('soak_second_verifier', found.second.code, 'exit code', none, found.second.said.trim())
  yield measured('soak_bucket_verifier', found.bucket.code, 'exit code', none, found.bucket.said.trim())
}

/** How likely what goes wrong is; on two cores a thousand events take about a minute with it. */
const trouble = {
  deathsPerCall: 0.001,
  deathsPerRun: 0.02,
  faultEveryMs: 300,
  sealEveryMs: 5000,
  leftOverAfterMs: 8000,
}

export const proof: Proof = {
  about:
    'Each event becomes one entry, whatever fails or is killed on its way (G8), and the ledger verifies (G9).',
  options: { events: { type: 'string' } },
  async *run(values, report) {
    const missing = missingCommands()
    if (missing.length > 0) throw new Error(`The second verifier needs ${missing.join(' and ')}.`)
    const events = wholeNumber(values, 'events', 20_000, { least: 100, most: 1_000_000 })
    const bundles = await makeBundles()
    const { pathOf } = bundles
    const start = performance.now()
    try {
      const paths = { 'append-ledger': pathOf('append-ledger'), 'seal-ledger': pathOf('seal-ledger') }
      const judged = async (soaked: Soaked) => ({ soaked, found: await judge(soaked.events) })
      const { soaked, found } = await runSoak({ events, paths, report, ...trouble }, judged)
      yield measured('soak_events', soaked.events.length, 'events', { least: events })
      yield measured('soak_minutes', (performance.now() - start) / 60_000, 'min')
      yield* troubleOf(soaked, soaked.events.length)
      yield* findingsOf(found)
    } finally {
      bundles.close()
    }
  },
}
