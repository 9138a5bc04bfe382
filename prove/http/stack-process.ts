/** The stack in a process of its own, as `npm start` runs it, with a way to ask for its memory. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type Stack, type StackOptions, startStack } from '#local/stack.ts'
import { answerWith } from '../../bench/processes/ask.ts'

export interface Memory {
  readonly rssMiB: number
  readonly heapMiB: number
}

let stack: Stack | undefined

async function start(options: StackOptions = {}): Promise<string> {
  stack = await startStack(options)
  return stack.url
}

/** What is left when all garbage is gone. */
async function memory(): Promise<Memory> {
  // A second time: finalizers of the first free more.
  globalThis.gc?.()
  await sleep(20)
  globalThis.gc?.()
  const { rss, heapUsed } = process.memoryUsage()
  return { rssMiB: rss / 2 ** 20, heapMiB: heapUsed / 2 ** 20 }
}

/** Seconds of CPU, all threads. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

const idle = async () => stack?.idle()

async function outboxRows(): Promise<number> {
  const { scan } = await import('#shared/stores/database.ts')
  return (await scan('outbox')).items.length + (await scan('notices')).items.length
}

const close = async () => stack?.close()

answerWith({ start, memory, cpuSeconds, idle, outboxRows, close })
