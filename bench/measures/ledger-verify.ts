/** Writes an export in one process and verifies it in another, whose memory is then the verifier's alone. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ExportSize } from '../ledger-export.ts'
import { startProcess } from '../processes/ask.ts'
import type { VerifyInput, VerifyResult } from '../processes/ledger-verify.ts'

export interface Verified extends VerifyResult {
  readonly entries: number
  readonly leaves: number
}

async function askOne<Value>(
  question: string,
  input: VerifyInput,
  nodeOptions: readonly string[],
): Promise<Value> {
  const asked = startProcess('./ledger-verify.ts', nodeOptions)
  try {
    return await asked.ask<Value>(question, input)
  } finally {
    await asked.close()
  }
}

/** @param nodeOptions of the verifying process */
export async function verifyGenerated(
  size: ExportSize,
  nodeOptions: readonly string[] = [],
): Promise<Verified> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-'))
  try {
    const input = { folder, size }
    const made = await askOne<Pick<Verified, 'entries' | 'leaves'>>('write', input, [])
    return { ...made, ...(await askOne<VerifyResult>('measure', input, nodeOptions)) }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
