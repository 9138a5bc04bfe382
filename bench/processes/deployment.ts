/** The deployed functions in this process, called as Lambda calls them; their services in another. */
import { randomUUID } from 'node:crypto'
import type { APIGatewayProxyResult, Context, DynamoDBBatchResponse, DynamoDBRecord } from 'aws-lambda'
import { applyEnvironment } from '#local/environment.ts'
import { proxyEvent } from '#local/gateway/proxy-event.ts'
import { type RouteId, routeOf, type StepId, type WorkerId } from '#shared/contract/routes.ts'
import { streamSources } from '#shared/event-sources.ts'
import { startProcess } from './ask.ts'
import type { WireItem } from './services.ts'

/** Paths of the bundles by function. */
export type BundlePaths = Readonly<Record<string, string>>
type Handler = (event: unknown, context: Context) => Promise<unknown>
/** Wraps each call of a handler, to measure it. */
export type Meter = <Result>(name: string, run: () => Promise<Result>) => Promise<Result>

export interface Reply {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: replies are read by name, and a wrong name fails the run
  readonly body: any
}

export type Deployment = Awaited<ReturnType<typeof deploy>>

const timeLimitMs = 30_000
const plainly: Meter = (_name, run) => run()

function contextOf(name: string): Context {
  const unused = () => undefined
  return {
    awsRequestId: randomUUID(),
    callbackWaitsForEmptyEventLoop: false,
    functionName: name,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:us-east-1:000000000000:function:${name}`,
    logGroupName: `/aws/lambda/${name}`,
    logStreamName: 'bench',
    memoryLimitInMB: '512',
    getRemainingTimeInMillis: () => timeLimitMs,
    done: unused,
    fail: unused,
    succeed: unused,
  }
}

/** The event API Gateway would make of a request. */
function requestEvent(id: RouteId, body: unknown, sourceIp: string, userId?: string): unknown {
  const route = routeOf(id)
  const path = route.path.replace('{userId}', userId ?? '')
  const headers: [string, string][] = [
    ['content-type', 'application/json'],
    ['user-agent', 'bench/1.0'],
  ]
  const request = {
    method: route.method,
    target: path,
    headers,
    body: Buffer.from(JSON.stringify(body)),
    sourceIp,
  }
  return proxyEvent(request, route, userId === undefined ? {} : { userId }, randomUUID())
}

let sequence = 0
const recordOf = (row: WireItem): DynamoDBRecord => {
  sequence += 1
  const Keys = { pk: row['pk'], sk: row['sk'] }
  const dynamodb = { Keys, NewImage: row, SequenceNumber: String(sequence) }
  return { eventID: randomUUID(), eventName: 'INSERT', dynamodb } as unknown as DynamoDBRecord
}

const inBatches = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  )

/** Starts the services, sets their environment here, and loads the bundles. */
export async function deploy(paths: BundlePaths, settings: Readonly<Record<string, string>> = {}) {
  const services = startProcess('./services.ts')
  const environment = await services.ask<Record<string, string>>('start', settings)
  applyEnvironment(environment)
  const loaded = await Promise.all(
    Object.entries(paths).map(async ([name, path]) => [
      name,
      ((await import(path)) as { handler: Handler }).handler,
    ]),
  )
  const handlers = Object.fromEntries(loaded) as Record<string, Handler>

  const run = (name: StepId | WorkerId, event: unknown): Promise<unknown> => {
    const handler = handlers[name]
    if (handler === undefined) throw new Error(`There is no function ${name}`)
    return handler(event, contextOf(name))
  }

  async function call(
    id: RouteId,
    body: unknown,
    given: { readonly ip: string; readonly userId?: string; readonly meter?: Meter },
  ): Promise<Reply> {
    const event = requestEvent(id, body, given.ip, given.userId)
    const { step } = routeOf(id)
    const result = await (given.meter ?? plainly)(step, () => run(step as StepId, event))
    const { statusCode, body: text } = result as APIGatewayProxyResult
    return { status: statusCode, body: JSON.parse(text) }
  }

  async function feed(
    worker: 'deliver' | 'notify' | 'append-ledger',
    rows: readonly WireItem[],
    meter: Meter,
  ) {
    for (const batch of inBatches(rows, streamSources[worker].batchSize)) {
      const event = { Records: batch.map(recordOf) }
      const { batchItemFailures } = (await meter(worker, () => run(worker, event))) as DynamoDBBatchResponse
      if (batchItemFailures.length > 0)
        throw new Error(`${worker} failed on ${batchItemFailures.length} records`)
    }
  }

  /** Gives the workers what is in the outbox until it is empty: first the senders, then the ledger. */
  async function pump(meter: Meter = plainly): Promise<void> {
    for (let rows = await outbox(); rows.length > 0; rows = await outbox()) {
      const of = (kind: string) => rows.filter((row) => row['kind']?.S === kind)
      const [codes, notices] = [of('code'), of('message')]
      if (codes.length > 0) await feed('deliver', codes, meter)
      else if (notices.length > 0) await feed('notify', notices, meter)
      else await feed('append-ledger', rows, meter)
    }
  }
  const outbox = () => services.ask<WireItem[]>('outbox')

  return { services, handlers, call, run, feed, outbox, pump, close: () => services.close() }
}

/** @returns the reply, if it is of that status. @throws Error that shows the reply otherwise */
export function expectStatus(reply: Reply, status: number): Reply {
  if (reply.status !== status)
    throw new Error(`Not ${status} but ${reply.status}: ${JSON.stringify(reply.body)}`)
  return reply
}
