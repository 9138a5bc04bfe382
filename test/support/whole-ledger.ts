/** The whole ledger of a running stack, exported and verified as an auditor does it. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { latchkey } from '#test/ledger/command-line.ts'
import type { World } from './world.ts'

export interface Verified {
  readonly ok: boolean
  /** What the verifier said. */
  readonly said: string
}

/** Seals what is there, exports it and verifies the export. The workers must be idle. */
export async function verifyWholeLedger(world: World): Promise<Verified> {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-export-'))
  const port = new URL(world.url).port
  try {
    for (const words of [
      ['ledger', 'seal', '--local', port],
      ['ledger', 'export', folder, '--local', port],
      ['ledger', 'verify', folder],
    ]) {
      const { code, stdout, stderr } = await latchkey(words)
      if (code !== 0) return { ok: false, said: `${words.join(' ')}: ${stdout}${stderr}` }
      if (words[1] === 'verify') return { ok: true, said: stdout.trim() }
    }
    throw new Error('The ledger was not verified')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
