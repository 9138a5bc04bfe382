/** A stack of its own, in a process, that tries the faults of the cases it is given. */
import '#test/support/quiet.ts'
import type { StepId } from '#shared/contract/routes.ts'
import { faultCases } from '#test/support/fault-cases/index.ts'
import { allTrials } from '#test/support/fault-list.ts'
import { underFaults } from '#test/support/fault-run.ts'
import { type Verified, verifyWholeLedger } from '#test/support/whole-ledger.ts'
import { createWorld } from '#test/support/world.ts'
import { answerWith } from '../../bench/processes/ask.ts'

export interface Case {
  readonly step: StepId
  readonly name: string
}

export interface Tried {
  readonly faults: number
  readonly failures: readonly string[]
}

const world = await createWorld()
const cases = faultCases(world)

async function tryCase({ step, name }: Case): Promise<Tried> {
  const failures: string[] = []
  const given = cases[step][name]
  if (given === undefined) throw new Error(`There is no case ${name} of ${step}`)
  const failed = (error: Error) => void failures.push(error.message)
  try {
    const faults = await underFaults(world, step, given, allTrials, { failed })
    return { faults, failures }
  } catch (error) {
    return { faults: 0, failures: [`${step}: not even without a fault: ${String(error)}`] }
  }
}

answerWith({
  cases: (): Case[] =>
    Object.entries(cases).flatMap(([step, named]) =>
      Object.keys(named).map((name) => ({ step: step as StepId, name })),
    ),
  tryCase,
  async end(): Promise<Verified> {
    await world.idle()
    const verified = await verifyWholeLedger(world)
    await world.close()
    return verified
  },
})
