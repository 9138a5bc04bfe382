/** All tests of `npm test`, whole: every row of the tables it takes a part of, and races as large as they were thought. */
import { measured } from '../bench/figures.ts'
import type { Proof } from './proof.ts'
import { failedIn, runTests } from './tests/run-tests.ts'

export const proof: Proof = {
  about: 'All tests, with every row of the tables that `npm test` takes a part of, and with large races.',
  options: { only: { type: 'string' } },
  async *run({ only }, report) {
    const { passed, tests } = await runTests(typeof only === 'string' ? [only] : [])
    const failed = failedIn(tests)
    for (const title of failed) report(title)
    yield measured('whole_tests.passed', passed, 'tests', { least: 1 })
    yield measured('whole_tests.failed', failed.length, 'tests', { most: 0 })
  },
}
