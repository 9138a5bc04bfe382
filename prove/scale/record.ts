/** Recoveries on the local stack, as they are seen on the wire: runs of functions, their calls, keys and write units. */
import { invocationHeader } from '#local/services/attribution.ts'
import { type Route, routes, type throttles } from '#shared/contract/routes.ts'
import { streamSources } from '#shared/event-sources.ts'
import { get } from '#shared/stores/database.ts'
import { fromWire, type Item, type WireItem } from '#shared/stores/wire-item.ts'
import { numberKeys, type Table, type TableId, tables } from '#shared/tables.ts'
import { itemBytes } from '#test/support/item-size.ts'
import { passwordEmail, passwordTwoFactor, type RecoveryFlow } from '#test/support/recovery.ts'
import type { Envelope, Response } from '#test/support/reply.ts'
import { createWorld, newIp, type TestIdentity, type World } from '#test/support/world.ts'
import { watchRequests } from '../../bench/wire/requests.ts'

/** One item of a call. */
export interface UsedItem {
  readonly table: TableId
  readonly pk: string
  readonly sk: string
  readonly writes: boolean
  /** What one plain write of it is billed as: each KB begun. A read of it is one, for none has 4 KB. */
  readonly units: number
}

export interface RecordedCall {
  readonly kind: 'transaction' | 'write' | 'read' | 'kms' | 'events' | 'ses' | 'sns'
  readonly items: readonly UsedItem[]
}

export interface Run {
  readonly function: string
  readonly calls: readonly RecordedCall[]
}

/** A request of a person, and the runs of workers that it leads to. */
export interface Phase {
  readonly route: string
  readonly throttle: keyof typeof throttles
  readonly run: Run
  readonly after: readonly Run[]
}

export interface Recording {
  /** Where it came from, as keys name it. */
  readonly source: string
  readonly phases: readonly Phase[]
}

type Put = { readonly TableName?: string; readonly Key?: WireItem; readonly Item?: WireItem }
type Body = Put & {
  readonly TransactItems?: readonly Readonly<Record<string, Put>>[]
  readonly RequestItems?: Readonly<Record<string, { readonly Keys: readonly WireItem[] }>>
  readonly KeyConditionExpression?: string
  readonly ExpressionAttributeValues?: WireItem
}

interface Seen {
  readonly invocation: string
  readonly target: string
  readonly body: string
}

const dynamoKinds: Readonly<Record<string, RecordedCall['kind']>> = {
  TransactWriteItems: 'transaction',
  UpdateItem: 'write',
  PutItem: 'write',
  DeleteItem: 'write',
  GetItem: 'read',
  BatchGetItem: 'read',
  Query: 'read',
}

const tableIdOf = (name: string | undefined) =>
  (Object.keys(tables) as TableId[]).find((id) => process.env[`TABLE_${id.toUpperCase()}`] === name)

type SizeOf = (table: TableId, pk: string, sk: string) => number
/** As DynamoDB counts: bytes of a sealed secret as bytes. */
const kilobytes = (item: Item) => Math.ceil(itemBytes(item) / 1024)

function itemOf(use: Put, writes: boolean, sizes: Map<string, number>): UsedItem {
  const table = tableIdOf(use.TableName) ?? 'challenges'
  const { partitionKey, sortKey }: Table = tables[table]
  const item = fromWire(use.Item ?? use.Key ?? {})
  const [pk, sk] = [String(item[partitionKey] ?? ''), sortKey ? String(item[sortKey] ?? '') : '']
  if (use.Item) sizes.set(`${table} ${pk} ${sk}`, kilobytes(item))
  return { table, pk, sk, writes, units: 0 }
}

function dynamoCall(operation: string, text: string, sizes: Map<string, number>): RecordedCall | undefined {
  const kind = dynamoKinds[operation]
  if (kind === undefined) return undefined
  const body = JSON.parse(text) as Body
  const transacted = (body.TransactItems ?? []).flatMap((each) =>
    Object.entries(each).map(([what, use]) => itemOf(use, what !== 'ConditionCheck', sizes)),
  )
  const batched = Object.entries(body.RequestItems ?? {}).flatMap(([TableName, { Keys }]) =>
    Keys.map((Key) => itemOf({ TableName, Key }, false, sizes)),
  )
  const queried = body.KeyConditionExpression
    ? {
        ...body,
        Key: {
          [tables[tableIdOf(body.TableName) ?? 'ledger'].partitionKey]: Object.values(
            body.ExpressionAttributeValues ?? {},
          )[0] ?? { S: '' },
        },
      }
    : body
  const single = body.TableName === undefined ? [] : [itemOf(queried, kind === 'write', sizes)]
  return { kind, items: [...transacted, ...batched, ...single] }
}

function callOf({ target, body }: Seen, sizes: Map<string, number>): RecordedCall | undefined {
  const [api = '', operation = ''] = target.split('.')
  if (api.startsWith('DynamoDB')) return dynamoCall(operation, body, sizes)
  if (api === 'AWSEvents') return { kind: 'events', items: [] }
  if (target !== '') return { kind: 'kms', items: [] }
  const action = new URLSearchParams(body).get('Action')
  if (action === 'SendEmail') return { kind: 'ses', items: [] }
  return action === 'Publish' ? { kind: 'sns', items: [] } : undefined
}

/** Watches what leaves this process. `take` gives the runs since the last one, in their order. */
function watchRuns(sizes: Map<string, number>) {
  let seen: Seen[] = []
  const stop = watchRequests((request, body) => {
    const invocation = request.getHeader(invocationHeader)
    const target = String(request.getHeader('x-amz-target') ?? '')
    if (typeof invocation === 'string') seen.push({ invocation, target, body })
  })
  return {
    take(): Run[] {
      const runs = Map.groupBy(seen, ({ invocation }) => invocation)
      seen = []
      return [...runs].map(([invocation, calls]) => ({
        function: decodeURIComponent(invocation.split(';')[0] ?? ''),
        calls: calls.flatMap((each) => callOf(each, sizes) ?? []),
      }))
    },
    stop,
  }
}

type Recorder = ReturnType<typeof watchRuns>
const isFed = ({ function: name }: Run) => Object.hasOwn(streamSources, name)
const workers = new Set(['seal-ledger', 'sweep-outbox', 'watch-sms', 'sentinel'])

async function phaseOf(world: World, recorder: Recorder, path: string, body: object, ip: string) {
  recorder.take()
  const reply = await world.post(path, body, { ip })
  if (reply.status !== 200) throw new Error(`${path}: ${JSON.stringify(reply.body)}`)
  await world.idle()
  const runs = recorder.take().filter((run) => !workers.has(run.function))
  const run = runs.find((each) => !isFed(each))
  const route = (Object.values(routes) as Route[]).find((each) => each.path === path)
  if (run === undefined || route === undefined) throw new Error(`${path} made no call`)
  const phase: Phase = { route: path, throttle: route.throttle, run, after: runs.filter(isFed) }
  return { phase, reply }
}

type Post = (path: string, body: object) => Promise<Response<Envelope>>
type Steps = (post: Post, world: World, person: TestIdentity) => Promise<void>

const byFlow =
  (flow: RecoveryFlow): Steps =>
  async (post, world, person) => {
    if (flow.id === 'password-two-factor')
      await post('/api/password-reset/verify-identity', flow.typed(person))
    await post(flow.request, flow.typed(person))
    const otp = await world.lastCode(person[flow.channel])
    const { body } = await post(flow.verify ?? '', { ...flow.typed(person), otp })
    const newPassword = 'Plum-Harbour-72-Vane'
    const token =
      flow.id === 'password-two-factor' ? { resetToken: body.data.resetToken } : { token: body.token }
    await post(flow.reset, { ...flow.typed(person), ...token, newPassword })
    await post('/api/auth/login', { identifier: person.email, password: newPassword })
  }

/** Somebody asks for a code for an address that nobody has. */
const forNobody: Steps = async (post, _world, person) => {
  await post(passwordEmail.request, { email: `nobody-${person.email}` })
}

async function record(world: World, recorder: Recorder, steps: Steps): Promise<Recording> {
  const person = await world.identity()
  const ip = newIp()
  const phases: Phase[] = []
  const post: Post = async (path, body) => {
    const { phase, reply } = await phaseOf(world, recorder, path, body, ip)
    phases.push(phase)
    return reply
  }
  await steps(post, world, person)
  return {
    source: `${ip
      .split(':')
      .slice(0, 4)
      .map((part) => Number.parseInt(part, 16).toString(16))
      .join(':')}::/64`,
    phases,
  }
}

/** With its size as it is stored at the end; of what is gone by then, as it was put. */
async function sized(recordings: readonly Recording[], sizes: Map<string, number>): Promise<Recording[]> {
  const all = recordings.flatMap(({ phases }) =>
    phases.flatMap(({ run, after }) =>
      [run, ...after].flatMap(({ calls }) => calls.flatMap(({ items }) => items)),
    ),
  )
  for (const { table, pk, sk } of new Map(
    all.map((item) => [`${item.table} ${item.pk} ${item.sk}`, item]),
  ).values()) {
    const { partitionKey, sortKey }: Table = tables[table]
    if (sortKey !== undefined && sk === '') continue
    const sort = sortKey && { [sortKey]: numberKeys.has(`${table}.${sortKey}`) ? Number(sk) : sk }
    const item = await get(table, { [partitionKey]: pk, ...sort })
    if (item !== undefined) sizes.set(`${table} ${pk} ${sk}`, kilobytes({ ...item }))
  }
  const sizeOf: SizeOf = (table, pk, sk) => sizes.get(`${table} ${pk} ${sk}`) ?? 1
  const withUnits = (run: Run): Run => ({
    ...run,
    calls: run.calls.map((call) => ({
      ...call,
      items: call.items.map((item) => ({ ...item, units: sizeOf(item.table, item.pk, item.sk) })),
    })),
  })
  return recordings.map(({ source, phases }) => ({
    source,
    phases: phases.map((phase) => ({
      ...phase,
      run: withUnits(phase.run),
      after: phase.after.map(withUnits),
    })),
  }))
}

export interface Recordings {
  /** Of the flow of 002. */
  readonly email: readonly Recording[]
  /** Of the flow of 004, its code and confirmation by SMS. */
  readonly sms: readonly Recording[]
  readonly nobody: readonly Recording[]
}

/** Records some of each kind on a stack of its own, after one to warm it. */
export async function recordRecoveries(each: number): Promise<Recordings> {
  const world = await createWorld({ seed: false })
  const sizes = new Map<string, number>()
  const recorder = watchRuns(sizes)
  try {
    const some = async (steps: Steps): Promise<Recording[]> => {
      const made: Recording[] = []
      for (let count = 0; count <= each; count += 1) made.push(await record(world, recorder, steps))
      return sized(made.slice(1), sizes)
    }
    const email = await some(byFlow(passwordEmail))
    const sms = await some(byFlow(passwordTwoFactor))
    return { email, sms, nobody: await some(forNobody) }
  } finally {
    recorder.stop()
    await world.close()
  }
}
