/**
 * The DynamoDB engine of the local stack, a process of its own that cannot outlive this one.
 * It answers any page of any origin, so it listens where no page can look for it (`quietAddress`).
 * Stream records outlive restarts and `kill -9` and are never trimmed; per table, sequence numbers go on at last + 1.
 */
import { randomInt } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type AddressInfo, connect, createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Running, spawnKept } from './kept-process.ts'
import { forgetRecords, indexStreams } from './stream-index.ts'

const startAttempts = 3
const readyWithinMs = 30_000
const pollMs = 5

export interface Engine {
  /** Where DynamoDB and DynamoDB Streams answer. */
  readonly url: string
  /** Whether it ends with this stack. */
  readonly isOwn: boolean
  /** Forgets all stream records, once the tables are gone. A DynamoDB of its own does that by itself. */
  forgetRecords(): void
  close(): Promise<void>
}

export interface EngineOptions {
  /** Folder of the engine's file. */
  readonly directory: string
  /** The folder goes when the engine ends, however it ends. */
  readonly scratch: boolean
  /** Called when the engine ends without having been asked to. */
  readonly onLost?: (reason: string) => void
}

/** The DynamoDB in place of the embedded one, where there is one. */
export const endpointGiven = (): string | undefined => process.env['DYNAMODB_ENDPOINT'] || undefined

/**
 * Uses `DYNAMODB_ENDPOINT` where it is set, else spawns the embedded engine.
 * @throws Error with one sentence that says what to do when there is no engine for this machine.
 */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const given = endpointGiven()
  if (given !== undefined) {
    const nothing = () => undefined
    return { url: checkedEndpoint(given), isOwn: false, forgetRecords: nothing, close: async () => undefined }
  }
  const binary = findBinary()
  let lost = ''
  for (let attempt = 0; attempt < startAttempts; attempt++) {
    const { host, port } = await freePlace()
    // The engine before took its folder with it.
    if (options.scratch) mkdirSync(options.directory, { recursive: true })
    const file = databaseFile(options.directory)
    const command = [binary, '--host', host, '--port', String(port), '--db-path', file]
    const running = spawnKept(command, options.scratch ? options.directory : '')
    const outcome = await ready({ host, port }, running.ended)
    if (outcome === 'ready') return await serving(running, { host, port }, options)
    lost = outcome
    await running.close()
  }
  throw new Error(`The DynamoDB engine did not start: ${lost}.`)
}

async function serving(running: Running, { host, port }: Place, options: EngineOptions): Promise<Engine> {
  let closing = false
  void running.ended.then((reason) => {
    if (!closing) options.onLost?.(reason)
  })
  const file = databaseFile(options.directory)
  indexStreams(file)
  return {
    url: `http://${host}:${port}`,
    isOwn: true,
    forgetRecords: () => forgetRecords(file),
    close: async () => {
      closing = true
      await running.close()
    },
  }
}

function checkedEndpoint(text: string): string {
  const url = URL.parse(text)
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw new Error(`DYNAMODB_ENDPOINT must be a URL such as http://127.0.0.1:8000, but is ${text}.`)
  }
  return url.origin
}

/** Package and file of the engine for a machine: one of `optionalDependencies`, where there is one for it. */
export const engineFor = (platform: NodeJS.Platform, arch: string) => ({
  package: `@dynoxide/${platform}-${arch}`,
  file: platform === 'win32' ? 'dynoxide.exe' : 'dynoxide',
})

function findBinary(): string {
  const { platform, arch } = process
  const engine = engineFor(platform, arch)
  try {
    const manifest = createRequire(import.meta.url).resolve(`${engine.package}/package.json`)
    return join(dirname(manifest), engine.file)
  } catch {
    throw new Error(
      `There is no embedded DynamoDB engine for ${platform}-${arch} here (${engine.package}): run npm ci again without --omit=optional, or set DYNAMODB_ENDPOINT to any DynamoDB, such as DynamoDB Local at http://127.0.0.1:8000.`,
    )
  }
}

/** @returns `ready`, or why it will not be. */
async function ready(place: Place, ended: Promise<string>): Promise<string> {
  let reason: string | undefined
  void ended.then((text) => {
    reason = text
  })
  for (let waited = 0; waited < readyWithinMs; waited += pollMs) {
    await sleep(pollMs)
    if (reason !== undefined) return reason
    if (await accepts(place)) return 'ready'
  }
  return `it did not answer within ${readyWithinMs} ms`
}

function accepts({ host, port }: Place): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host)
    const settle = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('connect', () => settle(true))
    socket.once('error', () => settle(false))
  })
}

interface Place {
  readonly host: string
  readonly port: number
}

/**
 * One of the sixteen million addresses of the loopback (RFC 1122, section 3.2.1.3), drawn anew at each start: the engine
 * asks neither Host nor Origin and lets pages of any origin read its answers, but a page cannot try them all.
 */
const quietAddress = () => `127.${[0, 0, 0].map(() => randomInt(1, 255)).join('.')}`

/** Linux alone has the whole of 127.0.0.0/8; elsewhere the engine is where everything else is. */
async function freePlace(): Promise<Place> {
  const host = quietAddress()
  try {
    return { host, port: await freePort(host) }
  } catch {
    return { host: '127.0.0.1', port: await freePort('127.0.0.1') }
  }
}

function freePort(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, host, () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })
}

function databaseFile(directory: string): string {
  return join(directory, 'dynamodb.db')
}
