/** `latchkey ledger verify DIR`: checks an export, offline. */
import type { Counts } from '#shared/ledger/verify.ts'
import type { Given } from '../arguments.ts'
import { print } from '../output.ts'
import { unreadable } from '../verdict.ts'
import { verifyFolder } from '../verify-folder.ts'

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

/**
 * Exit codes: 0 all is as it was sealed; 1 something is not, and is named; 2 there is nothing to verify.
 * @throws Problem, Tampered, Unusable
 */
export function verifyCommand({ words, options, json }: Given<'ledger verify'>): void {
  const publicKey = options['public-key']
  try {
    const counts = verifyFolder(words[0], { checkpoint: options.checkpoint, publicKey })
    const ownKey = publicKey === undefined
    print(json, { ...counts, ownKey }, () => `${reportOf(counts, ownKey)}\n`)
  } catch (error) {
    throw unreadable(error)
  }
}
