/** What the system tells of other processes: proc_pid_stat(5), and nothing where there is none. */
import { readFileSync } from 'node:fs'

interface Facts {
  readonly name: string
  /** `Z` and `X`: dead, and only not yet forgotten. */
  readonly state: string | undefined
  readonly parent: number
  /** When it began, in ticks since boot. */
  readonly startedAt: string | undefined
}

export function factsOf(pid: number): Facts | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field is the program's name in brackets, which may itself hold spaces and brackets.
    const end = stat.lastIndexOf(')')
    const fields = stat.slice(end + 2).split(' ')
    const name = stat.slice(stat.indexOf('(') + 1, end)
    return { name, state: fields[0], parent: Number(fields[1]), startedAt: fields[19] }
  } catch {
    return undefined
  }
}

/** @param startedAt of the process that is meant: its id may by now be another's */
export function isRunning(pid: number, startedAt?: string): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  const facts = factsOf(pid)
  if (facts === undefined) return true
  const isDead = facts.state === 'Z' || facts.state === 'X'
  return !isDead && (startedAt === undefined || startedAt === facts.startedAt)
}
