/** [ledger_append_per_second, ledger_verify_per_second] */
import { type Measured, measured } from '../figures.ts'
import { measureIn } from '../processes/ask.ts'
import type { AppendInput, AppendRates } from '../processes/ledger-append.ts'
import { verifyGenerated } from './ledger-verify.ts'
import type { Setting } from './measure.ts'

const appendSize = { warmUp: 10, batches: 40 }
const quickAppendSize = { warmUp: 1, batches: 2 }
/** 300,000 entries. */
const verifySize = { checkpoints: 120, recoveriesPerCheckpoint: 500 }
const quickVerifySize = { checkpoints: 2, recoveriesPerCheckpoint: 50 }

export async function* measureLedger({ pathOf, quick, wants }: Setting): AsyncGenerator<Measured> {
  if (wants('ledger_append_per_second')) {
    const input: AppendInput = {
      paths: { 'append-ledger': pathOf('append-ledger') },
      ...(quick ? quickAppendSize : appendSize),
    }
    const { oneChain, manyChains } = await measureIn<AppendRates>('./ledger-append.ts', input)
    const remark = `full batches of one chain; with every event of another chain ${manyChains.toFixed(0)} /s`
    yield measured('ledger_append_per_second', oneChain, '/s', {}, remark)
  }
  if (wants('ledger_verify_per_second')) {
    const { entries, leaves, cpuMs, wallMs } = await verifyGenerated(quick ? quickVerifySize : verifySize)
    const remark = `${entries} entries, ${leaves} leaves, ${cpuMs.toFixed(0)} ms of CPU, ${wallMs.toFixed(0)} ms on the clock`
    yield measured('ledger_verify_per_second', entries / (cpuMs / 1000), '/s', { least: 100_000 }, remark)
  }
}
