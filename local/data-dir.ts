/** The folder that keeps everything across restarts: made, tried, and held by one stack at a time. */
import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { readState, writeState } from './state-file.ts'

export interface DataDirLock {
  release(): void
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
  if (holder?.pid !== undefined && isRunning(holder.pid, holder.startedAt)) {
    throw new Error(
      `The data folder ${directory} is in use by the stack with process id ${holder.pid}: stop it, or name another folder.`,
    )
  }
  writeState(file, { pid: process.pid, startedAt: startOf(process.pid) })
  return { release: () => rmSync(file, { force: true }) }
}

/** Folder by folder: Node's own `recursive` never returns where the system takes no new folder, as in `/proc`. */
function makeFolder(directory: string): void {
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory()) return
  const parent = dirname(directory)
  if (!existsSync(parent)) makeFolder(parent)
  mkdirSync(directory, { mode: 0o700 })
}

/** A killed stack leaves its lock behind, and its process id may by now be another program's. */
function isRunning(pid: number, startedAt: string | undefined): boolean {
  if (pid === process.pid) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  const startsNow = startOf(pid)
  return startedAt === undefined || startsNow === undefined || startsNow === startedAt
}

/** When a process began, in ticks since boot, and undefined where the system does not tell: proc_pid_stat(5), field 22. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field is the program's name in brackets, which may itself hold spaces.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return undefined
  }
}
