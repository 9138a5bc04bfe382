/** `latchkey ledger verify DIR`: checks an export, offline. */
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { type Counts, verifyExport } from '#shared/ledger/verify.ts'
import { readArguments } from '../arguments.ts'
import { exportFiles, readKeys, readWitnessed } from '../export-files.ts'
import { LineSorter, readLines } from '../line-files.ts'
import { showProgress } from '../progress.ts'
import { verdictOf } from '../verdict.ts'

const number = (value: number) => value.toLocaleString('en')

function reportOf(counts: Counts, ownKey: boolean): string {
  const { entries, chains, checkpoints, leaves, uncovered } = counts
  const lines = [
    `The ledger verifies: ${number(entries)} entries in ${number(chains)} chains, ${number(checkpoints)} checkpoints with ${number(leaves)} leaves.`,
    `${number(uncovered)} entries are newer than the last checkpoint of their chain and covered by none yet.`,
  ]
  if (ownKey) lines.push('The key came with the export; --public-key takes one from outside.')
  return lines.join('\n')
}

function check(folder: string, options: { 'public-key'?: string; checkpoint?: string }): Counts {
  const files = exportFiles(folder)
  const sorter = new LineSorter(tmpdir())
  const progress = showProgress('entries')
  try {
    const given = options['public-key']
    const ownKeys = given === undefined || existsSync(files.publicKey) ? readKeys(files.publicKey) : []
    const input = {
      entries: readLines(files.entries),
      checkpoints: readLines(files.checkpoints),
      keys: given === undefined ? ownKeys : readKeys(given),
      ownKeys,
      witnessed: options.checkpoint === undefined ? [] : readWitnessed(options.checkpoint),
    }
    return verifyExport(input, sorter, progress.update)
  } finally {
    progress.end()
    sorter.close()
  }
}

/**
 * Exit codes: 0 all is as it was sealed; 1 something is not, and is named; 2 there is nothing to verify.
 * @throws Problem
 */
export function verifyCommand(args: readonly string[]): void {
  const { words, options } = readArguments(args, ['DIR'], {
    'public-key': { type: 'string' },
    checkpoint: { type: 'string' },
  })
  try {
    process.stdout.write(`${reportOf(check(words[0], options), options['public-key'] === undefined)}\n`)
  } catch (error) {
    throw verdictOf(error)
  }
}
