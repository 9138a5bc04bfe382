/**
 * The DynamoDB engine of the local stack, a process of its own that cannot outlive this one.
 * Stream records outlive restarts and `kill -9` and are never trimmed; per table, sequence numbers go on at last + 1.
 */
import { createRequire } from 'node:module'
import { type AddressInfo, connect, createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Running, spawnKept } from './kept-process.ts'
import { indexStreams } from './stream-index.ts'

const startAttempts = 3
const readyWithinMs = 10_000
const pollMs = 5

export interface Engine {
  /** Where DynamoDB and DynamoDB Streams answer. */
  readonly url: string
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

/**
 * Uses `DYNAMODB_ENDPOINT` where it is set, else spawns the embedded engine.
 * @throws Error with one sentence that says what to do when there is no engine for this machine.
 */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const given = process.env['DYNAMODB_ENDPOINT']
  if (given) return { url: checkedEndpoint(given), close: async () => undefined }
  const binary = findBinary()
  let lost = ''
  for (let attempt = 0; attempt < startAttempts; attempt++) {
    const port = await freePort()
    const file = databaseFile(options.directory)
    const command = [binary, '--host', '127.0.0.1', '--port', String(port), '--db-path', file]
    const running = spawnKept(command, options.scratch ? options.directory : '')
    const outcome = await ready(port, running.ended)
    if (outcome === 'ready') return await serving(running, port, options)
    lost = outcome
    await running.close()
  }
  throw new Error(`The DynamoDB engine did not start: ${lost}.`)
}

async function serving(running: Running, port: number, options: EngineOptions): Promise<Engine> {
  let closing = false
  void running.ended.then((reason) => {
    if (!closing) options.onLost?.(reason)
  })
  indexStreams(databaseFile(options.directory))
  return {
    url: `http://127.0.0.1:${port}`,
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

function findBinary(): string {
  const platform = `${process.platform}-${process.arch}`
  try {
    const manifest = createRequire(import.meta.url).resolve(`@dynoxide/${platform}/package.json`)
    return join(dirname(manifest), 'dynoxide')
  } catch {
    throw new Error(
      `There is no embedded DynamoDB engine for ${platform} here: set DYNAMODB_ENDPOINT to any DynamoDB, such as DynamoDB Local at http://127.0.0.1:8000.`,
    )
  }
}

/** @returns `ready`, or why it will not be. */
async function ready(port: number, ended: Promise<string>): Promise<string> {
  let reason: string | undefined
  void ended.then((text) => {
    reason = text
  })
  for (let waited = 0; waited < readyWithinMs; waited += pollMs) {
    await sleep(pollMs)
    if (reason !== undefined) return reason
    if (await accepts(port)) return 'ready'
  }
  return `it did not answer within ${readyWithinMs} ms`
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const settle = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('connect', () => settle(true))
    socket.once('error', () => settle(false))
  })
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })
}

function databaseFile(directory: string): string {
  return join(directory, 'dynamodb.db')
}
