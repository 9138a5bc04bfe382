/** The tests that judge mutants. Stryker runs them in a copy of the project, where this file lies in the same place. */
import { defineConfig } from 'vitest/config'
import { type Group, root, testsOf } from './targets.ts'

export default defineConfig({
  root,
  test: {
    include: testsOf(process.env['MUTATED_GROUP'] as Group),
    setupFiles: ['test/support/quiet.ts', 'prove/mutation/seed.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
