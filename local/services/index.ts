/** All emulated services of the local stack, each on a port of its own, and the environment that points at them. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { createTables, deleteTables, removeTables, type StreamArns } from '#local/engine/create-tables.ts'
import { type Engine, endpointGiven, startEngine } from '#local/engine/dynamodb.ts'
import { namesBeside } from '#local/table-names.ts'
import type { TableId } from '#shared/tables.ts'
import { type Calls, createCalls } from './calls.ts'
import { createDynamoProxy } from './dynamodb-proxy.ts'
import { credentials, endpoints, region, settingsOf, tableNamesOf } from './environment.ts'
import { createEventBridge } from './eventbridge.ts'
import { createFaults, type Faults } from './faults.ts'
import { createHibp } from './hibp.ts'
import { createIam } from './iam.ts'
import { type Inbox, type InboxMessage, openInbox } from './inbox.ts'
import { createKms } from './kms.ts'
import { type KeyStore, openKeys } from './kms-keys.ts'
import { createLambda, type Sender, senderName } from './lambda.ts'
import { listen } from './listener.ts'
import { openPublished, type Published } from './published.ts'
import { createS3 } from './s3.ts'
import { createSes } from './ses.ts'
import { createSns } from './sns.ts'
import { createWaf, openStops, type Stops } from './wafv2.ts'
import type { Service, ServiceName } from './wire.ts'
import { createWrites, type Writes } from './writes.ts'

export interface ServicesOptions {
  /** Keeps everything across restarts; without it everything goes at the end. */
  readonly dataDir?: string
  readonly tableNames?: Partial<Record<TableId, string>>
  /** Environment variables that stand in place of the defaults, such as EMAIL_FROM or ORIGIN. */
  readonly settings?: Readonly<Record<string, string>>
  /** Hosts that may ask beside the loopback, such as the one that containers call. */
  readonly trustedHosts?: readonly string[]
  /** Takes every message in place of SNS and SES. */
  readonly sender?: Sender
  /** Told of each message as it is sent. */
  readonly onMessage?: (message: InboxMessage) => void
}

export interface Services {
  /** All that `shared/settings.ts` and the AWS SDK read. */
  readonly environment: Readonly<Record<string, string>>
  readonly inbox: Inbox
  readonly published: Published
  /** What the firewall before the gateway answers by itself. */
  readonly stops: Stops
  readonly faults: Faults
  readonly calls: Calls
  readonly keys: KeyStore
  /** Of the tables as they are: made anew, they have others. */
  readonly streamArns: StreamArns
  /** Tells of what is written to the tables through these services. */
  readonly writes: Writes
  /** DynamoDB and its Streams without the proxy before them, for what Lambda itself does. */
  readonly engineUrl: string
  /** Empties tables, buckets, inbox, bus and books; keys and addresses stay. Nobody may call meanwhile. */
  clear(): Promise<void>
  close(): Promise<void>
}

/** @throws Error with one sentence when there is no DynamoDB engine or the folder cannot be used. */
export async function startServices(options: ServicesOptions = {}): Promise<Services> {
  const scratch = options.dataDir === undefined
  const folder = options.dataDir ?? mkdtempSync(join(tmpdir(), 'latchkey-'))
  mkdirSync(folder, { recursive: true })
  const kept = (name: string) => (scratch ? undefined : join(folder, name))
  const parts: Parts = {
    folder,
    keys: openKeys(kept('kms-keys.json')),
    inbox: openInbox(kept('inbox.ndjson'), options.onMessage),
    published: openPublished(kept('events.ndjson')),
    stops: openStops(options.dataDir),
    faults: createFaults(),
    calls: createCalls(),
    trustedHosts: options.trustedHosts ?? [],
    sender: options.sender,
    writes: createWrites(),
  }
  const own = endpointGiven() === undefined ? {} : namesBeside(options.dataDir)
  const senders = options.sender && { SENDER_SMS: senderName, SENDER_EMAIL: senderName }
  const given = { ...senders, ...options.settings }
  const settings = settingsOf(parts.keys, { ...own, ...options.tableNames }, given)
  const engine = await startEngine({ directory: folder, scratch, onLost: reportLoss })
  const end = async () => {
    // What only this run could read goes with it.
    if (scratch && !engine.isOwn)
      await withClient(engine.url, (client) => deleteTables(client, tableNamesOf(settings)))
    await engine.close()
    if (scratch) rmSync(folder, { recursive: true, force: true })
  }
  try {
    return await serve(parts, settings, engine, end)
  } catch (error) {
    await end()
    throw error
  }
}

interface Parts
  extends Pick<Services, 'keys' | 'inbox' | 'published' | 'stops' | 'faults' | 'calls' | 'writes'> {
  readonly folder: string
  readonly trustedHosts: readonly string[]
  readonly sender: Sender | undefined
}

async function serve(
  parts: Parts,
  settings: Readonly<Record<string, string>>,
  engine: Engine,
  end: () => Promise<void>,
): Promise<Services> {
  const { folder, trustedHosts: _hosts, sender, ...shown } = parts
  const engineUrl = engine.url
  const tableNames = tableNamesOf(settings)
  let streamArns = await withClient(engineUrl, (client) => createTables(client, tableNames))
  const proxy = createDynamoProxy(
    engineUrl,
    new Map(Object.entries(tableNames).map(([id, name]) => [name, id])),
    parts.writes,
  )
  const buckets = [settings['LEDGER_BUCKET'], settings['WITNESS_BUCKET'], settings['CANARY_BUCKET']].filter(
    (name) => name !== undefined,
  )
  const s3 = createS3(join(folder, 's3'), buckets)
  const services: readonly Service[] = [
    proxy,
    createKms(parts.keys),
    createSes(parts.inbox, settings['EMAIL_FROM'] ?? '', settings['EMAIL_CONFIGURATION_SET']),
    createSns(parts.inbox),
    s3,
    createEventBridge(parts.published, settings['EVENT_BUS'] ?? '', region),
    createLambda(sender),
    createWaf(parts.stops),
    createHibp(),
  ]
  const books = { ...parts, iam: createIam(parts.keys, settings) }
  const listeners = await Promise.all(services.map((service) => listen(service, books)))
  const urls = Object.fromEntries(services.map(({ name }, index) => [name, listeners[index]?.url ?? '']))
  return {
    ...shown,
    environment: { ...endpoints(urls as Record<ServiceName, string>), ...settings },
    get streamArns() {
      return streamArns
    },
    engineUrl,
    async clear() {
      streamArns = await withClient(engineUrl, async (client) => {
        await removeTables(client, tableNames)
        engine.forgetRecords()
        return createTables(client, tableNames)
      })
      s3.clear()
      parts.inbox.clear()
      parts.published.clear()
      parts.stops.clear()
      parts.calls.clear()
      parts.faults.post({ count: 0 })
    },
    async close() {
      await Promise.all(listeners.map((listener) => listener.close()))
      await proxy.close()
      await end()
    },
  }
}

async function withClient<T>(engineUrl: string, run: (client: DynamoDBClient) => Promise<T>): Promise<T> {
  const client = new DynamoDBClient({ endpoint: engineUrl, region, credentials })
  try {
    return await run(client)
  } finally {
    client.destroy()
  }
}

function reportLoss(reason: string): void {
  console.error(`The DynamoDB engine is gone: ${reason}.`)
}
