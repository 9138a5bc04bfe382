/** Runs a bundled function in processes of its own, one event at a time in each, as many as there are events at once. */
import { type ChildProcess, fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Handler } from '../runtime.ts'
import type { Answer, Ask } from './execution.ts'

const execution = fileURLToPath(new URL('execution.ts', import.meta.url))

export interface PoolOptions {
  readonly name: string
  /** Bundle of the function. */
  readonly file: string
  /** The whole environment of its processes, asked for when the first one starts. */
  readonly environment: () => Readonly<Record<string, string>>
  /** Told of each answer. */
  readonly answered?: (answer: Answer) => void
}

/** The process ended before it had answered: it was killed, ran out of memory, or its bundle could not be loaded. */
export class Ended extends Error {
  constructor(name: string, how: string | number | null) {
    super(`${name} ended with ${how}`)
    this.name = 'Ended'
  }
}

const isAlive = ({ exitCode, signalCode }: ChildProcess) => exitCode === null && signalCode === null

export interface Pool {
  readonly handler: Handler
  /** Processes started so far. */
  readonly started: () => number
  close(): Promise<void>
}

/** The gateway's id of a request, under which the calls it makes are booked; workers have none. */
const requestIdOf = (event: unknown): string =>
  (event as { requestContext?: { extendedRequestId?: string } } | null)?.requestContext?.extendedRequestId ??
  randomUUID()

export function createPool({ name, file, environment, answered }: PoolOptions): Pool {
  const all: ChildProcess[] = []
  const idle: ChildProcess[] = []

  function start(): ChildProcess {
    const child = fork(execution, [file], {
      env: { ...environment() },
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    all.push(child)
    // What follows an error is an exit.
    child.on('error', () => undefined)
    return child
  }

  /** One that ended while nobody asked it is of no use any more. */
  function idleOne(): ChildProcess | undefined {
    let child = idle.pop()
    while (child !== undefined && !isAlive(child)) child = idle.pop()
    return child
  }

  return {
    async handler(event, context) {
      const child = idleOne() ?? start()
      const timeoutMs = context.getRemainingTimeInMillis()
      const ask: Ask = { event, invocation: { function: name, requestId: requestIdOf(event), timeoutMs } }
      const answer = await answerOf(child, ask)
      idle.push(child)
      answered?.(answer)
      if (answer.error === undefined) return answer.result
      throw Object.assign(new Error(answer.error.message), answer.error)
    },
    started: () => all.length,
    async close() {
      const running = all.filter(isAlive)
      const gone = Promise.all(running.map((child) => once(child, 'exit')))
      for (const child of running) child.kill()
      await gone
    },
  }
}

/** @throws Ended */
async function answerOf(child: ChildProcess, ask: Ask): Promise<Answer> {
  const ended = new AbortController()
  const exited = once(child, 'exit', { signal: ended.signal }).then(([code, signal]) => {
    throw new Ended(ask.invocation.function, signal ?? code)
  })
  const answered = once(child, 'message', { signal: ended.signal }).then(([answer]) => answer as Answer)
  child.send(ask)
  try {
    return await Promise.race([answered, exited])
  } finally {
    ended.abort()
    // The other one is told to stop waiting.
    await Promise.allSettled([answered, exited])
  }
}
