/** G8, G14: workers killed in each of their calls, and each of their calls failing in every way. */
import '#test/support/quiet.ts'
import { allTrials } from '#test/support/fault-list.ts'
import { createKillableWorld } from '#test/support/killable.ts'
import { verifyWholeLedger } from '#test/support/whole-ledger.ts'
import { workerCases } from '#test/support/worker-cases/index.ts'
import { killedEverywhere, workerUnderFaults } from '#test/support/worker-run.ts'
import { measured } from '../bench/figures.ts'
import type { Proof } from './proof.ts'

export const proof: Proof = {
  about:
    'Workers killed with SIGKILL between any two calls, and each of their calls failing; then redelivery and sweep.',
  options: { case: { type: 'string' }, only: { type: 'string' } },
  run: async function* ({ case: wanted, only }, report) {
    const world = await createKillableWorld()
    const failures: Error[] = []
    const failed = (error: Error) => {
      failures.push(error)
      report(error.message)
    }
    let [kills, faults, badLedgers] = [0, 0, 0]
    const verify = async () => {
      const { ok, said } = await verifyWholeLedger(world)
      report(said)
      if (!ok) badLedgers += 1
    }
    try {
      for (const [name, given] of Object.entries(workerCases)) {
        if (wanted !== undefined && name !== wanted) continue
        // Its work is to tamper with the ledger; by itself it leaves none before.
        if (given.worker === 'sentinel' && wanted === undefined) await verify()
        if (only !== 'faults') kills += await killedEverywhere(world, given, failed)
        if (only !== 'kills') faults += await workerUnderFaults(world, given, allTrials, failed)
        report(
          `${given.worker}, ${name}: ${kills} kills and ${faults} faults so far, ${failures.length} missed`,
        )
      }
      yield measured('workers.killed', kills, 'times')
      yield measured('workers.faults', faults, 'faults')
      yield measured('workers.missed', failures.length, 'cases', { most: 0 })
      yield measured('workers.ledgers_bad', badLedgers, 'ledgers', { most: 0 })
    } finally {
      await world.close()
    }
  },
}
