/** One recovery and what the schedules do, with every call to AWS counted: what the bill is made of. */
import { startClock } from '#local/clock.ts'
import { type ScheduledWorkerId, schedules } from '#shared/event-sources.ts'
import type { TableId } from '#shared/tables.ts'
import { type Counted, countCalls, sumOf, without } from '../wire/count.ts'
import { answerWith } from './ask.ts'
import { type BundlePaths, type Deployment, deploy, type Meter } from './deployment.ts'
import { type Person, register } from './people.ts'
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
  /** One run of each schedule, with nothing to do but a checkpoint; the object that holds what one seals is counted here. */
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
async function countRecovery(
  deployment: Deployment,
  person: Person,
): Promise<Record<string, CountedFunction>> {
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

/**
 * Longer than a chain's mark lives: the next sealing takes it away, and the next entry makes a new one. And longer than a change of
 * the identity, its registration here, may stand against a sign-in.
 */
const pastMarksSeconds = 1200
/** All steps here take less on the clock. */
const withinSeconds = 3000

async function measure({ paths }: CountedInput): Promise<CountedRun> {
  const clock = startClock()
  const deployment = await deploy(paths, { LOGIN_FLOOR_MS: '0' })
  const advance = async (seconds: number) => {
    clock.advance(seconds)
    await deployment.services.ask('advance', seconds)
  }
  const seal = () => deployment.run('seal-ledger', { always: true })
  // Sub-keys are asked for once an hour or day: none of them turns between the recovery that warms and the one that is counted.
  const leftOfHour = 3600 - (Math.floor(clock.now() / 1000) % 3600)
  if (leftOfHour < withinSeconds) await advance(leftOfHour)
  const [first, counted] = [await register(deployment), await register(deployment)]
  await recover(deployment, first, () => deployment.pump())
  await seal()
  await advance(pastMarksSeconds)
  await seal()
  const recovery = await countRecovery(deployment, counted)
  const sealed = [await countRun(deployment, 'seal-ledger', { always: true })]
  await advance(pastMarksSeconds)
  sealed.push(await countRun(deployment, 'seal-ledger', { always: true }))
  const scheduled = new Map<ScheduledWorkerId, Counted>()
  for (const worker of scheduledWorkers)
    scheduled.set(worker, await countRun(deployment, worker, { always: true }))
  const largestItems = await deployment.services.ask<CountedRun['largestItems']>('largestItems')
  await deployment.close()
  clock.close()
  const standing = scheduled.get('seal-ledger')
  if (standing === undefined) throw new Error('No schedule seals')
  const ofTheChain = sealed.reduce(
    (rest, each) => without(rest, without(standing, each)),
    without(standing, standing),
  )
  scheduled.set('seal-ledger', { ...standing, objects: standing.objects + ofTheChain.objects })
  return {
    recovery: { ...recovery, 'seal-ledger': { ...ofTheChain, objects: 0, runs: 0 } },
    scheduled: Object.fromEntries(
      [...scheduled].map(([worker, counted]) => [worker, { ...counted, runs: 1 }]),
    ) as CountedRun['scheduled'],
    largestItems,
  }
}

answerWith({ measure })
