import { defineConfig } from 'vitest/config'

// The files share one compilation of the dependencies.
process.env['NODE_COMPILE_CACHE'] ??= 'node_modules/.cache/compile'

export default defineConfig({
  // As package.json exports it, without a build.
  resolve: { alias: { 'latchkey/guard': new URL('guard/guard.ts', import.meta.url).pathname } },
  test: {
    include: ['test/**/*.test.ts'],
    // They need a browser: npm run test:e2e.
    exclude: ['test/e2e/**'],
    // Each file has a stack of its own, which moves its process's clock and environment.
    pool: 'forks',
    setupFiles: ['test/support/quiet.ts'],
    // Tests of faults wait for the SDK's own retries: one more than the processors keeps those busy.
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    silent: 'passed-only',
    reporters: process.env['CI']
      ? ['default', ['json', { outputFile: 'test-results/all.json' }]]
      : ['default'],
  },
})
