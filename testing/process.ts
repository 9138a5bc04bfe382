/** Starts and ends the process of a stack. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { nodeForStack } from './node.ts'
import type { Said } from './stack-process.ts'

const path = fileURLToPath(new URL('stack-process.ts', import.meta.url))

/** What the stack is given, as far as the kit has words for it. */
export interface ProcessOptions {
  readonly port: number
  readonly seed: boolean
  readonly throttling: boolean
  readonly settings: Readonly<Record<string, string>>
  /** File, from the folder that this process runs in. */
  readonly sender?: string
}

export interface RunningStack {
  readonly url: string
  /** Ends it; again is no fault. */
  stop(): Promise<void>
}

/** It ends with this process, however that ends. @throws Error with one sentence when it cannot start */
export async function runStack(options: ProcessOptions): Promise<RunningStack> {
  const { NODE_OPTIONS: _, ...env } = process.env
  const child = fork(path, [JSON.stringify(options)], {
    env,
    execArgv: [],
    execPath: nodeForStack(),
    // Functions log there.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const ended = once(child, 'exit')
  const said = await Promise.race([
    once(child, 'message').then(([message]) => message as Said),
    ended.then(([code]): Said => ({ problem: `The stack ended with ${String(code)} before it served.` })),
  ])
  if ('problem' in said) throw new Error(said.problem)
  return {
    url: said.url,
    async stop() {
      if (child.connected) child.disconnect()
      await ended
    },
  }
}
