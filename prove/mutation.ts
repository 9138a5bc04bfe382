/** Mutation testing: whether the quick tests notice when a rule is changed. */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { type Measured, measured } from '../bench/figures.ts'
import { accepted } from './mutation/accepted.ts'
import { type Judged, judgeMutants } from './mutation/mutants.ts'
import { type Group, groupNames, mutatedFiles } from './mutation/targets.ts'
import { type Proof, wholeNumber } from './proof.ts'

const folder = join(import.meta.dirname, 'mutation')

/** @throws Error where it cannot be had */
function install(report: (line: string) => void): void {
  if (existsSync(join(folder, 'node_modules', '@stryker-mutator', 'vitest-runner'))) return
  report('installing the mutation tester into prove/mutation ...')
  execFileSync('npm', ['ci', '--prefix', folder, '--ignore-scripts'], { cwd: folder, stdio: 'ignore' })
}

/** @throws Error where `only` is neither a group nor a mutated file */
function filesOf(only: string | undefined): Map<Group, string[]> {
  const wanted = [...mutatedFiles()].filter(
    ([file, group]) => only === undefined || only === group || only === file,
  )
  if (wanted.length === 0)
    throw new Error(`--only must be a file that is mutated, or one of ${groupNames.join(', ')}`)
  const files = new Map<Group, string[]>()
  for (const [file, group] of wanted) files.set(group, [...(files.get(group) ?? []), file])
  return files
}

const isAlive = ({ outcome }: Judged) => outcome === 'survived' || outcome === 'no coverage'
const nameOf = ({ file, mutator, original, replacement }: Judged) =>
  `${file}: ${mutator}: ${original} => ${replacement}`

function* scores(judged: readonly Judged[]): Generator<Measured> {
  const scoreOf = (some: readonly Judged[]) =>
    (100 * some.filter((each) => !isAlive(each)).length) / some.length
  yield measured('mutation.score', scoreOf(judged), '%', { least: 90 }, `${judged.length} mutants`)
  for (const group of groupNames) {
    const own = judged.filter((each) => each.group === group)
    if (own.length > 0) yield measured(`mutation.${group}`, scoreOf(own), '%', {}, `${own.length} mutants`)
  }
  for (const outcome of ['killed', 'timeout', 'survived', 'no coverage'] as const) {
    const count = judged.filter((each) => each.outcome === outcome).length
    yield measured(`mutation.${outcome.replace(' ', '_')}`, count, '')
  }
}

const explainedNames = new Set(accepted.flatMap(({ mutants }) => mutants))
const unexplained = (judged: readonly Judged[]) =>
  judged.filter((each) => isAlive(each) && !explainedNames.has(nameOf(each)))

/** Survivors that nobody explained, and explanations of what does not survive. */
function* explained(
  judged: readonly Judged[],
  whole: boolean,
  report: (line: string) => void,
): Generator<Measured> {
  yield measured('mutation.unexplained', unexplained(judged).length, '', { most: 0 })
  if (!whole) return
  const names = new Set(judged.filter(isAlive).map(nameOf))
  const idle = [...explainedNames].filter((name) => !names.has(name))
  for (const name of idle) report(`explained, but not alive: ${name}`)
  yield measured('mutation.idle_explanations', idle.length, '', { most: 0 })
}

export const proof: Proof = {
  about: 'Mutants of the domain, limiter, sealing, ledger and contract code, against the quick tests.',
  options: { only: { type: 'string' }, concurrency: { type: 'string' } },
  async *run(values, report) {
    const only = typeof values['only'] === 'string' ? values['only'] : undefined
    const files = filesOf(only)
    const concurrency = wholeNumber(values, 'concurrency', availableParallelism(), { least: 1, most: 64 })
    install(report)
    const judged: Judged[] = []
    for (const [group, own] of files) {
      report(`${group}: ${own.length} files`)
      const some = await judgeMutants(group, own, concurrency)
      for (const each of unexplained(some)) report(`${each.outcome}, line ${each.line}: ${nameOf(each)}`)
      judged.push(...some)
    }
    yield* scores(judged)
    yield* explained(judged, only === undefined, report)
  },
}
