/** Runs a case under one fault and holds the state, the ledger, the outbox and the messages to all or nothing (G7, G14). */
import { ok, deepStrictEqual as same, strictEqual } from 'node:assert'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { StepId } from '#shared/contract/routes.ts'
import { verifyChain } from './entries.ts'
import type { FaultCase, FaultCases, Prepared } from './fault-cases/case.ts'
import {
  type FaultPoint,
  fewTrials,
  hasWorked,
  lostCommit,
  outlasting,
  pointsOf,
  slowMs,
  type Trial,
  todaysPart,
} from './fault-list.ts'
import { type Change, changeOf, stateOf, timesOf } from './fault-state.ts'
import { codeOf } from './race.ts'
import { outboxRows } from './stored.ts'
import { sampleOf, thisSample } from './whole.ts'
import type { TestIdentity, World } from './world.ts'

/** What a case does where nothing fails. */
interface Clean {
  readonly points: readonly FaultPoint[]
  /** Place of the transaction that makes the change; none where the step only reads. */
  readonly commitAt: number
  readonly change: Change
}

const prepareTries = 4

/** Nothing fails on purpose yet, but a busy machine may answer too late: then with another person. */
async function prepared(given: FaultCase): Promise<Prepared> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await given.prepare()
    } catch (error) {
      if (tries === prepareTries || !String(error).includes('"code":"UNAVAILABLE"')) throw error
    }
  }
}

async function runClean(world: World, given: FaultCase, trials: readonly Trial[]): Promise<Clean> {
  const { person, call } = await prepared(given)
  await world.idle()
  const before = await stateOf(person)
  const reply = await call()
  strictEqual(codeOf(reply), given.answer ?? 'OK')
  await world.idle()
  const change = changeOf(before, await stateOf(person))
  const calls = world.stack.services.calls.byRequest(reply.headers.get('x-request-id') ?? '')
  const last = calls.findLastIndex((made) => made.operation === 'TransactWriteItems')
  if (given.leaves) ok(last >= 0, 'no transaction was made')
  const commitAt = given.leaves ? last : Number.POSITIVE_INFINITY
  return { points: pointsOf(calls, trials), commitAt, change }
}

/**
 * Two runs must have made the same calls: a container asks once a day for the key of its MACs, which is no part of the step,
 * and on a busy machine the SDK may repeat a call that nothing failed.
 */
async function runCleanTwice(world: World, given: FaultCase, trials: readonly Trial[]): Promise<Clean> {
  let clean = await runClean(world, given, trials)
  for (let again = 0; again < 5; again += 1) {
    const next = await runClean(world, given, trials)
    if (isDeepStrictEqual(next.points, clean.points)) return next
    clean = next
  }
  throw new Error('No two runs made the same calls')
}

/** Entries that the case left, once the workers are done; no event of a request is there twice. */
async function leftBy(world: World, given: FaultCase, person: TestIdentity): Promise<number> {
  await world.idle()
  same(await outboxRows(), [], 'the outbox is drained')
  if (!given.leaves) return 0
  const entries = await world.ledger(person.userId)
  // Whoever is not registered yet has none.
  if (entries.length > 0) verifyChain(entries)
  const events = entries.map(({ requestId, type, reason }) => [requestId, type, reason].join(' '))
  strictEqual(new Set(events).size, events.length, 'no event is twice in the ledger')
  const [type, outcome] = given.leaves
  return entries.filter((entry) => entry.type === type && entry.outcome === outcome).length
}

async function runOne(world: World, step: StepId, given: FaultCase, clean: Clean, point: FaultPoint) {
  const { fault, at } = point
  const { person, call } = await prepared(given)
  const inbox = () => [person.email, person.phone].map((to) => world.messages(to).length)
  const leftBefore = await leftBy(world, given, person)
  const before = { state: await stateOf(person), inbox: inbox() }
  const holds = async (times: number, when: string) => {
    const left = (await leftBy(world, given, person)) - leftBefore
    strictEqual(left, given.leaves ? times : 0, `entries ${when}`)
    same(changeOf(before.state, await stateOf(person)), timesOf(clean.change, times), `the state ${when}`)
  }
  world.stack.services.faults.post({ ...fault, function: step })
  const first = await call()
  // A slow attempt that was given up works all the same.
  if (fault.mode === 'slow') await sleep(slowMs)
  world.stack.services.faults.post({ count: 0 })
  const outage = fault.count === outlasting && fault.service !== 'hibp'
  strictEqual(codeOf(first), outage ? 'UNAVAILABLE' : (given.answer ?? 'OK'), 'the answer under the fault')
  if (outage) ok(Number(first.headers.get('retry-after')) > 0, 'it says when to try again')
  const committed = !outage || at > clean.commitAt || (at === clean.commitAt && hasWorked(point))
  await holds(committed ? 1 : 0, 'after the fault')
  const second = await call()
  strictEqual(codeOf(second), committed ? given.again : (given.answer ?? 'OK'), "the client's second try")
  const total = committed && given.repeats === true ? 2 : 1
  await holds(total, 'after the second try')
  const told = inbox().map((count, index) => count - (before.inbox[index] ?? 0))
  same(
    told,
    (given.tells ?? [0, 0]).map((count) => count * (given.tellsOnce ? 1 : total)),
    'messages to mailbox and phone',
  )
}

/** Takes what did not hold. */
type Failed = (error: Error) => void
const throwIt: Failed = (error) => {
  throw error
}

interface Selection {
  /** The calls of this operation. */
  readonly only?: string
  /** A part of the faults, of all that there could be. */
  readonly part?: (points: readonly FaultPoint[]) => readonly FaultPoint[]
  readonly failed?: Failed
}

/**
 * Runs a case once for each of its calls and each trial, with the client's second try after each.
 * @returns how many faults were tried
 */
export async function underFaults(
  world: World,
  step: StepId,
  given: FaultCase,
  trials: readonly Trial[],
  { only, part = (all) => all, failed = throwIt }: Selection = {},
): Promise<number> {
  const clean = await runCleanTwice(world, given, trials)
  const points = part(clean.points.filter(({ call }) => only === undefined || call.operation === only))
  for (const point of points) {
    const { fault, call, at } = point
    try {
      await runOne(world, step, given, clean, point)
    } catch (cause) {
      world.stack.services.faults.post({ count: 0 })
      const where = `${fault.mode} of ${call.service} ${call.operation}, call ${at + 1}, ${fault.count} times (${thisSample})`
      failed(new Error(`${step}: ${where}: ${cause instanceof Error ? cause.message : cause}`, { cause }))
    }
  }
  return points.length
}

/** What `npm test` tries of a step: faults at each call of its first case, and the lost commit of one case more. */
export async function tryStep(world: World, step: StepId, cases: FaultCases): Promise<void> {
  const [first, ...more] = Object.values(cases)
  if (first === undefined) throw new Error('There is no case')
  await underFaults(world, step, first, fewTrials, { part: todaysPart })
  for (const given of sampleOf(more, 1))
    await underFaults(world, step, given, lostCommit, { only: 'TransactWriteItems' })
}
