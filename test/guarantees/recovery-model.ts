/** A small reference of what may change a credential, and commands that hold the service to it (G4). */
import { randomInt } from 'node:crypto'
import fc from 'fast-check'
import { expect } from 'vitest'
import { flowOf } from '#shared/contract/flows.ts'
import { checkPin } from '#shared/domain/pin.ts'
import { policy } from '#shared/policy.ts'
import { pinHolder } from '#test/support/pin-holder.ts'
import {
  type RecoveryFlow,
  recoveryFlows,
  resetSecret,
  verifyCode,
  wrongCode,
} from '#test/support/recovery.ts'
import { epochOf } from '#test/support/stored.ts'
import { newIp, type TestIdentity, type World } from '#test/support/world.ts'

interface Challenge {
  readonly flow: RecoveryFlow
  readonly person: TestIdentity
  readonly flowId: string
  /** Absent where none was sent. */
  readonly code: string | undefined
  readonly epoch: number
  state: 'issued' | 'verified' | 'over'
  expiresAt: number
  token: string | undefined
  tries: { open: number; named: number }
}

/** What the reference knows. */
export interface Model {
  readonly people: readonly TestIdentity[]
  readonly challenges: Challenge[]
  readonly epochs: Map<string, number>
}

/** What is sent: whose routes, which challenge's code or token, and how it is spoilt. */
interface Aim {
  readonly flow: number
  readonly person: number
  /** Back from the newest challenge. */
  readonly back: number
  readonly own: boolean
  readonly wrong: boolean
  readonly named: boolean
  readonly byToken: boolean
}

const newestOf = ({ challenges }: Model, flow: RecoveryFlow, person: TestIdentity) =>
  challenges.findLast((each) => each.flow.id === flow.id && each.person === person)

const isLive = (model: Model, challenge: Challenge) =>
  challenge.state !== 'over' &&
  challenge.expiresAt > Date.now() &&
  model.epochs.get(challenge.person.userId) === challenge.epoch

/** The challenge that a guess counts against, or undefined. */
function judgedBy(model: Model, aim: Sent, takesVerified: boolean): Challenge | undefined {
  const newest = newestOf(model, aim.flow, aim.person)
  const isNamed = (each: Challenge) => aim.flowId === undefined || each.flowId === aim.flowId
  const named = model.challenges.find(
    (each) => each.flowId === aim.flowId && each.flow.id === aim.flow.id && each.person === aim.person,
  )
  const verified = aim.flowId === undefined ? newest : named
  const found =
    newest?.state === 'issued' && isNamed(newest)
      ? newest
      : takesVerified && verified?.state === 'verified'
        ? verified
        : undefined
  const counter = aim.flowId === undefined ? 'open' : 'named'
  const countable =
    found !== undefined &&
    found.expiresAt > Date.now() &&
    found.tries[counter] < flowOf(aim.flow.id).triesPerCode
  return countable ? found : undefined
}

interface Sent {
  readonly flow: RecoveryFlow
  readonly person: TestIdentity
  readonly otp: string
  readonly flowId: string | undefined
  readonly token: string | undefined
}

function sentBy(model: Model, aim: Aim): Sent {
  const source = model.challenges.at(-1 - (aim.back % Math.max(1, model.challenges.length)))
  const typed = { flow: recoveryFlows[aim.flow % recoveryFlows.length], person: model.people[aim.person] }
  // Else a code or token is carried to where it may not belong.
  const { flow, person } = aim.own ? (source ?? typed) : typed
  if (flow === undefined || person === undefined) throw new Error('nobody to aim at')
  const code = source?.code ?? '000000'
  return {
    flow,
    person,
    otp: aim.wrong ? wrongCode(code) : code,
    flowId: aim.named ? source?.flowId : undefined,
    token: source?.token,
  }
}

/** @returns the challenge whose code this is; a wrong guess is counted. */
function guess(model: Model, sent: Sent, takesVerified: boolean): Challenge | undefined {
  const judged = judgedBy(model, sent, takesVerified)
  if (judged === undefined) return undefined
  if (judged.code === sent.otp) return isLive(model, judged) ? judged : countWrong(judged, sent)
  return countWrong(judged, sent)
}

function countWrong(challenge: Challenge, { flowId }: Sent): undefined {
  challenge.tries[flowId === undefined ? 'open' : 'named'] += 1
}

let secrets = 0
function freshSecret(flow: RecoveryFlow): string {
  secrets += 1
  if (flow.secret === 'newPassword') return `Plum-Harbour-${secrets}-Vane!`
  const pin = String(randomInt(1_000_000)).padStart(6, '0')
  return checkPin(pin) === undefined ? pin : freshSecret(flow)
}

async function changedOnlyAsExpected(model: Model, { userId }: TestIdentity): Promise<void> {
  expect(await epochOf(userId)).toBe(model.epochs.get(userId))
}

type Run = (model: Model, world: World) => Promise<void>
class Command implements fc.AsyncCommand<Model, World> {
  readonly name: string
  readonly given: unknown
  readonly run: Run
  constructor(name: string, given: unknown, run: Run) {
    this.name = name
    this.given = given
    this.run = run
  }
  check = () => true
  toString = () => `${this.name} ${JSON.stringify(this.given)}`
}

const ask = (aim: Aim) =>
  new Command('ask', aim, async (model, world) => {
    const { flow, person } = sentBy(model, { ...aim, own: false })
    const to = person[flow.channel]
    const before = world.messages(to).length
    const askedAt = Date.now()
    const reply = await world.post(flow.request, flow.typed(person), { ip: newIp() })
    await world.idle()
    await changedOnlyAsExpected(model, person)
    if (reply.status !== 200) return
    const older = newestOf(model, flow, person)
    if (older?.state === 'issued') older.state = 'over'
    const sent = world.messages(to).length > before
    model.challenges.push({
      flow,
      person,
      flowId: reply.body.data.flowId,
      code: sent ? await world.lastCode(to) : undefined,
      epoch: model.epochs.get(person.userId) ?? 0,
      state: 'issued',
      expiresAt: askedAt + flowOf(flow.id).codeLifeSeconds * 1000,
      token: undefined,
      tries: { open: 0, named: 0 },
    })
  })

const verify = (aim: Aim) =>
  new Command('verify', aim, async (model, world) => {
    const sent = sentBy(model, aim)
    const { flow, person, otp, flowId } = sent
    if (flow.verify === undefined) return
    const right = guess(model, sent, false)
    const reply = await verifyCode(world, flow, person, { otp, ...(flowId !== undefined && { flowId }) })
    expect(reply.status === 200).toBe(right !== undefined)
    await changedOnlyAsExpected(model, person)
    if (right === undefined) return
    right.state = 'verified'
    right.expiresAt = Date.now() + policy.verifiedLifeSeconds * 1000
    right.token = flow.token === undefined ? undefined : reply.body[flow.token]
  })

const reset = (aim: Aim) =>
  new Command('reset', aim, async (model, world) => {
    const sent = sentBy(model, aim)
    const { flow, person, otp, flowId, token } = sent
    const byToken = flow.token !== undefined && (aim.byToken || flow.id === 'password-two-factor')
    const proof = byToken ? { [flow.token]: token ?? 'x'.repeat(43) } : { otp }
    const right = byToken
      ? model.challenges.find(
          (each) =>
            token !== undefined &&
            each.token === token &&
            each.flow.id === flow.id &&
            each.person === person &&
            (flowId === undefined || flowId === each.flowId) &&
            isLive(model, each),
        )
      : guess(model, sent, true)
    const body = { ...proof, ...(flowId !== undefined && { flowId }) }
    const reply = await resetSecret(world, flow, person, body, freshSecret(flow))
    expect(reply.status === 200).toBe(right !== undefined)
    if (right !== undefined) {
      right.state = 'over'
      model.epochs.set(person.userId, (model.epochs.get(person.userId) ?? 0) + 1)
    }
    await changedOnlyAsExpected(model, person)
  })

const wait = (seconds: number) =>
  new Command('wait', seconds, async (_, world) => {
    await world.advance(seconds)
  })

const aims = fc.record({
  flow: fc.nat({ max: 3 }),
  person: fc.nat({ max: 1 }),
  back: fc.nat({ max: 3 }),
  own: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  wrong: fc.oneof({ weight: 1, arbitrary: fc.constant(true) }, { weight: 3, arbitrary: fc.constant(false) }),
  named: fc.boolean(),
  byToken: fc.boolean(),
})

/**
 * Sequences of calls over all recovery routes; `runs` of them.
 * @returns how many credentials were changed in all
 */
export async function holdToModel(world: World, runs: number, seed?: number): Promise<number> {
  let changes = 0
  const commands = [
    aims.map(ask),
    aims.map(ask),
    aims.map(verify),
    aims.map(reset),
    aims.map(reset),
    // None of their sums comes close to the lives of codes.
    fc.constantFrom(61, 61, 301, 601).map(wait),
  ]
  const property = fc.asyncProperty(
    fc.commands(commands, { maxCommands: 45, size: 'max' }),
    async (sequence) => {
      const people = [await pinHolder(world), await pinHolder(world)]
      const epochs = new Map<string, number>()
      for (const { userId } of people) epochs.set(userId, await epochOf(userId))
      const setup = () => ({ model: { people, challenges: [], epochs } satisfies Model, real: world })
      const before = [...epochs.values()].reduce((sum, epoch) => sum + epoch)
      await fc.asyncModelRun(setup, sequence)
      changes += [...epochs.values()].reduce((sum, epoch) => sum + epoch) - before
    },
  )
  await fc.assert(property, { numRuns: runs, endOnFailure: true, ...(seed !== undefined && { seed }) })
  return changes
}
