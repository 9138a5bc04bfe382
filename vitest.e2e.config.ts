/** The pages in a real browser: `vitest run -c vitest.e2e.config.ts`. Chromium is found as CHROMIUM, or where Debian puts it. */
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/e2e/**/*.test.ts'],
    globalSetup: ['test/e2e/support/build.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 60_000,
    silent: 'passed-only',
    reporters: process.env['CI']
      ? ['default', ['json', { outputFile: 'test-results/e2e.json' }]]
      : ['default'],
  },
})
