import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Each file has a stack of its own, which moves its process's clock and environment.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // The functions log a line a request; a test that cares reads it itself.
    silent: 'passed-only',
    reporters: process.env['CI']
      ? ['default', ['json', { outputFile: 'test-results/all.json' }]]
      : ['default'],
  },
})
