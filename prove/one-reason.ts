/** DynamoDB need not name every refused condition of a transaction: the tests hold when it names the first or the last alone. */
import { measured } from '../bench/figures.ts'
import type { Proof } from './proof.ts'
import { failedIn, runTests } from './tests/run-tests.ts'

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

export const proof: Proof = {
  about: 'Tests of guarantees, flows and workers hold while DynamoDB names one refused condition alone.',
  options: { only: { type: 'string' } },
  async *run({ only }, report) {
    const filter = typeof only === 'string' ? [only] : []
    for (const which of ['first', 'last'] as const) {
      const { passed, tests } = await runTests(filter, { config, env: { NAMED_REASON: which } })
      const failed = failedIn(tests).filter((title) => !otherRefusal.includes(title))
      for (const title of failed) report(`${which} refusal named: ${title}`)
      yield measured(`one_reason.${which}.passed`, passed, 'tests', { least: 1 })
      yield measured(`one_reason.${which}.failed`, failed.length, 'tests', { most: 0 })
    }
  },
}
