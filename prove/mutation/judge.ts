/** One test file in a process of its own: which mutants its tests meet, and which of them they notice. */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import fc from 'fast-check'
import { loadMutated } from './hooks.ts'
import { root } from './targets.ts'
import type { Test } from './vitest.ts'

/** What the parent sends first. */
export interface Task {
  readonly test: string
  readonly sources: Readonly<Record<string, string>>
  /** Mutants still alive. */
  readonly alive: readonly string[]
}

export type Verdict = 'killed' | 'survived' | 'timeout'
/** What the parent hears: what runs now, and what became of it. */
export type Heard =
  | { readonly met: readonly string[] }
  | { readonly judging: string }
  | { readonly judged: string; readonly verdict: Verdict }
  | { readonly failed: string }

/** The object through which instrumented code and its runner speak. */
interface Switches {
  activeMutant: string | undefined
  currentTestId: string | undefined
  hitCount: number | undefined
  hitLimit: number | undefined
  mutantCoverage: { static: Record<string, number>; perTest: Record<string, Record<string, number>> }
}

const switches: Switches = {
  activeMutant: undefined,
  currentTestId: undefined,
  hitCount: undefined,
  hitLimit: undefined,
  mutantCoverage: { static: {}, perTest: {} },
}
Object.assign(globalThis, { __stryker__: switches })

const say = (heard: Heard) => process.send?.(heard)

/** Ends the process when one mutant takes more processor than any run of all tests: a loop that meets no switch. */
const mostCpuMs = 20_000
const startedAt = new Float64Array(new SharedArrayBuffer(8))
const cpuMs = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
const watchdog = `const { workerData: [startedAt, most] } = require('node:worker_threads')
setInterval(() => {
  const { user, system } = process.cpuUsage()
  if ((user + system) / 1000 - startedAt[0] > most) process.kill(process.pid, 'SIGKILL')
}, 500)`
new Worker(watchdog, { eval: true, workerData: [startedAt, mostCpuMs] }).unref()
/** A test that takes no processor but never ends; loops are ended by their hits. */
const patienceMs = 120_000
/** A mutant that is met far more often than the code it replaces loops. */
const hitsOver = 100

async function inTime(run: () => Promise<void>): Promise<'ended' | 'timeout'> {
  const { promise, resolve } = Promise.withResolvers<'timeout'>()
  const timer = setTimeout(() => resolve('timeout'), patienceMs)
  try {
    return await Promise.race([run().then(() => 'ended' as const), promise])
  } finally {
    clearTimeout(timer)
  }
}

// Random tests draw the same every time, or a mutant lives by luck.
fc.configureGlobal({ seed: 20_261_125 })

const { collect, endTests, prepareTest, runTest } = await import('./vitest.ts')

/** Loads the test file as if for the first time, when `round` is new. */
const load = (test: string, round: string) =>
  collect(() => import(`${pathToFileURL(join(root, test)).href}?${round}`))

/** Runs all tests once with no mutant; notes which meet which mutants, and how often. */
async function cover(tests: readonly Test[]): Promise<readonly number[]> {
  const spent: number[] = []
  for (const [place, test] of tests.entries()) {
    // Modules that are loaded here run once, as those of the file do.
    switches.currentTestId = undefined
    await prepareTest(test)
    switches.currentTestId = String(place + 1)
    const from = performance.now()
    await runTest(test)
    spent.push(performance.now() - from)
  }
  switches.currentTestId = undefined
  return spent
}

/** @returns the first verdict that a test gives, the quickest first */
async function judgeBy(tests: readonly Test[]): Promise<Verdict> {
  for (const test of tests) {
    try {
      if ((await inTime(() => runTest(test))) === 'timeout') return 'timeout'
    } catch {
      return (switches.hitCount ?? 0) > (switches.hitLimit ?? Infinity) ? 'timeout' : 'killed'
    }
  }
  return 'survived'
}

function activate(mutant: string | undefined, hits: number): void {
  switches.activeMutant = mutant
  switches.hitCount = mutant === undefined ? undefined : 0
  switches.hitLimit = hits * hitsOver + 10_000
}

async function judgeStatic(task: Task, mutant: string): Promise<Verdict> {
  try {
    const tests = await load(task.test, `m${mutant}`)
    const verdict = await judgeBy(tests)
    await endTests(tests)
    return verdict
  } catch {
    return 'killed'
  }
}

async function judgeAll(task: Task): Promise<void> {
  startedAt[0] = Number.POSITIVE_INFINITY
  const tests = await load(task.test, 'm')
  const spent = await cover(tests)
  const { static: once, perTest } = structuredClone(switches.mutantCoverage)
  const hitsOf = (mutant: string) =>
    Object.values(perTest).reduce((sum, hits) => sum + (hits[mutant] ?? 0), once[mutant] ?? 0)
  const met = task.alive.filter((mutant) => hitsOf(mutant) > 0)
  say({ met })
  const order = [...tests.keys()].sort((a, b) => (spent[a] ?? 0) - (spent[b] ?? 0))
  for (const mutant of met) {
    say({ judging: mutant })
    startedAt[0] = cpuMs()
    activate(mutant, hitsOf(mutant))
    const meeting = order
      .filter((place) => perTest[String(place + 1)]?.[mutant])
      .flatMap((at) => tests[at] ?? [])
    const verdict = once[mutant] ? await judgeStatic(task, mutant) : await judgeBy(meeting)
    activate(undefined, 0)
    say({ judged: mutant, verdict })
  }
  startedAt[0] = Number.POSITIVE_INFINITY
  await endTests(tests)
}

process.once('message', (task: Task) => {
  loadMutated(task.sources)
  judgeAll(task).then(
    () => process.exit(0),
    (error: unknown) => {
      say({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) })
      process.exit(1)
    },
  )
})
