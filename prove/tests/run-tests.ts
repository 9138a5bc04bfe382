/** Runs tests of `npm test` whole, where that takes a part of long tables (test/support/whole.ts), and reads vitest's report. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..', '..')

interface TestFile {
  readonly name: string
  readonly message: string
  readonly assertionResults: readonly { readonly title: string; readonly status: string }[]
}

export interface Report {
  readonly passed: number
  readonly tests: readonly TestFile[]
}

interface Given {
  /** In place of the usual one. */
  readonly config?: string
  readonly env?: Readonly<Record<string, string>>
}

/** @param filter parts of the paths of the files to run; none for all */
export async function runTests(filter: readonly string[], { config, env }: Given = {}): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-tests-'))
  try {
    const output = join(folder, 'report.json')
    const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
    const configured = config === undefined ? [] : ['-c', config]
    const args = [vitest, 'run', ...configured, ...filter, '--reporter=json', `--outputFile=${output}`]
    const whole = { ...process.env, ...env, WHOLE_TESTS: 'yes' }
    const child = spawn(process.execPath, args, { cwd: root, env: whole, stdio: 'ignore' })
    await once(child, 'exit')
    const { numPassedTests, testResults } = JSON.parse(readFileSync(output, 'utf8'))
    return { passed: numPassedTests, tests: testResults }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Titles of tests that failed, and files that could not be run. */
export const failedIn = (tests: readonly TestFile[]): string[] =>
  tests.flatMap(({ name, message, assertionResults }) => {
    const failed = assertionResults.filter(({ status }) => status === 'failed').map(({ title }) => title)
    return assertionResults.length === 0 ? [`${name}: ${message}`] : failed
  })
