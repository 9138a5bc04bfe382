import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // They need a browser: npm run test:e2e.
    exclude: ['test/e2e/**'],
    // Each file has a stack of its own, which moves its process's clock and environment.
    pool: 'forks',
    setupFiles: ['test/support/quiet.ts'],
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    silent: 'passed-only',
    reporters: process.env['CI']
      ? ['default', ['json', { outputFile: 'test-results/all.json' }]]
      : ['default'],
  },
})
