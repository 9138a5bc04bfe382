/** The whole stack in this process: services, gateway, streams and schedules, on 127.0.0.1. */
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams'
import { environmentChanged } from '#shared/per-environment.ts'
import { readSettings } from '#shared/settings.ts'
import { putDecoy } from '#shared/stores/identities.ts'
import { receiptFor } from '#shared/stores/receipts.ts'
import { type Clock, startClock } from './clock.ts'
import type { Watchers } from './console.ts'
import { takeDataDir } from './data-dir.ts'
import { applyEnvironment, clientEnvironment } from './environment.ts'
import { type Functions, loadFunctions } from './functions.ts'
import { Gate } from './gate.ts'
import { createDispatch, type Dispatch, malformedResponse } from './gateway/dispatch.ts'
import { createLocalRoutes } from './gateway/local-routes.ts'
import type { GatewayRequest, GatewayResponse } from './gateway/message.ts'
import { startServer } from './gateway/server.ts'
import { fromNamedSource, sourceHeader } from './gateway/source.ts'
import { Throttle } from './gateway/throttle.ts'
import { endLeases } from './leases.ts'
import { webResponse } from './pages/web.ts'
import { addIdentity } from './people.ts'
import { allEntriesOf, allPeople } from './registry.ts'
import { type Schedules, startSchedules } from './schedules.ts'
import { seed } from './seed.ts'
import { type Services, startServices } from './services/index.ts'
import type { Sender } from './services/lambda.ts'
import { forgetStreams, type Streams, startStreams } from './streams/index.ts'

const builtPages = fileURLToPath(new URL('../web/dist', import.meta.url))
/** Longest wait for what is on its way before the clock moves, and before the stack calls itself ready. */
const settleMs = 2000

export interface StackOptions extends Watchers {
  /** 0, the default: one that is free. */
  readonly port?: number
  /** Where it listens; 127.0.0.1 by default. */
  readonly host?: string
  /** Hosts that may ask `/admin`, `/_local` and the emulated services beside the loopback, as `readHosts` gives them. */
  readonly trustedHosts?: readonly string[]
  /** Keeps everything across restarts; without it everything is in memory. */
  readonly dataDir?: string
  /** Registers the test identities. */
  readonly seed?: boolean
  /** Variables that stand in place of the stack's own, by the names in `shared/settings.ts`. */
  readonly settings?: Readonly<Record<string, string>>
  /** Takes every message in place of SNS and SES, as a Lambda of the team's does. */
  readonly sender?: Sender
  /** In place of the functions of the product, for tests of the stack itself. */
  readonly handlers?: Partial<Functions>
  readonly throttling?: boolean
  /** False where the API runs elsewhere: only `/_local` is served then. */
  readonly api?: boolean
  /** Folder of the hosted pages; `web/dist` by default. */
  readonly pages?: string
  /** Takes one line for whoever runs the stack; stderr by default. */
  readonly report?: (problem: string) => void
}

export interface Stack {
  readonly url: string
  readonly clock: Clock
  readonly services: Services
  /** Resolves when every stream record written so far is handled or gone aside, and no worker runs. */
  idle(): Promise<void>
  close(): Promise<void>
}

interface Parts {
  readonly clock: Clock
  readonly services: Services
  readonly functions: Partial<Functions>
  readonly throttle: Throttle
  readonly dispatch: Dispatch
}

/** What runs beside the requests. */
interface Background {
  readonly streams: Streams
  readonly schedules: Schedules
  idle(): Promise<void>
  close(): Promise<void>
}

/**
 * One process runs one stack at a time: it moves the process's clock and sets its environment.
 * @throws Error with one sentence when it cannot start; nothing is left running then.
 */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  await using closers = new AsyncDisposableStack()
  const source = { ip: undefined as string | undefined }
  const answer = Promise.withResolvers<Dispatch>()
  const server = await startServer({
    port: options.port ?? 0,
    ...(options.host !== undefined && { host: options.host }),
    sourceIp: (socketAddress) => source.ip ?? socketAddress,
    // The port is taken first, so that a busy one is told at once; what comes early waits.
    answer: watched(async (request) => (await answer.promise)(request), options),
    report: options.report ?? console.error,
  })
  closers.defer(() => server.close())
  const parts = await startParts(server.url, options, closers)
  let background = await begin(parts, options)
  closers.defer(() => background.close())
  const idle = () => background.idle()
  const reset = async () => {
    await background.close()
    await empty(parts, options)
    source.ip = undefined
    background = await begin(parts, options)
  }
  const closing = new AbortController()
  const moving = { background: () => background, reset, source, closing: closing.signal }
  answer.resolve(answering(parts, moving, options))
  closers.defer(() => server.close())
  closers.defer(() => {
    closing.abort()
    parts.services.inbox.added.notify()
  })
  const rest = closers.move()
  return {
    url: server.url,
    clock: parts.clock,
    services: parts.services,
    idle,
    close: () => rest.disposeAsync(),
  }
}

async function startParts(url: string, options: StackOptions, closers: AsyncDisposableStack): Promise<Parts> {
  const { dataDir, report = console.error } = options
  if (dataDir !== undefined) {
    const lock = await takeDataDir(dataDir)
    closers.defer(() => lock.release())
  }
  const clock = startClock(dataDir)
  closers.defer(() => clock.close())
  const services = await startServices({
    ...(dataDir !== undefined && { dataDir }),
    settings: { ORIGIN: url.replace('127.0.0.1', 'localhost'), ...options.settings },
    trustedHosts: options.trustedHosts ?? [],
    ...(options.sender !== undefined && { sender: options.sender }),
    ...(options.onMessage !== undefined && { onMessage: options.onMessage }),
  })
  closers.defer(() => services.close())
  closers.defer(applyEnvironment(clientEnvironment(services.environment)))
  const functions = options.handlers ?? (await loadFunctions())
  const throttle = new Throttle(options.throttling ?? true)
  const dispatch = createDispatch({
    steps: functions.steps ?? {},
    throttle,
    allowedOrigins: readSettings(services.environment).ALLOWED_ORIGINS,
    trustedHosts: options.trustedHosts ?? [],
    replied: services.calls.replied,
    report,
  })
  return { clock, services, functions, throttle, dispatch }
}

/** Workers, and what is there at the start. */
async function begin(parts: Parts, options: StackOptions): Promise<Background> {
  // What a custom resource stores when deployed.
  await putDecoy()
  await endLeases()
  const background = startBackground(parts, options)
  try {
    if (options.seed === true) await seed(parts.dispatch)
    await settled(background.idle)
    // An export of a stack that just started is signed already.
    if (options.seed === true) await background.schedules.runNow('seal-ledger')
    return background
  } catch (error) {
    await background.close()
    throw error
  }
}

function startBackground({ services, functions }: Parts, options: StackOptions): Background {
  const { dataDir, report = console.error } = options
  const client = streamsClient(services)
  const workers = functions.workers ?? {}
  const { streamArns, writes } = services
  const streams = startStreams({ client, streamArns, workers, written: writes.of, dataDir, report })
  const schedules = startSchedules({ workers, report })
  return {
    streams,
    schedules,
    async idle() {
      await schedules.idle()
      await streams.idle()
    },
    async close() {
      await schedules.close()
      await streams.close()
      client.destroy()
    },
  }
}

/** Takes away all that came since the start, while nothing runs. */
async function empty({ clock, services, throttle }: Parts, options: StackOptions): Promise<void> {
  await services.clear()
  if (options.dataDir !== undefined) forgetStreams(options.dataDir)
  // What this process remembers of the tables is of those that are gone.
  environmentChanged()
  clock.reset()
  throttle.enabled = options.throttling ?? true
}

function watched(answer: Dispatch, { onRequest }: Watchers): Dispatch {
  if (onRequest === undefined) return answer
  return async (request) => {
    const startedAt = performance.now()
    const response = await answer(request)
    onRequest({ request, response, ms: performance.now() - startedAt })
    return response
  }
}

/** Waits for what is on its way, within bounds. */
async function settled(idle: () => Promise<void>): Promise<void> {
  await Promise.race([idle(), sleep(settleMs, undefined, { ref: false })])
}

function streamsClient({ engineUrl, environment }: Services): DynamoDBStreamsClient {
  return new DynamoDBStreamsClient({
    endpoint: engineUrl,
    region: environment['AWS_REGION'] ?? '',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  })
}

/** What the local routes move. */
interface Moving {
  readonly background: () => Background
  readonly reset: () => Promise<void>
  readonly source: { ip: string | undefined }
  readonly closing: AbortSignal
}

/** The local routes, the pages, and for all else the routes of the product. */
function answering(
  parts: Parts,
  moving: Moving,
  { api = true, trustedHosts = [], pages = builtPages }: StackOptions,
): Dispatch {
  const { clock, services, throttle, dispatch } = parts
  const gate = new Gate()
  const local = createLocalRoutes({
    ...services,
    trustedHosts,
    closing: moving.closing,
    events: (userId) =>
      gate.pass(async () => {
        await settled(moving.background().idle)
        return services.published.events(userId)
      }),
    advanceClock: (seconds) =>
      gate.pass(async () => {
        const { idle, schedules } = moving.background()
        // A row that is only on its way must not look left over, and be put before the workers again.
        await settled(idle)
        clock.advance(seconds)
        await schedules.runDue()
        return { now: new Date(clock.now()).toISOString(), offsetSeconds: clock.offsetSeconds() }
      }),
    setThrottling: (enabled) => {
      throttle.enabled = enabled
    },
    setSourceIp: (ip) => {
      moving.source.ip = ip
    },
    addIdentity: (asked) => gate.pass(() => addIdentity(dispatch, asked)),
    reset() {
      // What hangs or is slow on order would be waited for.
      services.faults.post({ count: 0 })
      return gate.alone(moving.reset)
    },
    deadLetters: () => moving.background().streams.deadLetters(),
    people: allPeople,
    entries: allEntriesOf,
    receipt: (userId, seq) => gate.pass(() => receiptFor(userId, seq)),
    stackState: () => ({
      clock: { now: new Date(clock.now()).toISOString(), offsetSeconds: clock.offsetSeconds() },
      faults: services.faults.pending(),
      throttling: throttle.enabled,
      sourceIp: moving.source.ip,
      deadLetters: moving.background().streams.deadLetters(),
    }),
    dropDeadLetters: () => moving.background().streams.dropDeadLetters(),
    environment: () => clientEnvironment(services.environment),
  })
  return async (request: GatewayRequest): Promise<GatewayResponse> => {
    if (!api || /^\/_local(?:[/?]|$)/.test(request.target)) return local(request)
    const own = fromNamedSource(request)
    if (own === undefined)
      return malformedResponse({ field: sourceHeader, message: 'must be one IPv4 or IPv6 address' })
    return (await webResponse(pages, own)) ?? gate.pass(() => dispatch(own))
  }
}
