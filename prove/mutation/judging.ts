/** Puts all mutants before all tests: a process for each test file, one more when a mutant hangs one. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Heard, Task, Verdict } from './judge.ts'
import type { Mutants } from './mutants.ts'
import { lanes, root } from './targets.ts'

export type Outcome = Verdict | 'no coverage'

interface Seen {
  readonly met: Set<string>
  readonly outcomes: Map<string, Verdict>
}

const isDead = (verdict: Verdict | undefined) => verdict === 'killed' || verdict === 'timeout'

/** @returns the mutant that hung the process, if one did. @throws Error where the tests fail without any mutant */
async function judgeOnce(task: Task, seen: Seen): Promise<string | undefined> {
  const file = join(import.meta.dirname, 'judge.ts')
  const child = fork(file, { cwd: root, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
  let current: string | undefined
  let problem = ''
  child.stderr?.on('data', (text: Buffer) => {
    problem = (problem + text.toString()).slice(-2000)
  })
  child.on('message', (heard: Heard) => {
    if ('met' in heard) for (const mutant of heard.met) seen.met.add(mutant)
    else if ('judging' in heard) current = heard.judging
    else if ('failed' in heard) problem = heard.failed
    else {
      seen.outcomes.set(heard.judged, heard.verdict)
      current = undefined
    }
  })
  child.send(task)
  const [code] = await once(child, 'exit')
  if (code === 0) return undefined
  if (current === undefined) throw new Error(`${task.test} fails without any mutant: ${problem}`)
  return current
}

/** @param wanted ids of the mutants to judge */
export async function judge(
  { sources }: Pick<Mutants, 'sources'>,
  wanted: readonly string[],
  report: (line: string) => void,
): Promise<ReadonlyMap<string, Outcome>> {
  const seen: Seen = { met: new Set(), outcomes: new Map() }
  const alive = () => wanted.filter((id) => !isDead(seen.outcomes.get(id)))
  const judgeTest = async (test: string) => {
    for (;;) {
      const hung = await judgeOnce({ test, sources, alive: alive() }, seen)
      if (hung === undefined) break
      seen.outcomes.set(hung, 'timeout')
    }
    report(`${test}: ${alive().length} alive`)
  }
  await Promise.all(
    lanes.map(async (tests) => {
      for (const test of tests) await judgeTest(test)
    }),
  )
  const outcomeOf = (id: string) => (seen.met.has(id) ? (seen.outcomes.get(id) ?? 'survived') : 'no coverage')
  return new Map(wanted.map((id) => [id, outcomeOf(id)]))
}
