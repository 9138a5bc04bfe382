/** How fast an export verifies, and in how much memory: the command `latchkey ledger verify`. */
import { verifyCommand } from '../../cli/commands/ledger-verify.ts'
import { type ExportSize, writeExport } from '../ledger-export.ts'
import { answerWith } from './ask.ts'
import { cpuOf } from './cpu-time.ts'

export interface VerifyInput {
  /** Of the export. */
  readonly folder: string
  readonly size: ExportSize
}
export interface VerifyResult {
  readonly cpuMs: number
  readonly wallMs: number
  /** Most memory that the process ever held. */
  readonly peakMb: number
}

const write = ({ folder, size }: VerifyInput) => writeExport(folder, size)

async function measure({ folder }: VerifyInput): Promise<VerifyResult> {
  const start = performance.now()
  const cpuMs = await cpuOf(async () => verifyCommand({ words: [folder], options: {}, json: false }))
  const peakMb = process.resourceUsage().maxRSS / 1024
  return { cpuMs, wallMs: performance.now() - start, peakMb }
}

answerWith({ write, measure })
