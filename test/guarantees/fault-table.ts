/** Every AWS call of a step made to fail, before and after it worked, and what must be left then (G7, G14). */
import { expect } from 'vitest'
import type { EventType } from '#shared/events.ts'
import type { Entry } from '#shared/ledger/entry.ts'
import { entriesOf } from '#test/support/entries.ts'
import { codeOf } from '#test/support/race.ts'
import type { Envelope, Response } from '#test/support/reply.ts'
import { outboxRows } from '#test/support/stored.ts'
import type { TestIdentity, World } from '#test/support/world.ts'

/** One call that is ready to be made, and made again by a client that got no answer. */
export interface Prepared {
  readonly person: TestIdentity
  readonly call: () => Promise<Response<Envelope>>
  /** Whether the change is there. It is all there or not at all. */
  readonly changed?: () => Promise<boolean>
}

export interface FaultCase {
  /** Name of the function whose calls fail. */
  readonly step: string
  readonly prepare: () => Promise<Prepared>
  /** Entry that each success leaves. */
  readonly type: EventType
  /** What the call answers, once more after it was done and its answer lost. */
  readonly again: string
  /** Whether that call does it a second time. */
  readonly repeats?: true
  /** Messages that each success sends, to the mailbox and the phone. */
  readonly tells?: readonly [email: number, sms: number]
}

/** More than the attempts of any SDK client. */
const outlasting = 20

interface Fault {
  readonly at: number
  /** Place of the transaction that makes the change. */
  readonly commitAt: number
  readonly service: string
  readonly operation: string
  readonly mode: 'fail-before' | 'fail-after'
  readonly count: number
  readonly skip: number
}

/** Two outages and one hiccup for each call that the step makes. */
async function faultsOf(world: World, { prepare }: FaultCase): Promise<Fault[]> {
  const { call } = await prepare()
  await world.idle()
  const reply = await call()
  expect(reply.status).toBeLessThan(300)
  const calls = world.stack.services.calls.byRequest(reply.headers.get('x-request-id') ?? '')
  const commitAt = calls.findLastIndex((made) => made.operation === 'TransactWriteItems')
  expect(commitAt).toBeGreaterThanOrEqual(0)
  return calls.flatMap(({ service, operation }, at) => {
    const skip = calls.slice(0, at).filter((earlier) => earlier.service === service).length
    const before = { at, commitAt, service, operation, skip, mode: 'fail-before', count: outlasting } as const
    // What only reads or reckons leaves nothing behind: failing having worked is failing without effect.
    if (!/^(UpdateItem|TransactWriteItems|PutItem)$/.test(operation)) return [before]
    return [
      before,
      { at, commitAt, service, operation, skip, mode: 'fail-after', count: outlasting } as const,
      { at, commitAt, service, operation, skip, mode: 'fail-after', count: 1 } as const,
    ]
  })
}

const successesIn = (entries: readonly Entry[], type: EventType) =>
  entries.filter((entry) => entry.type === type && entry.outcome === 'success').length

async function runOne(world: World, given: FaultCase, fault: Fault): Promise<void> {
  const { at, commitAt, operation: _operation, ...posted } = fault
  const { person, call, changed } = await given.prepare()
  const before = successesIn(await entriesOf(world, person.userId), given.type)
  const inbox = () => [person.email, person.phone].map((to) => world.messages(to).length)
  const toldBefore = inbox()
  world.stack.services.faults.post({ ...posted, function: given.step })
  const first = await call()
  world.stack.services.faults.post({ count: 0 })
  const outage = fault.count === outlasting && fault.service !== 'hibp'
  expect(codeOf(first)).toBe(outage ? 'UNAVAILABLE' : 'OK')
  if (outage) expect(Number(first.headers.get('retry-after'))).toBeGreaterThan(0)
  const done = successesIn(await entriesOf(world, person.userId), given.type) - before
  const committed = !outage || at > commitAt || (at === commitAt && fault.mode === 'fail-after')
  expect(done).toBe(committed ? 1 : 0)
  if (changed) expect(await changed()).toBe(committed)
  const second = await call()
  expect(codeOf(second)).toBe(committed ? given.again : 'OK')
  const total = successesIn(await entriesOf(world, person.userId), given.type) - before
  expect(total).toBe(committed && given.repeats === true ? 2 : 1)
  if (changed) expect(await changed()).toBe(true)
  expect(await outboxRows()).toEqual([])
  const [email = 0, sms = 0] = given.tells ?? []
  const told = inbox().map((count, index) => count - (toldBefore[index] ?? 0))
  expect(told).toEqual([email * total, sms * total])
}

/** Runs a step with each of its calls failing in each way, and the client's second try after each. */
export async function underFaults(world: World, given: FaultCase): Promise<void> {
  for (const fault of await faultsOf(world, given)) {
    const name = `${fault.mode} of ${fault.operation}, call ${fault.at + 1}, ${fault.count} times`
    try {
      await runOne(world, given, fault)
    } catch (error) {
      throw new Error(`${given.step}: ${name}`, { cause: error })
    }
  }
}
