/** The tests of the functions, told of one refused condition of a transaction alone. */
import { defineConfig } from 'vitest/config'
import usual from '../../vitest.config.ts'

const { projects: _, setupFiles = [], ...shared } = usual.test ?? {}

export default defineConfig({
  root: new URL('../..', import.meta.url).pathname,
  test: {
    ...shared,
    include: ['guarantees', 'flows', 'workers'].map((folder) => `test/${folder}/**/*.test.ts`),
    // Each file in a process of its own: the client is changed once in each.
    setupFiles: [...[setupFiles].flat(), 'test/support/one-reason.ts'],
    // A machine that is busy with more than this is no reason to fail.
    testTimeout: 180_000,
  },
})
