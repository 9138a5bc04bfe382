/** A world whose workers can be killed, with SIGKILL, as they wait for the reply to a call, or as they are done. */
import { fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { clientEnvironment } from '#local/environment.ts'
import { loadFunctions } from '#local/functions.ts'
import type { Handler } from '#local/runtime.ts'
import type { Stack } from '#local/stack.ts'
import type { WorkerId } from '#shared/contract/routes.ts'
import type { Doom } from './doomed.ts'
import type { PlacedFault } from './fault-list.ts'
import { createWorld, type World } from './world.ts'

const path = fileURLToPath(new URL('doomed.ts', import.meta.url))
const lookEveryMs = 5

/** Where a worker dies: in the call that this fault keeps waiting, or after all of its calls. */
export type Death = PlacedFault | 'done'

export interface Killable extends World {
  /** The worker's next run is its last; the run after it is by another process. */
  doom(worker: WorkerId, death: Death): void
  /** How many were killed so far. */
  killed(): number
}

export async function createKillableWorld(): Promise<Killable> {
  const doomed = new Map<WorkerId, Death>()
  let killed = 0
  let stack: Stack | undefined
  const { steps, workers: real } = await loadFunctions()
  const workers = Object.entries(real).map(([id, handler]) => {
    const run: Handler = async (event, context) => {
      const death = doomed.get(id as WorkerId)
      if (death === undefined || stack === undefined) return handler(event, context)
      doomed.delete(id as WorkerId)
      killed += 1
      await runAndKill(stack, id, event, death)
      throw new Error('killed')
    }
    return [id, run]
  })
  const world = await createWorld({
    handlers: { steps, workers: Object.fromEntries(workers) },
    // Its workers' deaths are no news.
    report: () => undefined,
  })
  stack = world.stack
  return {
    ...world,
    doom: (worker, death) => void doomed.set(worker, death),
    killed: () => killed,
  }
}

/** @throws Error when the worker ends by itself before its time */
async function runAndKill(stack: Stack, worker: string, event: unknown, death: Death): Promise<void> {
  const { environment, faults } = stack.services
  const { PATH = '', NODE_COMPILE_CACHE = '' } = process.env
  const env = { PATH, NODE_COMPILE_CACHE, ...clientEnvironment(environment) }
  const child = fork(path, { env, execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const ended = once(child, 'exit')
  let done = false
  child.once('message', () => {
    done = true
  })
  if (death !== 'done') faults.post({ ...death, function: worker })
  const invocation = { function: worker, requestId: randomUUID(), timeoutMs: 60_000 }
  child.send({ worker, event, offsetSeconds: stack.clock.offsetSeconds(), invocation } satisfies Doom)
  const waits = () => death !== 'done' && (faults.pending()[0]?.count ?? 0) < death.count
  while (!done && !waits() && child.exitCode === null) await sleep(lookEveryMs)
  child.kill('SIGKILL')
  await ended
  faults.post({ count: 0 })
  if (done && death !== 'done') throw new Error(`${worker} was done before the call it was to die in`)
}
