/** Runs named tests of a checkout, and tells what became of each. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestName } from './attack.ts'

/** `broken`: it did not run, or failed for another reason than what it demands. */
export type Outcome = 'passed' | 'failed' | 'broken'

interface Report {
  readonly testResults: readonly {
    readonly name: string
    readonly assertionResults: readonly {
      readonly title: string
      readonly status: string
      readonly failureMessages: readonly string[]
    }[]
  }[]
}

const escaped = (text: string) => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')

/** Matches a test by its title; what `test.each` puts in place of `%s` or `$name` may be anything. */
export const patternOf = ({ title }: TestName): string =>
  title
    .split(/%s|\$[a-zA-Z]+/)
    .map(escaped)
    .join('.*')

const isDefect = (message: string) => /^(TypeError|SyntaxError|ReferenceError)/.test(message)

function outcomeOf(report: Report, test: TestName): Outcome {
  const pattern = new RegExp(`^${patternOf(test)}$`)
  const found = report.testResults
    .filter(({ name }) => name.endsWith(test.file))
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ title, status }) => pattern.test(title) && status !== 'skipped')
  if (found.length === 0 || found.some(({ failureMessages }) => failureMessages.some(isDefect)))
    return 'broken'
  return found.some(({ status }) => status === 'failed') ? 'failed' : 'passed'
}

/** Runs tests in a folder, in one process of vitest. @returns the outcome of each, in their order */
export async function runTests(folder: string, tests: readonly TestName[]): Promise<Outcome[]> {
  const output = join(folder, 'test-results.json')
  const vitest = join(folder, 'node_modules', 'vitest', 'vitest.mjs')
  const paths = [...new Set(tests.map(({ file }) => file))]
  const pattern = tests.map((test) => `(${patternOf(test)})`).join('|')
  const args = [vitest, 'run', ...paths, '-t', pattern, '--reporter=json', `--outputFile=${output}`]
  const env = { ...process.env, WHOLE_TESTS: 'yes' }
  const child = spawn(process.execPath, args, { cwd: folder, env, stdio: 'ignore' })
  await once(child, 'exit')
  const report = JSON.parse(readFileSync(output, 'utf8')) as Report
  return tests.map((test) => outcomeOf(report, test))
}
