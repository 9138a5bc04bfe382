/** Processes that answer questions over Node's IPC: what is measured runs apart from what it calls. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

interface Question {
  readonly id: number
  readonly name: string
  readonly input: unknown
}
interface Answer {
  readonly id: number
  readonly value?: unknown
  readonly error?: string
}

/** Functions that a process answers with, by name. */
export type Answers = Readonly<Record<string, (input: never) => unknown>>

export interface Process {
  /** @throws Error with what went wrong in the other process */
  ask<Value>(name: string, input?: unknown): Promise<Value>
  close(): Promise<void>
}

/** In the process: answers until the other side hangs up. */
export function answerWith(answers: Answers): void {
  process.on('message', async ({ id, name, input }: Question) => {
    try {
      const value = await answers[name]?.(input as never)
      process.send?.({ id, value } satisfies Answer)
    } catch (error) {
      process.send?.({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
    }
  })
  process.once('disconnect', () => process.exit(0))
}

/** @param path of the module, from this folder. Its standard output is dropped: functions log there. */
export function startProcess(path: string, nodeOptions: readonly string[] = []): Process {
  const child = fork(fileURLToPath(new URL(path, import.meta.url)), {
    execArgv: [...nodeOptions],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    serialization: 'advanced',
  })
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  let count = 0
  child.on('message', ({ id, value, error }: Answer) => {
    const question = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) question?.resolve(value)
    else question?.reject(new Error(`${path}: ${error}`))
  })
  const ended = once(child, 'exit').then(([code]) => {
    for (const { reject } of waiting.values()) reject(new Error(`${path} ended with ${String(code)}`))
  })
  return {
    ask<Value>(name: string, input?: unknown) {
      count += 1
      const answer = Promise.withResolvers<unknown>()
      waiting.set(count, answer)
      child.send({ id: count, name, input } satisfies Question)
      return answer.promise as Promise<Value>
    },
    async close() {
      if (child.connected) child.disconnect()
      await ended
    },
  }
}

/** Starts a process, asks it to `measure`, and ends it. */
export async function measureIn<Value>(path: string, input?: unknown): Promise<Value> {
  const child = startProcess(path)
  try {
    return await child.ask<Value>('measure', input)
  } finally {
    await child.close()
  }
}
