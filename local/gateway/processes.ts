/** Several gateways over one set of services, as many Lambda environments stand before one database. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { Said, Told } from './process.ts'

const path = fileURLToPath(new URL('process.ts', import.meta.url))

export interface Gateways {
  /** One for each process. */
  readonly urls: readonly string[]
  /** Moves the clocks of all; to be called before that of the services moves. */
  advance(seconds: number): Promise<void>
  close(): Promise<void>
}

/**
 * Starts processes that serve the routes. The functions' log is dropped.
 * @param environment of the services, as `clientEnvironment` gives it
 * @throws Error when one of them ends before it serves
 */
export async function startGateways(
  count: number,
  environment: Readonly<Record<string, string>>,
): Promise<Gateways> {
  const env = { PATH: process.env['PATH'] ?? '', ...environment }
  const children = Array.from({ length: count }, () =>
    fork(path, { env, execArgv: [], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] }),
  )
  for (const { stderr } of children) if (stderr) passOn(stderr)
  const close = async () => {
    const ended = Promise.all(children.filter(isRunning).map((child) => once(child, 'exit')))
    for (const child of children) if (child.connected) child.disconnect()
    await ended
  }
  try {
    const urls = await Promise.all(children.map(urlOf))
    return {
      urls,
      async advance(seconds) {
        await Promise.all(
          children.map((child) => {
            const moved = once(child, 'message')
            child.send({ advanceSeconds: seconds } satisfies Told)
            return moved
          }),
        )
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** The log of what failed is dropped too; what else stands there is for whoever started it. */
function passOn(input: Readable): void {
  createInterface({ input }).on('line', (line) => {
    if (!line.startsWith('{"level":')) console.error(line)
  })
}

const isRunning = ({ exitCode, signalCode }: ChildProcess) => exitCode === null && signalCode === null

async function urlOf(child: ChildProcess): Promise<string> {
  const started = new AbortController()
  const { signal } = started
  const ended = once(child, 'exit', { signal }).then(([code]) => {
    throw new Error(`A gateway ended with ${String(code)} before it served`)
  })
  const said = once(child, 'message', { signal }).then(([message]) => message as Said)
  try {
    const message = await Promise.race([said, ended])
    if ('url' in message) return message.url
    throw new Error('A gateway did not say where it serves')
  } finally {
    started.abort()
    await Promise.allSettled([said, ended])
  }
}
