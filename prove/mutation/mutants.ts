/** The mutants, made and judged by Stryker with its own runner for vitest. */
import { readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { type Group, root } from './targets.ts'

export type Outcome = 'killed' | 'timeout' | 'survived' | 'no coverage'

export interface Judged {
  readonly group: Group
  readonly file: string
  readonly line: number
  readonly mutator: string
  readonly original: string
  readonly replacement: string
  readonly outcome: Outcome
}

interface Position {
  readonly line: number
  readonly column: number
}

interface Result {
  readonly fileName: string
  readonly mutatorName: string
  readonly replacement?: string
  /** Lines and columns begin with 1. */
  readonly location: { readonly start: Position; readonly end: Position }
  readonly status: string
  readonly statusReason?: string
}

/** A mutant that ends the tests before they judge it is noticed; all else is not. */
const outcomes: Readonly<Record<string, Outcome>> = {
  Killed: 'killed',
  RuntimeError: 'killed',
  Timeout: 'timeout',
  Survived: 'survived',
  NoCoverage: 'no coverage',
}

interface Stryker {
  runMutationTest(): Promise<readonly Result[]>
}

/** Installed beside this file only, so the compiler does not know it. */
async function newStryker(options: Readonly<Record<string, unknown>>): Promise<Stryker> {
  const name = '@stryker-mutator/core'
  const module = (await import(name)) as { Stryker: new (options: object) => Stryker }
  return new module.Stryker(options)
}

function textAt(source: string, { start, end }: Result['location']): string {
  const lines = source.split('\n').slice(start.line - 1, end.line)
  lines.push((lines.pop() ?? '').slice(0, end.column - 1))
  lines[0] = (lines[0] ?? '').slice(start.column - 1)
  return lines.join('\n')
}

/** One line, so that lists and reports can show it. */
const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim()

/**
 * @param files from the root, all of one group
 * @param concurrency processes that run tests side by side
 * @throws Error where the tests fail without any mutant, or a mutant cannot be judged
 */
export async function judgeMutants(
  group: Group,
  files: readonly string[],
  concurrency: number,
): Promise<Judged[]> {
  // For `vitest.config.ts`, which the processes of Stryker read.
  process.env['MUTATED_GROUP'] = group
  const stryker = await newStryker({
    mutate: files,
    concurrency,
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner'],
    vitest: { configFile: 'prove/mutation/vitest.config.ts' },
    coverageAnalysis: 'perTest',
    // All tests once, each by itself: minutes, and many where the machine has other work.
    dryRunTimeoutMinutes: 30,
    reporters: ['progress-append-only'],
    logLevel: 'warn',
    allowConsoleColors: false,
    tempDirName: '.stryker-tmp',
    ignorePatterns: ['/.data', '/cdk.out', '/dist', '/web/dist', '/test-results'],
    // The compiler has nothing to say here, and TypeScript 7 is not the one that Stryker asks about `tsconfig.json`.
    disableTypeChecks: false,
    tsconfigFile: 'none',
  })
  return (await stryker.runMutationTest()).map((result) => {
    const { fileName, mutatorName, replacement = '', location, status } = result
    const file = relative(root, resolve(root, fileName))
    const outcome = outcomes[status]
    if (outcome === undefined)
      throw new Error(`${fileName}, line ${location.start.line}: ${status} ${result.statusReason ?? ''}`)
    return {
      group,
      file,
      line: location.start.line,
      mutator: mutatorName,
      original: oneLine(textAt(readFileSync(join(root, file), 'utf8'), location)),
      replacement: oneLine(replacement),
      outcome,
    }
  })
}
