/** One call: sent as a client sends it, held to what the reference expects, and the store held to the reference after it. */
import assert from 'node:assert/strict'
import type { Code } from '#shared/contract/codes.ts'
import { type RouteId, routeOf } from '#shared/contract/routes.ts'
import { withFault } from '#test/support/faults.ts'
import type { Envelope, Response } from '#test/support/reply.ts'
import { newIp, type World } from '#test/support/world.ts'
import type { Model, Person } from './state.ts'
import { holdStore, revOf } from './stored.ts'

export interface Step {
  readonly route: RouteId
  /** Values of the path's parameters. */
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly token?: string | undefined
  /** Done, or one of these refusals. */
  readonly expected: 'done' | readonly Code[]
  /** Refusals by a limit, which change nothing. */
  readonly limits?: readonly Code[]
  /** @param reply undefined where it was lost */
  readonly onDone?: (reply: Envelope | undefined) => void | Promise<void>
  readonly onRefused?: () => void
  /** After a call whose outcome is unknown: whether it was carried out. Without it no fault is tried. */
  readonly happened?: () => Promise<boolean>
  /** What else an unknown outcome leaves to be learnt. */
  readonly onUnknown?: () => Promise<void>
}

export type Fault = 'fail-before' | 'fail-after' | undefined

/** Whether the record of a person moved since the reference saw it. */
export const moved = (person: Person) => async () => (await revOf(person)) !== person.rev

function send(world: World, { route, params = {}, query, body, token }: Step): Promise<Response> {
  const { method, path } = routeOf(route)
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''))
  const asked = query === undefined ? filled : `${filled}?${new URLSearchParams(query)}`
  const given = { ip: newIp(), ...(token !== undefined && { token }) }
  if (method === 'GET') return world.get(asked, given)
  if (method === 'DELETE') return world.del(filled, given)
  return method === 'PUT' ? world.put(filled, body, given) : world.post(filled, body, given)
}

const answerOf = ({ status, body }: Response) => (status < 300 ? 'done' : (body.error?.code ?? `${status}`))

/** Carries a step out. @throws AssertionError where service and reference differ */
export async function perform(model: Model, world: World, step: Step, fault?: Fault): Promise<void> {
  const faulty = step.happened === undefined ? undefined : fault
  const reply = await (faulty === undefined ? send(world, step) : sendFaulty(world, step, faulty))
  const answer = answerOf(reply)
  const unknown = faulty !== undefined && answer === 'UNAVAILABLE'
  if (unknown) await settle(step)
  else if (!step.limits?.includes(answer as Code)) await compare(model, step, answer, reply)
  await holdStore(model, `after ${step.route}`)
}

function sendFaulty(world: World, step: Step, mode: 'fail-before' | 'fail-after'): Promise<Response> {
  const { step: name } = routeOf(step.route)
  const fault = { service: 'dynamodb', operation: 'TransactWriteItems', mode, function: name } as const
  return withFault(world, fault, () => send(world, step))
}

/** A lost reply may stand for either outcome, but for none that the reference does not allow. */
async function settle({ route, expected, happened, onDone, onUnknown }: Step): Promise<void> {
  await onUnknown?.()
  if (!(await happened?.())) return
  assert.equal(expected, 'done', `${route} was carried out, which the reference refuses`)
  await onDone?.(undefined)
}

async function compare(model: Model, step: Step, answer: string, reply: Response): Promise<void> {
  const { route, expected, onDone, onRefused } = step
  // No verdict on the service: a function took longer than it may.
  if (answer === 'UNAVAILABLE') throw new Error(`${route} was not answered, though no fault was asked for`)
  const detail = `${route} answered ${answer}: ${JSON.stringify(reply.body)}`
  if (expected === 'done') {
    assert.equal(answer, 'done', detail)
    model.reached.set(route, (model.reached.get(route) ?? 0) + 1)
    await onDone?.(reply.body)
  } else {
    assert.ok(
      expected.some((code) => code === answer),
      `${detail}; the reference expects ${expected.join(' or ')}`,
    )
    onRefused?.()
  }
}
