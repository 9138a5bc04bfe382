import { expect, test } from 'vitest'
import { judge } from '../../prove/soak/judge.ts'
import { runSoak } from '../../prove/soak/run.ts'
import { missingCommands } from '../verifier/verifiers.ts'

/** The short form of `npm run prove -- soak`: a few dozen events, more trouble for each. */
const events = 80

test.skipIf(missingCommands().length > 0)(
  'each event becomes one entry, though calls fail and workers are killed, doubled and given up',
  async () => {
    const options = {
      events,
      paths: {
        'append-ledger': 'functions/workers/append-ledger.ts',
        'seal-ledger': 'functions/workers/seal-ledger.ts',
      },
      deathsPerCall: 0.002,
      deathsPerRun: 0.05,
      faultEveryMs: 50,
      sealEveryMs: 1000,
      leftOverAfterMs: 1500,
      report: () => undefined,
    }
    const { soaked, found } = await runSoak(options, async (soaked) => ({
      soaked,
      found: await judge(soaked.events),
    }))
    const { first, second, bucket, entries, ...faults } = found
    const none = { missing: 0, double: 0, surplus: 0, outOfOrder: 0, miscounted: 0, codesMiscounted: 0 }
    expect(faults).toEqual({ ...none, outboxLeft: 0 })
    expect(entries).toBe(events)
    expect([first, second, bucket]).toMatchObject([{ code: 0 }, { code: 0 }, { code: 0 }])
    expect(soaked.faults).toBeGreaterThan(0)
    expect(soaked.tally.handed).toBeGreaterThanOrEqual(80)
  },
  240_000,
)
