/**
 * Tells when npm, which started this process, is gone: a signal that it cannot pass on must not leave a stack behind.
 * SIGINT it does pass on, but to its shell, which keeps it to itself: so the scripts in package.json begin with `exec`. The
 * shell of Windows has no such word, and finds `exec.cmd` beside package.json.
 */
import { factsOf, isRunning } from './processes.ts'

const lookEveryMs = 200
const shells = new Set(['sh', 'dash', 'bash', 'ash', 'busybox', 'zsh'])

/** npm starts a shell, which may stay between the two or become this process. */
function ancestors(): { readonly pid: number; readonly startedAt: string | undefined }[] {
  const { ppid } = process
  const parent = factsOf(ppid)
  const pids = parent !== undefined && shells.has(parent.name) ? [ppid, parent.parent] : [ppid]
  return pids.map((pid) => ({ pid, startedAt: factsOf(pid)?.startedAt }))
}

/**
 * Of a process that npm did not start the parent may go: somebody's shell, who wanted it to go on.
 * @param gone called once
 */
export function watchParent(gone: () => void): void {
  if (process.env['npm_lifecycle_event'] === undefined) return
  const { ppid } = process
  const watched = ancestors()
  const timer = setInterval(() => {
    if (process.ppid === ppid && watched.every(({ pid, startedAt }) => isRunning(pid, startedAt))) return
    clearInterval(timer)
    gone()
  }, lookEveryMs)
  timer.unref()
}
