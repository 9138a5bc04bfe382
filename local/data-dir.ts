/** The folder that keeps everything across restarts: made, tried, and held by one stack at a time. */
import { accessSync, constants, existsSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { factsOf, isRunning } from './processes.ts'
import { readState, writeState } from './state-file.ts'

/** A killed stack is gone in much less, one that was told to end in little more. */
const endsWithinMs = 5000
const lookEveryMs = 50

export interface DataDirLock {
  release(): void
}

/** The folder is another running stack's. */
class InUse extends Error {}

/**
 * Takes the folder, also from a stack that is just ending, for which it waits.
 * @throws Error as `lockDataDir`
 */
export async function takeDataDir(directory: string): Promise<DataDirLock> {
  const until = performance.now() + endsWithinMs
  for (;;) {
    try {
      return lockDataDir(directory)
    } catch (error) {
      if (!(error instanceof InUse) || performance.now() > until) throw error
    }
    await sleep(lookEveryMs)
  }
}

/**
 * @throws Error with one sentence when the folder cannot be used, or another running stack holds it.
 */
export function lockDataDir(directory: string): DataDirLock {
  try {
    makeFolder(resolve(directory))
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new Error(`The data folder ${directory} cannot be used (${code}): name one that can be written to.`)
  }
  const file = join(directory, 'stack.lock')
  const holder = readState(file) as { pid?: number; startedAt?: string } | undefined
  // A killed stack leaves its lock behind.
  if (holder?.pid !== undefined && holder.pid !== process.pid && isRunning(holder.pid, holder.startedAt)) {
    throw new InUse(
      `The data folder ${directory} is in use by the stack with process id ${holder.pid}: stop it, or name another folder.`,
    )
  }
  writeState(file, { pid: process.pid, startedAt: factsOf(process.pid)?.startedAt })
  return { release: () => rmSync(file, { force: true }) }
}

/** Folder by folder: Node's own `recursive` never returns where the system takes no new folder, as in `/proc`. */
function makeFolder(directory: string): void {
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory()) return
  const parent = dirname(directory)
  if (!existsSync(parent)) makeFolder(parent)
  mkdirSync(directory, { mode: 0o700 })
}
