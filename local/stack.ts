/** The whole stack in this process: services, gateway, streams and schedules, on 127.0.0.1. */
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams'
import { readSettings } from '#shared/settings.ts'
import { type Clock, startClock } from './clock.ts'
import type { Watchers } from './console.ts'
import { takeDataDir } from './data-dir.ts'
import { applyEnvironment, clientEnvironment } from './environment.ts'
import { type Functions, loadFunctions } from './functions.ts'
import { createDispatch, type Dispatch } from './gateway/dispatch.ts'
import { createLocalRoutes } from './gateway/local-routes.ts'
import type { GatewayRequest, GatewayResponse } from './gateway/message.ts'
import { startServer } from './gateway/server.ts'
import { Throttle } from './gateway/throttle.ts'
import { webResponse } from './pages/web.ts'
import { type Schedules, startSchedules } from './schedules.ts'
import { seed } from './seed.ts'
import { type Services, startServices } from './services/index.ts'
import { type Streams, startStreams } from './streams/index.ts'

const webDirectory = fileURLToPath(new URL('../web/dist', import.meta.url))
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
  /** In place of the functions of the product, for tests of the stack itself. */
  readonly handlers?: Partial<Functions>
  readonly throttling?: boolean
  /** False where the API runs elsewhere: only `/_local` is served then. */
  readonly api?: boolean
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
  readonly streams: Streams
  readonly schedules: Schedules
  readonly throttle: Throttle
  readonly dispatch: Dispatch
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
  const { streams, schedules } = parts
  const idle = async () => {
    await schedules.idle()
    await streams.idle()
  }
  if (options.seed === true) await seed(parts.dispatch)
  await settled(idle)
  // An export of a stack that just started is signed already.
  if (options.seed === true) await schedules.runNow('seal-ledger')
  answer.resolve(answering(parts, idle, source, options))
  closers.defer(() => server.close())
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
    ...(options.onMessage !== undefined && { onMessage: options.onMessage }),
  })
  closers.defer(() => services.close())
  closers.defer(applyEnvironment(clientEnvironment(services.environment)))
  const functions = options.handlers ?? (await loadFunctions())
  if (options.handlers === undefined) await prepareTables()
  const client = streamsClient(services)
  closers.defer(() => client.destroy())
  const { streamArns, writes } = services
  const workers = functions.workers ?? {}
  const streams = startStreams({ client, streamArns, workers, written: writes.of, dataDir, report })
  closers.defer(() => streams.close())
  const schedules = startSchedules({ workers, report })
  closers.defer(() => schedules.close())
  const throttle = new Throttle(options.throttling ?? true)
  const dispatch = createDispatch({
    steps: functions.steps ?? {},
    throttle,
    allowedOrigins: readSettings(services.environment).ALLOWED_ORIGINS,
    trustedHosts: options.trustedHosts ?? [],
    replied: services.calls.replied,
    report,
  })
  return { clock, services, streams, schedules, throttle, dispatch }
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

/** Stores what a custom resource stores when deployed. Loaded late: the stores read the environment. */
async function prepareTables(): Promise<void> {
  const identities = await import('#shared/stores/identities.ts')
  const leases = await import('./leases.ts')
  await identities.putDecoy()
  await leases.endLeases()
}

function streamsClient({ engineUrl, environment }: Services): DynamoDBStreamsClient {
  return new DynamoDBStreamsClient({
    endpoint: engineUrl,
    region: environment['AWS_REGION'] ?? '',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  })
}

/** The local routes, the pages, and for all else the routes of the product. */
function answering(
  parts: Parts,
  idle: () => Promise<void>,
  source: { ip: string | undefined },
  { api = true, trustedHosts = [] }: StackOptions,
): Dispatch {
  const { clock, services, streams, schedules, throttle, dispatch } = parts
  const local = createLocalRoutes({
    ...services,
    trustedHosts,
    async advanceClock(seconds) {
      // A row that is only on its way must not look left over, and be put before the workers again.
      await settled(idle)
      clock.advance(seconds)
      await schedules.runDue()
      return { now: new Date(clock.now()).toISOString(), offsetSeconds: clock.offsetSeconds() }
    },
    setThrottling: (enabled) => {
      throttle.enabled = enabled
    },
    setSourceIp: (ip) => {
      source.ip = ip
    },
    deadLetters: () => streams.deadLetters(),
    environment: () => clientEnvironment(services.environment),
  })
  return async (request: GatewayRequest): Promise<GatewayResponse> => {
    if (!api || /^\/_local(?:[/?]|$)/.test(request.target)) return local(request)
    return (await webResponse(webDirectory, request)) ?? dispatch(request)
  }
}
