import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { SharingFirst } from './test/support/sharing-first.ts'

// The files share one compilation of the dependencies, and so do the processes that they start, wherever those run.
process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(new URL('node_modules/.cache/compile', import.meta.url))
// Which part of long tables is run: another one each day (test/support/whole.ts, ADR 0095).
process.env['SAMPLE_SEED'] ??= String(Math.floor(Date.now() / 86_400_000))

/** They put a module of the product's dependencies out of its place, before anything else has loaded it. */
const alone = ['test/unit/crypto/seal.test.ts']

const fromHere = (path: string) => new URL(path, import.meta.url).pathname
const setup = (...names: string[]) => names.map((name) => `test/support/${name}.ts`)

export default defineConfig({
  resolve: {
    alias: {
      // As package.json exports them, without a build.
      'latchkey/client': fromHere('web/client.ts'),
      'latchkey/guard': fromHere('guard/guard.ts'),
      // Examples import it; nothing of ours has it.
      express: fromHere('test/examples/express-stand-in.ts'),
    },
  },
  test: {
    // A stack moves its process's clock and environment: a process has one at a time.
    pool: 'forks',
    setupFiles: setup('quiet', 'no-back-off'),
    sequence: { sequencer: SharingFirst },
    // Tests of faults wait for the SDK's own retries: one more than the processors keeps those busy.
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    silent: 'passed-only',
    reporters: process.env['CI']
      ? ['default', ['json', { outputFile: 'test-results/all.json' }]]
      : ['default'],
    projects: [
      {
        extends: true,
        test: {
          name: 'all',
          setupFiles: setup('quick-hashes', 'begin-file'),
          include: ['test/**/*.test.ts'],
          // Those of a browser: npm run test:e2e.
          exclude: ['test/e2e/**', ...alone],
          // The product is loaded once a worker, not once a file: what it makes of an environment goes with that (ADR 0073).
          isolate: false,
        },
      },
      { extends: true, test: { name: 'alone', include: alone } },
    ],
  },
})
