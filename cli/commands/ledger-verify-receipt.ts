/** `latchkey ledger verify-receipt FILE`: checks a receipt, offline. */
import { parseReceipt, verifyReceipt } from '#shared/ledger/receipt.ts'
import { readArguments } from '../arguments.ts'
import { keysIn, readKeys } from '../export-files.ts'
import { readText } from '../line-files.ts'
import { timelineOf } from '../timeline.ts'
import { unreadable } from '../verdict.ts'

function check(path: string, keyPath: string | undefined): void {
  const receipt = parseReceipt(readText(path))
  const keys = keyPath === undefined ? keysIn(receipt.publicKey, path) : readKeys(keyPath)
  const entry = verifyReceipt(receipt, keys)
  const { number, at } = receipt.checkpoint
  const sealed = `${entry.chain} seq ${entry.seq} is sealed by checkpoint ${number} of ${new Date(at).toISOString()}.`
  process.stdout.write(`${timelineOf(entry)}\n${sealed}\n`)
  if (keyPath === undefined)
    process.stdout.write('The key came with the receipt; --public-key takes one from outside.\n')
}

/**
 * Exit codes as of `ledger verify`.
 * @throws Problem, Tampered, Unusable
 */
export function verifyReceiptCommand(args: readonly string[]): void {
  const { words, options } = readArguments(args, ['FILE'], { 'public-key': { type: 'string' } })
  try {
    check(words[0], options['public-key'])
  } catch (error) {
    throw unreadable(error)
  }
}
