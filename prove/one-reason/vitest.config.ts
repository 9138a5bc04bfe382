/** The tests of the functions, told of one refused condition of a transaction alone. */
import { defineConfig } from 'vitest/config'
import usual from '../../vitest.config.ts'

export default defineConfig({
  root: new URL('../..', import.meta.url).pathname,
  test: {
    ...usual.test,
    include: ['guarantees', 'flows', 'workers'].map((folder) => `test/${folder}/**/*.test.ts`),
    setupFiles: ['test/support/quiet.ts', 'test/support/one-reason.ts'],
    // A machine that is busy with more than this is no reason to fail.
    testTimeout: 180_000,
  },
})
