/** One recovery and what the schedules do, with every call to AWS counted: what the bill is made of. */
import { type ScheduledWorkerId, schedules } from '#shared/event-sources.ts'
import type { TableId } from '#shared/tables.ts'
import { type Counted, countCalls, sumOf, without } from '../wire/count.ts'
import { answerWith } from './ask.ts'
import { type BundlePaths, type Deployment, deploy, type Meter } from './deployment.ts'
import { register } from './people.ts'
import { recover } from './recovery.ts'

export interface CountedInput {
  readonly paths: BundlePaths
}

export interface CountedFunction extends Counted {
  readonly runs: number
}

export interface CountedRun {
  /** By function: one recovery, and what sealing its entries adds to a checkpoint. */
  readonly recovery: Readonly<Record<string, CountedFunction>>
  /** One run of each schedule, with nothing to do but a checkpoint. */
  readonly scheduled: Readonly<Record<ScheduledWorkerId, CountedFunction>>
  /** Size of the largest item of each table, in bytes. */
  readonly largestItems: Readonly<Partial<Record<TableId, number>>>
}

const scheduledWorkers = Object.keys(schedules) as ScheduledWorkerId[]

async function countRun(deployment: Deployment, worker: ScheduledWorkerId, event: unknown): Promise<Counted> {
  const counter = countCalls()
  await deployment.run(worker, event)
  counter.stop()
  return counter.taken()
}

/** Runs follow each other, so what was sent since the last one ended is the next one's. */
async function countRecovery(deployment: Deployment): Promise<Record<string, CountedFunction>> {
  const person = await register(deployment)
  await deployment.pump()
  await deployment.run('seal-ledger', {})
  const byFunction = new Map<string, Counted[]>()
  const counter = countCalls()
  const meter: Meter = async (name, run) => {
    counter.taken()
    const result = await run()
    byFunction.set(name, [...(byFunction.get(name) ?? []), counter.taken()])
    return result
  }
  await recover(deployment, person, () => deployment.pump(meter), meter)
  counter.stop()
  return Object.fromEntries(
    [...byFunction].map(([name, runs]) => [name, { ...sumOf(runs), runs: runs.length }]),
  )
}

async function measure({ paths }: CountedInput): Promise<CountedRun> {
  const deployment = await deploy(paths, { LOGIN_FLOOR_MS: '0' })
  // The first warms what a container remembers: heads, and the sub-keys of its window.
  await countRecovery(deployment)
  await deployment.run('seal-ledger', {})
  const recovery = await countRecovery(deployment)
  const sealed = await countRun(deployment, 'seal-ledger', {})
  const scheduled = new Map<ScheduledWorkerId, Counted>()
  for (const worker of scheduledWorkers)
    scheduled.set(worker, await countRun(deployment, worker, { always: true }))
  const largestItems = await deployment.services.ask<CountedRun['largestItems']>('largestItems')
  await deployment.close()
  const standing = scheduled.get('seal-ledger') ?? sealed
  return {
    recovery: { ...recovery, 'seal-ledger': { ...without(sealed, standing), runs: 0 } },
    scheduled: Object.fromEntries(
      [...scheduled].map(([worker, counted]) => [worker, { ...counted, runs: 1 }]),
    ) as CountedRun['scheduled'],
    largestItems,
  }
}

answerWith({ measure })
