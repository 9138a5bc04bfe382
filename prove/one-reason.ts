/** DynamoDB need not name every refused condition of a transaction: the tests hold when it names the first or the last alone. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { measured } from '../bench/figures.ts'
import type { Proof } from './proof.ts'

const root = join(import.meta.dirname, '..')
const config = 'prove/one-reason/vitest.config.ts'

/**
 * Tests that demand which of several refusals is told, and why that may be another one here. A new code is refused for the
 * freeze, for the wait between two or for the hour's budget; each is true, and none tells who is meant.
 */
const otherRefusal = [
  'is refused in every flow that takes the same identifier, and a token from before still works',
  'the hundredth failed guess freezes request, verify and reset for a day, known or not',
  ...['requestPasswordReset', 'forgotPassword', 'requestPinReset', 'resendPasswordResetOtp'].map(
    (route) => `${route} answers TRIES_EXHAUSTED: frozen`,
  ),
]

interface Report {
  readonly numPassedTests: number
  readonly testResults: readonly {
    readonly name: string
    readonly message: string
    readonly assertionResults: readonly { readonly title: string; readonly status: string }[]
  }[]
}

/** Runs the tests of one folder or of all. @returns the report of vitest */
async function runNaming(which: 'first' | 'last', filter: readonly string[]): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-one-reason-'))
  try {
    const output = join(folder, 'report.json')
    const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
    const args = [vitest, 'run', '-c', config, ...filter, '--reporter=json', `--outputFile=${output}`]
    const env = { ...process.env, NAMED_REASON: which }
    const child = spawn(process.execPath, args, { cwd: root, env, stdio: 'ignore' })
    await once(child, 'exit')
    return JSON.parse(readFileSync(output, 'utf8')) as Report
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Titles of tests that failed, and files that could not be run. */
const failedIn = ({ testResults }: Report): string[] =>
  testResults.flatMap(({ name, message, assertionResults }) => {
    const failed = assertionResults.filter(({ status }) => status === 'failed').map(({ title }) => title)
    return assertionResults.length === 0 ? [`${name}: ${message}`] : failed
  })

export const proof: Proof = {
  about: 'Tests of guarantees, flows and workers hold while DynamoDB names one refused condition alone.',
  options: { only: { type: 'string' } },
  async *run({ only }, report) {
    const filter = typeof only === 'string' ? [only] : []
    for (const which of ['first', 'last'] as const) {
      const result = await runNaming(which, filter)
      const failed = failedIn(result).filter((title) => !otherRefusal.includes(title))
      for (const title of failed) report(`${which} refusal named: ${title}`)
      yield measured(`one_reason.${which}.passed`, result.numPassedTests, 'tests', { least: 1 })
      yield measured(`one_reason.${which}.failed`, failed.length, 'tests', { most: 0 })
    }
  },
}
