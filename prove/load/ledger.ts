/** The ledger of a running local stack, by the product's own command line. */
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Entry } from '#shared/ledger/entry.ts'

const program = fileURLToPath(new URL('../../cli/latchkey.js', import.meta.url))
const run = (...args: string[]) => promisify(execFile)(process.execPath, [program, 'ledger', ...args])

/** Seals, exports and verifies. @throws Error where the verifier finds anything */
export async function exportLedger(
  port: string,
): Promise<{ readonly entries: readonly Entry[]; readonly said: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-load-'))
  try {
    await run('seal', '--local', port)
    await run('export', folder, '--local', port)
    const { stdout, stderr } = await run('verify', folder)
    const lines = readFileSync(join(folder, 'entries.ndjson'), 'utf8').split('\n')
    const entries = lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Entry)
    return { entries, said: (stdout || stderr).trim().split('\n')[0] ?? '' }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
