/** Verifying streams: a ledger of millions of entries takes no more memory than one of a fifth of it. */
import { measured } from '../bench/figures.ts'
import { verifyGenerated } from '../bench/measures/ledger-verify.ts'
import { type Proof, wholeNumber } from './proof.ts'

const recoveriesPerCheckpoint = 1000
/** Of one checkpoint. */
const entriesOf = 5 * recoveriesPerCheckpoint
const mostMb = 400
/** Without an end to its heap V8 takes what the machine has before it clears up: that is no need of the verifier's. */
const heap = ['--max-old-space-size=64']
const mostGrowth = 1.5

export const proof: Proof = {
  about:
    '"latchkey ledger verify" needs little memory however large the ledger is, and 100,000 entries take a second.',
  options: { entries: { type: 'string' } },
  async *run(values, report) {
    const entries = wholeNumber(values, 'entries', 10_000_000, { least: 2_000_000, most: 1_000_000_000 })
    const checkpoints = Math.ceil(entries / entriesOf)
    const peaks: number[] = []
    for (const size of [Math.ceil(checkpoints / 5), checkpoints]) {
      report(`writing and verifying ${size * entriesOf} entries ...`)
      const done = await verifyGenerated({ checkpoints: size, recoveriesPerCheckpoint }, heap)
      const remark = `${done.entries} entries, ${done.leaves} leaves, ${size} checkpoints; ${(done.wallMs / 1000).toFixed(0)} s on the clock`
      peaks.push(done.peakMb)
      yield measured(`verify_peak_mb.${done.entries}`, done.peakMb, 'MB', { most: mostMb }, remark)
      const rate = done.entries / (done.cpuMs / 1000)
      yield measured(`verify_per_second.${done.entries}`, rate, '/s', { least: 100_000 }, 'per second of CPU')
    }
    const [small = Number.NaN, large = Number.NaN] = peaks
    yield measured(
      'verify_peak_growth',
      large / small,
      'times',
      { most: mostGrowth },
      'for five times the entries',
    )
  },
}
