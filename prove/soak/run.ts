/** One soak: events through the outbox's real stream, with everything going wrong meanwhile, until all is quiet again. */
import { setTimeout as sleep } from 'node:timers/promises'
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams'
import { applyEnvironment } from '#local/environment.ts'
import { createPool, type Pool } from '#local/lambda/pool.ts'
import { invoke } from '#local/runtime.ts'
import { type Services, startServices } from '#local/services/index.ts'
import { type Streams, startStreams } from '#local/streams/index.ts'
import { streamSources } from '#shared/event-sources.ts'
import { identities, type SoakEvent, soakEvent } from './events.ts'
import { troubleWire } from './faults.ts'
import { mortality } from './mortality.ts'
import { counted, noTally, type Tally, unreliable } from './unreliable.ts'

export interface SoakOptions {
  readonly events: number
  /** Files of the workers, as sources or as deployed. */
  readonly paths: Readonly<Record<'append-ledger' | 'seal-ledger', string>>
  /** How likely a worker is killed at each of its calls, and during each of its runs. */
  readonly deathsPerCall: number
  readonly deathsPerRun: number
  /** Between two faults, and between two pairs of sealers. */
  readonly faultEveryMs: number
  readonly sealEveryMs: number
  /** Age at which a row of the outbox is put before the workers again; the schedule waits for two minutes. */
  readonly leftOverAfterMs: number
  readonly report: (line: string) => void
}

export interface Soaked {
  readonly events: readonly SoakEvent[]
  readonly tally: Tally
  readonly sealerKills: number
  readonly faults: number
  readonly checkpoints: number
}

/** Events on their way at once; more only lengthen the queue. */
const eventsInFlight = 800
/** Rows in one transaction. */
const rowsAtOnce = 20
const source = streamSources['append-ledger']
const mostAttempts = 10
/** Looking reads the whole table. */
const lookEveryMs = 500
const quietWithinMs = 10 * 60_000

/** Services and workers of one soak. */
class Soak {
  readonly services: Services
  readonly tally = noTally()
  readonly #options: SoakOptions
  readonly #pools: Readonly<Record<'append-ledger' | 'seal-ledger', Pool>>
  readonly #streams: Streams
  readonly #client: DynamoDBStreamsClient
  readonly sealers = { kills: 0 }
  calm = false

  constructor(services: Services, options: SoakOptions) {
    this.services = services
    this.#options = options
    this.#pools = { 'append-ledger': this.#pool('append-ledger'), 'seal-ledger': this.#pool('seal-ledger') }
    const handler = this.#pools['append-ledger'].handler
    this.#client = new DynamoDBStreamsClient({})
    this.#streams = startStreams({
      client: this.#client,
      streamArns: services.streamArns,
      workers: { 'append-ledger': unreliable(handler, this.tally, () => this.calm) },
      sources: { 'append-ledger': source },
      // What goes wrong is meant to.
      report: () => undefined,
    })
  }

  #pool(name: 'append-ledger' | 'seal-ledger'): Pool {
    const { paths, deathsPerCall, deathsPerRun } = this.#options
    const deaths = () => ({
      [mortality.handler]: paths[name],
      [mortality.perCall]: this.calm ? '0' : String(deathsPerCall),
      [mortality.perRun]: this.calm ? '0' : String(deathsPerRun),
    })
    const file = new URL('./mortal.ts', import.meta.url).pathname
    const environment = () => ({ ...this.services.environment, ...deaths(), POWERTOOLS_LOG_LEVEL: 'SILENT' })
    return createPool({ name, file, environment })
  }

  /** A sealer's run; whatever ends it, the next one goes on. */
  async seal(always: boolean): Promise<boolean> {
    const handler = counted(this.#pools['seal-ledger'].handler, this.sealers)
    const invocation = { function: 'seal-ledger', requestId: 'soak', timeoutMs: 60_000 }
    return invoke(handler, { always }, invocation).then(
      () => true,
      () => false,
    )
  }

  /** Two sealers at once, over and over. */
  async sealOften(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      await sleep(this.#options.sealEveryMs, undefined, { signal: stop }).catch(() => undefined)
      await Promise.all([this.seal(true), this.seal(false)])
    }
  }

  idle = () => this.#streams.idle()

  /** Processes that may still be killed end, so that those which follow live. */
  async calmDown(): Promise<void> {
    this.calm = true
    await this.#streams.idle()
    await Promise.all(Object.values(this.#pools).map((pool) => pool.close()))
  }

  async close(): Promise<void> {
    await this.#streams.close()
    await Promise.all(Object.values(this.#pools).map((pool) => pool.close()))
    this.#client.destroy()
  }
}

/**
 * Asks again where the services are too slow, as a schedule comes again. A row that is there already is refused, which
 * is as good.
 */
async function insist<T>(ask: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask()
    } catch (error) {
      if (!(error instanceof Error && error.name === 'Unavailable') || attempt === mostAttempts) throw error
    }
  }
}

/** The stores of this process, which speak to the soak's services and are hit by no fault. */
async function openStores({ leftOverAfterMs }: SoakOptions) {
  const { put, scan, transact } = await import('#shared/stores/database.ts')
  const { identityKey, lookupKey, putDecoy } = await import('#shared/stores/identities.ts')
  const { eventRow } = await import('#shared/stores/outbox.ts')
  const { redrive } = await import('#shared/stores/outbox-sweep.ts')
  const { readPointer } = await import('#shared/stores/checkpoints.ts')
  await putDecoy()
  for (const { userId, email, phone } of identities)
    await insist(() =>
      transact([
        put('identities', { ...identityKey(userId), userId, email, phone, status: 'active', locale: 'en' }),
        put('identities', { ...lookupKey('email', email), userId }),
        put('identities', { ...lookupKey('phone', phone), userId }),
      ]),
    )
  return {
    putEvents: (events: readonly SoakEvent[]) =>
      insist(() => transact(events.map(({ event, id }) => eventRow(event, id)))),
    sweep: () =>
      insist(() => redrive({ now: Date.now(), olderThanMs: leftOverAfterMs, limit: 5000, backOff: true })),
    rowsLeft: async () => (await insist(() => scan('outbox'))).items.length,
    checkpoints: async () => (await insist(readPointer))?.number ?? 0,
  }
}
type Stores = Awaited<ReturnType<typeof openStores>>

/** Puts the events, no faster than they are taken. */
async function feed({ events, report }: SoakOptions, stores: Stores, soak: Soak): Promise<SoakEvent[]> {
  const put: SoakEvent[] = []
  while (put.length < events) {
    const size = Math.min(rowsAtOnce, events - put.length)
    const next = Array.from({ length: size }, (_, place) => soakEvent(put.length + place))
    await stores.putEvents(next)
    put.push(...next)
    if (put.length % eventsInFlight !== 0) continue
    while ((await stores.rowsLeft()) > eventsInFlight / 2) await sleep(lookEveryMs)
    if (put.length % (eventsInFlight * 5) === 0)
      report(`${put.length} events put, ${soak.tally.kills} workers and ${soak.sealers.kills} sealers killed`)
  }
  return put
}

async function sweepOften(stores: Stores, everyMs: number, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    await sleep(everyMs, undefined, { signal: stop }).catch(() => undefined)
    await stores.sweep()
  }
}

/** Waits for the outbox to be empty: what is left over comes again, as by the schedule. */
async function untilEmpty(stores: Stores): Promise<void> {
  const until = Date.now() + quietWithinMs
  while ((await stores.rowsLeft()) > 0) {
    if (Date.now() > until) throw new Error(`The outbox is not empty after ${quietWithinMs / 60_000} minutes`)
    await sleep(lookEveryMs)
  }
}

/**
 * @param judge is run while the services are still there, in an environment that points at them
 * @throws Error when the outbox does not empty
 */
export async function runSoak<Judged>(
  options: SoakOptions,
  judge: (soaked: Soaked) => Promise<Judged>,
): Promise<Judged> {
  await using closers = new AsyncDisposableStack()
  const services = await startServices({ settings: { LEDGER_RETENTION_DAYS: '1' } })
  closers.defer(() => services.close())
  closers.defer(async () => applied())
  const applied = applyEnvironment(services.environment)
  const stores = await openStores(options)
  const soak = new Soak(services, options)
  closers.defer(() => soak.close())

  const stop = new AbortController()
  const trouble = troubleWire(services.faults, options.faultEveryMs, stop.signal)
  const others = [soak.sealOften(stop.signal), sweepOften(stores, options.leftOverAfterMs / 2, stop.signal)]
  const events = await feed(options, stores, soak)
  await untilEmpty(stores)
  stop.abort()
  const faults = await trouble
  await Promise.all(others)
  await soak.calmDown()
  if (!(await soak.seal(true))) throw new Error('The last sealer failed, although nothing hindered it')
  const checkpoints = await stores.checkpoints()
  return await judge({ events, tally: soak.tally, sealerKills: soak.sealers.kills, faults, checkpoints })
}
