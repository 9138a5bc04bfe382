/** The stack over a folder: running, or stopped with its tables within reach, as on the page. */
import { execFile } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { startStack } from '#local/stack.ts'
import { here, latchkey, type Running } from '../upgrade/version.ts'
import type { DocumentedCommand } from './page.ts'
import type { Faults } from './past.ts'
import type { Environment } from './tables.ts'

const local = async (url: string, path: string, body?: object) => {
  const reply = await fetch(`${url}/_local/${path}`, body && { method: 'POST', body: JSON.stringify(body) })
  // biome-ignore lint/suspicious/noExplicitAny: what each path answers is known to whoever asks.
  return (await reply.json()) as any
}

export const environmentOf = async (url: string) => (await local(url, 'environment')) as Environment

/** Milliseconds since the epoch by the stack's clock. */
export const nowOf = async (url: string): Promise<number> =>
  Date.parse((await local(url, 'clock', { advanceSeconds: 0 })).now)

export const faultsOf = (url: string): Faults => ({
  hold: async (fault) =>
    void (await local(url, 'faults', { mode: 'fail-before', count: 1_000_000, ...fault })),
  clear: async () => void (await local(url, 'faults', { count: 0 })),
})

const emptyWithinMs = 60_000
/** Until no event waits for the ledger any more. @throws Error where some do for long */
export async function heard(waiting: () => Promise<number>): Promise<void> {
  const until = performance.now() + emptyWithinMs
  while ((await waiting()) > 0) {
    if (performance.now() > until) throw new Error('Events still wait for the ledger')
    await sleep(100)
  }
}

/** A command that the page names, as it names it. @throws Error with what it said */
export const documented = (stack: Running, name: DocumentedCommand, ...words: readonly string[]) =>
  latchkey(here, ...name.split(' '), ...words, '--local', new URL(stack.url).port)

/** Tables within reach and no function that could start: neither steps nor workers. */
export async function whileStopped<T>(
  dataDir: string,
  work: (environment: Environment) => Promise<T>,
): Promise<T> {
  const stack = await startStack({ dataDir, handlers: { steps: {}, workers: {} }, report: () => undefined })
  try {
    return await work(await environmentOf(stack.url))
  } finally {
    await stack.close()
  }
}

/** Shell of the page. @param given what the page says that the shell has */
export async function shell(script: string, cwd: string, given: Environment): Promise<string> {
  const { PATH = '', HOME = '' } = process.env
  const { stdout } = await promisify(execFile)('bash', ['-e', '-o', 'pipefail', '-c', script], {
    cwd,
    // A profile that is set to nothing is looked for by the AWS command line.
    env: { PATH, HOME, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== '')) },
  })
  return stdout
}
